import { validateRatingMade, type RatingMade } from '@jifen/contracts';
import type { EventStore } from '@jifen/event-store';
import { accept, memberKey, refuse, type Outcome } from '@jifen/kernel';
import type { LedgerEvent } from '@jifen/ledger';
import {
  createConsumer,
  contentOf,
  TOPIC_OF_LOG,
  type Consumer,
  type FlushCounts,
  type Message,
} from '@jifen/messaging';
import type { Accounts } from '../application/ports.ts';
import { postRatings } from '../application/post-ratings.ts';

export interface RatingConsumerOptions<Sql> {
  readonly store: EventStore<Sql>;
  readonly accounts: Accounts<Sql>;
  readonly maxBatch?: number;
  readonly observe?: (counts: FlushCounts) => void;
  /** Told what a flush decided; it may still be rolled back and decided again. */
  readonly posted?: (events: readonly LedgerEvent[]) => void;
}

/** Posts ratings: `jifen.rating.v1` → ledger log, accounts, lots. */
export function createRatingConsumer<Sql>(options: RatingConsumerOptions<Sql>): Consumer {
  return createConsumer<Sql, RatingMade>({
    group: 'ledger',
    topics: [TOPIC_OF_LOG.rating],
    ...(options.maxBatch === undefined ? {} : { maxBatch: options.maxBatch }),
    store: options.store,
    decode: decodeRating,
    apply: async (tx, items) => {
      const { failures, events } = await postRatings(tx, options.accounts, items);
      if (events.length > 0) options.posted?.(events);
      return failures;
    },
    // A rating of another partition's activity says nothing about how far this one has come.
    origin: ({ item, message }) => (item.origin.partition === message.partition ? item.origin : undefined),
    ...(options.observe === undefined ? {} : { observe: options.observe }),
  });
}

export function decodeRating(message: Message): Outcome<RatingMade, { reason: string; detail: string }> {
  const rating = contentOf(message, validateRatingMade);
  if (!rating.ok) {
    const detail = rating.violations.map(({ pointer, message: what }) => `${pointer} ${what}`).join('; ');
    return refuse({ reason: 'schema', detail });
  }
  const key = memberKey(rating.value.program, rating.value.member);
  if (key !== message.key) return refuse({ reason: 'schema', detail: `the key ${message.key} is not ${key}` });
  return accept(rating.value);
}
