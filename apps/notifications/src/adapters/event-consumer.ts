import type { EventStore } from '@jifen/event-store';
import { accept, refuse, type Outcome } from '@jifen/kernel';
import {
  contentOf,
  createConsumer,
  textOf,
  TOPIC_OF_LOG,
  type Consumer,
  type Envelope,
  type Message,
  type Undecodable,
} from '@jifen/messaging';
import { memberOfKey } from '@jifen/notifications';
import type { PoolClient } from 'pg';
import { queueDeliveries, type Notice, type QueueTables } from '../application/queue-deliveries.ts';
import type { Queryable } from './queryable.ts';

/** Without endpoints a batch only moves the cursor, so it may be large. */
const MAX_BATCH = 1_000;

const object = (value: unknown): Outcome<object, Undecodable> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? accept(value)
    : refuse({ reason: 'schema', detail: 'the event is no JSON object' });

/** The event goes out as it was published, so all that is asked of it is to be a member's and to be a JSON object. */
export function decode(message: Message, envelope: Envelope): Outcome<Notice, Undecodable> {
  const owner = memberOfKey(message.key);
  if (owner === undefined) return refuse({ reason: 'key', detail: `${message.key} names no member` });
  const content = contentOf(message, object);
  if (!content.ok) return content;
  const data = textOf(message.value);
  const { id, type, time } = envelope;
  const silent = 'reason' in content.value && content.value.reason === 'import';
  return accept({ key: message.key, head: { id, type, time, ...owner }, data, silent });
}

export interface EventConsumerParts {
  readonly store: EventStore<PoolClient>;
  readonly tables: QueueTables<Queryable>;
  /** Called when a flush that queued something is durable. */
  readonly onQueued?: () => void;
}

/** Queues a delivery for each event and endpoint in the transaction that moves the cursor: never twice, never none. */
export function createEventConsumer({ store, tables, onQueued }: EventConsumerParts): Consumer {
  let queued = 0;
  const consumer = createConsumer<PoolClient, Notice>({
    group: 'notifications',
    topics: [TOPIC_OF_LOG.ledger, TOPIC_OF_LOG.tier],
    maxBatch: MAX_BATCH,
    store,
    decode,
    apply: async (tx, items) => {
      queued += await queueDeliveries<Queryable>(
        tx,
        tables,
        items.map(({ item }) => item),
      );
      return [];
    },
  });
  return {
    ...consumer,
    handle: async (batch) => {
      await consumer.handle(batch);
      if (queued > 0) onQueued?.();
      queued = 0;
    },
  };
}
