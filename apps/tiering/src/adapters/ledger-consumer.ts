import { validateLedgerEntry, validateProgramPublished, type Violation } from '@jifen/contracts';
import type { EventStore } from '@jifen/event-store';
import { accept, instant, memberKey, refuse, type Outcome } from '@jifen/kernel';
import { createConsumer, contentOf, TOPIC_OF_LOG, type Consumer, type Envelope, type Message } from '@jifen/messaging';
import type { Origin, Undecodable } from '@jifen/messaging';
import { grantOf, ladderOf } from '@jifen/tiering';
import type { PoolClient } from 'pg';
import { applyPostings, saveLadders, type Posting, type PublishedLadder } from '../application/apply-postings.ts';
import type { TieringTables } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

export type TieringItem =
  | { readonly kind: 'posting'; readonly posting: Posting; readonly origin: Origin | undefined }
  | { readonly kind: 'ladder'; readonly ladder: PublishedLadder };

const invalid = (violations: readonly Violation[]): Outcome<never, Undecodable> =>
  refuse({ reason: 'schema', detail: violations.map(({ pointer, message }) => `${pointer} ${message}`).join('; ') });

export function decode(message: Message, envelope: Envelope): Outcome<TieringItem, Undecodable> {
  return message.topic === TOPIC_OF_LOG.program ? decodeProgram(message) : decodePosting(message, envelope);
}

function decodeProgram(message: Message): Outcome<TieringItem, Undecodable> {
  const validation = contentOf(message, validateProgramPublished);
  if (!validation.ok) return invalid(validation.violations);
  const ladder = ladderOf(validation.value.document);
  if (!ladder.ok) return refuse({ reason: 'ladder', detail: ladder.refusal });
  return accept({ kind: 'ladder', ladder: { published: validation.value, ladder: ladder.value } });
}

function decodePosting(message: Message, envelope: Envelope): Outcome<TieringItem, Undecodable> {
  const validation = contentOf(message, validateLedgerEntry);
  if (!validation.ok) return invalid(validation.violations);
  const { program, member, origin } = validation.value;
  const owner = memberKey(program, member);
  if (owner !== message.key) return refuse({ reason: 'key', detail: `the message of ${message.key} names ${owner}` });
  const { id, time, correlationid = id, traceparent } = envelope;
  const meta = { correlationId: correlationid, causationId: id, ...(traceparent === undefined ? {} : { traceparent }) };
  const posting: Posting = {
    owner,
    program,
    member,
    partition: message.partition,
    grant: grantOf(envelope.type, validation.value, time),
    occasion: { occurredAt: instant(time), meta },
  };
  return accept({ kind: 'posting', posting, origin });
}

export interface LedgerConsumerParts {
  readonly store: EventStore<PoolClient>;
  readonly tables: TieringTables<Queryable>;
  /** Called when a flush with a new ladder is durable. */
  readonly onLadder?: () => void;
}

/** Keeps standings from the ledger's postings and ladders from published programs, in one transaction a flush. */
export function createLedgerConsumer({ store, tables, onLadder }: LedgerConsumerParts): Consumer {
  const consumer = createConsumer<PoolClient, TieringItem>({
    group: 'tiering',
    topics: [TOPIC_OF_LOG.ledger, TOPIC_OF_LOG.program],
    store,
    decode,
    origin: ({ item }) => (item.kind === 'posting' ? item.origin : undefined),
    apply: async (tx, items) => {
      const ladders = items.flatMap(({ item }) => (item.kind === 'ladder' ? [item.ladder] : []));
      const postings = items.flatMap(({ item }) => (item.kind === 'posting' ? [item.posting] : []));
      await saveLadders(tx, tables, ladders);
      await applyPostings(tx, tables, postings);
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
