import { storableText } from '@jifen/event-store';
import type { FlushOptions, Delivered, Undecodable } from './flush.ts';
import type { Message } from './message.ts';
import { envelopeOf, foreignEnvelopeOf } from './wire.ts';

/** A message read as far as it can be. */
export interface Read<Item> {
  readonly message: Message;
  /** Of its log; undefined when it has none, or none that can be read. */
  readonly sequence: number | undefined;
  readonly content:
    | { readonly ok: true; readonly delivered: Delivered<Item>; readonly key: string }
    | { readonly ok: false; readonly refusal: Undecodable };
}

type ReadOptions<Item> = Pick<FlushOptions<never, Item>, 'decode' | 'sequenced' | 'keyOf'>;

export function readMessage<Item>(options: ReadOptions<Item>, message: Message): Read<Item> {
  const sequenced = options.sequenced ?? true;
  const header = sequenced ? envelopeOf(message) : { ok: true as const, value: foreignEnvelopeOf(message) };
  if (!header.ok) return { message, sequence: undefined, content: header };
  const sequence = sequenced ? header.value.sequence : undefined;
  try {
    const decoded = options.decode(message, header.value);
    if (!decoded.ok) return { message, sequence, content: decoded };
    const delivered = { item: decoded.value, envelope: header.value, message };
    const key = storableText(options.keyOf?.(delivered) ?? message.key);
    return { message, sequence, content: { ok: true, delivered, key } };
  } catch (error) {
    return { message, sequence, content: { ok: false, refusal: { reason: 'undecodable', detail: String(error) } } };
  }
}
