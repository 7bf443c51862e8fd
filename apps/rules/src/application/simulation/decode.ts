import type { Envelope, Message, Undecodable } from '@jifen/messaging';
import type { Outcome } from '@jifen/kernel';
import type { RulesItem } from '../cause.ts';

/** What the consumer reads and rates nothing for. */
interface Other {
  readonly kind: 'news';
}

/** How the consumer reads a message. */
export type Decode = (message: Message, envelope: Envelope) => Outcome<RulesItem | Other, Undecodable>;
