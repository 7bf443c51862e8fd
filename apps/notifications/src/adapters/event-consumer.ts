import { validateProgramDocument, validateProgramPublished, type Violation } from '@jifen/contracts';
import type { EventStore, Transaction } from '@jifen/event-store';
import { accept, refuse, type Outcome } from '@jifen/kernel';
import {
  contentOf,
  createConsumer,
  deadLetterOf,
  textOf,
  TOPIC_OF_LOG,
  type Consumer,
  type Delivered,
  type Envelope,
  type Message,
  type Undecodable,
} from '@jifen/messaging';
import { memberOfKey } from '@jifen/notifications';
import type { PoolClient } from 'pg';
import type { ProgramVersion, WordsTable } from '../application/message-ports.ts';
import { wordsOf } from '../application/program-words.ts';
import { queueDeliveries, type Notice, type QueueTables } from '../application/queue-deliveries.ts';
import { queueMessages, type MessageTables, type Occurrence } from '../application/queue-messages.ts';
import type { Queryable } from './queryable.ts';

/** Without endpoints a batch only moves the cursor, so it may be large. */
const MAX_BATCH = 1_000;

export type NotificationItem =
  | { readonly kind: 'event'; readonly notice: Notice; readonly content: object }
  | { readonly kind: 'program'; readonly version: ProgramVersion };

const object = (value: unknown): Outcome<object, Undecodable> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? accept(value)
    : refuse({ reason: 'schema', detail: 'the event is no JSON object' });

const inWords = (violations: readonly Violation[]): string =>
  violations.map(({ pointer, message }) => `${pointer} ${message}`).join('; ');

const broken = (violations: readonly Violation[]): Outcome<never, Undecodable> =>
  refuse({ reason: 'schema', detail: inWords(violations) });

export function decode(message: Message, envelope: Envelope): Outcome<NotificationItem, Undecodable> {
  return message.topic === TOPIC_OF_LOG.program ? decodeProgram(message) : decodeEvent(message, envelope);
}

/** A webhook carries the event as it was published, so all that is asked of it is to be a member's and a JSON object. */
function decodeEvent(message: Message, envelope: Envelope): Outcome<NotificationItem, Undecodable> {
  const owner = memberOfKey(message.key);
  if (owner === undefined) return refuse({ reason: 'key', detail: `${message.key} names no member` });
  const content = contentOf(message, object);
  if (!content.ok) return content;
  const data = textOf(message.value);
  const { id, type, time } = envelope;
  const silent = 'reason' in content.value && content.value.reason === 'import';
  const notice = { key: message.key, head: { id, type, time, ...owner }, data, silent };
  return accept({ kind: 'event', notice, content: content.value });
}

function decodeProgram(message: Message): Outcome<NotificationItem, Undecodable> {
  const published = contentOf(message, validateProgramPublished);
  if (!published.ok) return broken(published.violations);
  const document = validateProgramDocument(published.value.document);
  if (!document.ok) return broken(document.violations);
  const { program, version, effectiveFrom } = published.value;
  return accept({ kind: 'program', version: { program, version, effectiveFrom, words: wordsOf(document.value) } });
}

export interface EventConsumerParts {
  readonly store: EventStore<PoolClient>;
  readonly tables: QueueTables<Queryable>;
  readonly messageTables: MessageTables<Queryable> & { readonly words: Pick<WordsTable<Queryable>, 'save'> };
  /** How long messages are kept: older events tell nobody anything. */
  readonly rememberedMs: number;
  /** Called when a flush that queued something is durable. */
  readonly onQueued?: () => void;
}

/** Queues what endpoints and members are to be told of, in the transaction that moves the cursor: never twice, never none. */
export function createEventConsumer(parts: EventConsumerParts): Consumer {
  let queued = 0;
  const consumer = createConsumer<PoolClient, NotificationItem>({
    group: 'notifications',
    topics: [TOPIC_OF_LOG.ledger, TOPIC_OF_LOG.tier, TOPIC_OF_LOG.program],
    maxBatch: MAX_BATCH,
    store: parts.store,
    decode,
    apply: async (tx, items) => {
      for (const { item } of items)
        if (item.kind === 'program') await parts.messageTables.words.save(tx.sql, item.version);
      const notices = items.flatMap(({ item }) => (item.kind === 'event' ? [item.notice] : []));
      queued += await queueDeliveries<Queryable>(tx, parts.tables, notices);
      queued += await tellMembers(tx, parts, items);
      return [];
    },
  });
  return {
    ...consumer,
    handle: async (batch) => {
      await consumer.handle(batch);
      if (queued > 0) parts.onQueued?.();
      queued = 0;
    },
  };
}

async function tellMembers(
  tx: Transaction<PoolClient>,
  { messageTables, rememberedMs }: EventConsumerParts,
  items: readonly Delivered<NotificationItem>[],
): Promise<number> {
  const messageOf = new Map<Occurrence, Message>();
  for (const { item, envelope, message } of items) {
    if (item.kind !== 'event') continue;
    const { id, type, time: occurredAt, recordedtime: recordedAt, sequence: position } = envelope;
    const { program, member } = item.notice.head;
    const { content } = item;
    messageOf.set({ program, member, id, type, occurredAt, recordedAt, position, content }, message);
  }
  const { queued, broken: unread } = await queueMessages<Queryable>(
    tx,
    messageTables,
    [...messageOf.keys()],
    rememberedMs,
  );
  for (const { occurrence, violations } of unread) {
    const message = messageOf.get(occurrence);
    if (message !== undefined) tx.deadLetter(deadLetterOf(message, 'schema', inWords(violations)));
  }
  return queued;
}
