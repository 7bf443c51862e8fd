import {
  validateActivityRecorded,
  validateLedgerEntry,
  validateOrderRecorded,
  validateProgramPublished,
} from '@jifen/contracts';
import type { EventStore } from '@jifen/event-store';
import { accept, instant, refuse, type Outcome } from '@jifen/kernel';
import {
  broken,
  createConsumer,
  contentOf,
  memberContentOf,
  metaOfAnswer,
  TOPIC_OF_LOG,
  UNHURRIED_MILLIS,
  type Consumer,
  type Envelope,
  type Message,
} from '@jifen/messaging';
import type { Origin, Undecodable } from '@jifen/messaging';
import { grantOf, ladderOf, purchaseOf } from '@jifen/tiering';
import type { PoolClient } from 'pg';
import { applyChanges, saveLadders, type PublishedLadder } from '../application/apply-changes.ts';
import type { TieringTables } from '../application/ports.ts';
import type { Change } from '../application/turn.ts';
import type { Queryable } from './queryable.ts';

export type TieringItem =
  | { readonly kind: 'change'; readonly change: Change; readonly origin: Origin | undefined }
  | { readonly kind: 'ladder'; readonly ladder: PublishedLadder }
  | { readonly kind: 'nothing' };

/** The activity that says when a member joined. */
const REGISTERED = 'member.registered';

export function decode(message: Message, envelope: Envelope): Outcome<TieringItem, Undecodable> {
  switch (message.topic) {
    case TOPIC_OF_LOG.program:
      return decodeProgram(message);
    case TOPIC_OF_LOG.activity:
      return decodeActivity(message, envelope);
    default:
      return decodePosting(message, envelope);
  }
}

function decodeProgram(message: Message): Outcome<TieringItem, Undecodable> {
  const validation = contentOf(message, validateProgramPublished);
  if (!validation.ok) return broken(validation.violations);
  const ladder = ladderOf(validation.value.document);
  if (!ladder.ok) return refuse({ reason: 'ladder', detail: ladder.refusal });
  return accept({ kind: 'ladder', ladder: { published: validation.value, ladder: ladder.value } });
}

/** Of what members do, only orders and when they registered can count; the rest, and what is new tomorrow, does not. */
function decodeActivity(message: Message, envelope: Envelope): Outcome<TieringItem, Undecodable> {
  if (envelope.type === 'order.recorded') {
    const content = memberContentOf(message, validateOrderRecorded);
    if (!content.ok) return content;
    const { order } = content.value;
    const { source, orderId } = order;
    const purchase = { source, orderId, position: envelope.sequence, ...purchaseOf(order) };
    return changeOf(message, envelope, content.value, { purchase });
  }
  if (envelope.type !== 'activity.recorded') return accept({ kind: 'nothing' });
  const content = memberContentOf(message, validateActivityRecorded);
  if (!content.ok) return content;
  const { type, occurredAt } = content.value;
  const joined = type === REGISTERED ? { joined: instant(occurredAt) } : {};
  return changeOf(message, envelope, content.value, joined);
}

function decodePosting(message: Message, envelope: Envelope): Outcome<TieringItem, Undecodable> {
  const content = memberContentOf(message, validateLedgerEntry);
  if (!content.ok) return content;
  const grant = grantOf(envelope.type, content.value, envelope.time);
  const says = grant === undefined ? {} : { grant };
  return changeOf(message, envelope, content.value, says, content.value.origin);
}

function changeOf(
  message: Message,
  envelope: Envelope,
  { program, member }: { readonly program: string; readonly member: string },
  says: Pick<Change, 'grant' | 'purchase' | 'joined'>,
  origin?: Origin,
): Outcome<TieringItem, Undecodable> {
  const occasion = { occurredAt: instant(envelope.time), meta: metaOfAnswer(envelope) };
  const change: Change = { owner: message.key, program, member, partition: message.partition, occasion, ...says };
  return accept({ kind: 'change', change, origin });
}

export interface TieringConsumerParts {
  readonly store: EventStore<PoolClient>;
  readonly tables: TieringTables<Queryable>;
  /** Called when a flush with a new ladder is durable. */
  readonly onLadder?: () => void;
}

/** Keeps standings from postings, orders and registrations, and ladders from published programs, in one transaction a flush. */
export function createTieringConsumer({ store, tables, onLadder }: TieringConsumerParts): Consumer {
  const consumer = createConsumer<PoolClient, TieringItem>({
    group: 'tiering',
    gatherMillis: UNHURRIED_MILLIS,
    topics: [TOPIC_OF_LOG.ledger, TOPIC_OF_LOG.activity, TOPIC_OF_LOG.program],
    store,
    decode,
    origin: ({ item }) => (item.kind === 'change' ? item.origin : undefined),
    apply: async (tx, items) => {
      const ladders = items.flatMap(({ item }) => (item.kind === 'ladder' ? [item.ladder] : []));
      const changes = items.flatMap(({ item }) => (item.kind === 'change' ? [item.change] : []));
      await saveLadders(tx, tables, ladders);
      await applyChanges(tx, tables, changes);
      return [];
    },
  });
  return {
    ...consumer,
    handle: async (batch) => {
      await consumer.handle(batch);
      if (batch.messages.some(({ topic }) => topic === TOPIC_OF_LOG.program)) onLadder?.();
    },
  };
}
