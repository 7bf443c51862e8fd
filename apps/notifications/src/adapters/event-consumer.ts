import {
  validateMemberStanding,
  validateProgramDocument,
  validateProgramPublished,
  type MemberStanding,
} from '@jifen/contracts';
import type { EventStore, Transaction } from '@jifen/event-store';
import { accept, instant, instantFromMillis, instantToMillis, refuse, type Outcome } from '@jifen/kernel';
import {
  broken,
  contentOf,
  createConsumer,
  deadLetterOf,
  inWords,
  memberContentOf,
  textOf,
  TOPIC_OF_LOG,
  UNHURRIED_MILLIS,
  type Consumer,
  type Envelope,
  type Message,
  type Undecodable,
} from '@jifen/messaging';
import { memberOfKey } from '@jifen/notifications';
import type { PoolClient } from 'pg';
import { audienceOf, listenersAmong, type AudienceTables } from '../application/audience.ts';
import {
  isErased,
  type MemberKey,
  type ProgramVersion,
  type RecipientTable,
  type WordsTable,
} from '../application/message-ports.ts';
import type { DeliveryTable, Subscription } from '../application/ports.ts';
import { wordsOf } from '../application/program-words.ts';
import { queueDeliveries, type Notice, type QueueTables } from '../application/queue-deliveries.ts';
import { queueMessages, type MessageTables, type Occurrence } from '../application/queue-messages.ts';
import type { Queryable } from './queryable.ts';

/** Where nobody listens a batch only moves the cursor, so it may be large. */
const MAX_BATCH = 1_000;

export type NotificationItem =
  | { readonly kind: 'event'; readonly owner: MemberKey }
  | { readonly kind: 'program'; readonly version: ProgramVersion }
  | { readonly kind: 'standing'; readonly owner: MemberKey; readonly standing: MemberStanding };

const object = (value: unknown): Outcome<object, Undecodable> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? accept(value)
    : refuse({ reason: 'schema', detail: 'the event is no JSON object' });

/** Of an event no more is read here than whose it is: mostly nobody listens. */
export function decode(message: Message): Outcome<NotificationItem, Undecodable> {
  if (message.topic === TOPIC_OF_LOG.program) return decodeProgram(message);
  if (message.topic === TOPIC_OF_LOG.member) return decodeStanding(message);
  const owner = memberOfKey(message.key);
  if (owner === undefined) return refuse({ reason: 'key', detail: `${message.key} names no member` });
  return accept({ kind: 'event', owner });
}

function decodeProgram(message: Message): Outcome<NotificationItem, Undecodable> {
  const published = contentOf(message, validateProgramPublished);
  if (!published.ok) return broken(published.violations);
  const document = validateProgramDocument(published.value.document);
  if (!document.ok) return broken(document.violations);
  const { program, version, effectiveFrom } = published.value;
  return accept({ kind: 'program', version: { program, version, effectiveFrom, words: wordsOf(document.value) } });
}

function decodeStanding(message: Message): Outcome<NotificationItem, Undecodable> {
  const standing = memberContentOf(message, validateMemberStanding);
  if (!standing.ok) return standing;
  const { program, member } = standing.value;
  return accept({ kind: 'standing', owner: { program, member }, standing: standing.value });
}

export interface EventConsumerParts {
  readonly store: EventStore<PoolClient>;
  readonly tables: QueueTables<Queryable> &
    AudienceTables<Queryable>['tables'] & { readonly deliveries: Pick<DeliveryTable<Queryable>, 'erase' | 'silence'> };
  readonly messageTables: MessageTables<Queryable> &
    AudienceTables<Queryable>['messageTables'] & {
      readonly words: Pick<WordsTable<Queryable>, 'save'>;
      readonly recipients: Pick<RecipientTable<Queryable>, 'setStanding' | 'forget'>;
    };
  /** How long messages and deliveries are kept: older events tell nobody anything, for they may have been told. */
  readonly rememberedMs: { readonly messages: number; readonly deliveries: number };
  /** Called when a flush that queued something is durable. */
  readonly onQueued?: () => void;
}

/** Queues what endpoints and members are to be told of, in the transaction that moves the cursor: never twice, never none. */
export function createEventConsumer(parts: EventConsumerParts): Consumer {
  let queued = 0;
  const consumer = createConsumer<PoolClient, NotificationItem>({
    group: 'notifications',
    topics: [TOPIC_OF_LOG.ledger, TOPIC_OF_LOG.tier, TOPIC_OF_LOG.program, TOPIC_OF_LOG.member],
    maxBatch: MAX_BATCH,
    gatherMillis: UNHURRIED_MILLIS,
    store: parts.store,
    decode,
    apply: async (tx, items) => {
      for (const { item } of items) {
        if (item.kind === 'program') await parts.messageTables.words.save(tx.sql, item.version);
        if (item.kind === 'standing') await follow(tx, parts, item.standing);
      }
      const events = items.flatMap(({ item, envelope, message }) =>
        item.kind === 'program' ? [] : [{ owner: item.owner, envelope, message, forMember: item.kind === 'event' }],
      );
      queued += await tell(tx, parts, events);
      // Lanes are locked before what is pending in them, by whoever sends too.
      for (const { item } of items)
        if (item.kind === 'standing' && isErased(item.standing.standing))
          await parts.tables.deliveries.silence(tx.sql, item.owner);
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

/** Whoever takes no part is told nothing; of who was erased nothing is kept that a person could be known by. */
async function follow(
  { sql, now }: Transaction<PoolClient>,
  { tables, messageTables: { recipients } }: Pick<EventConsumerParts, 'tables' | 'messageTables'>,
  { program, member, standing }: MemberStanding,
): Promise<void> {
  await recipients.setStanding(sql, { program, member }, standing, now);
  if (!isErased(standing)) return;
  await recipients.forget(sql, { program, member });
  await tables.deliveries.erase(sql, { program, member });
}

interface MemberEvent {
  readonly owner: MemberKey;
  readonly envelope: Envelope;
  readonly message: Message;
  /** Whether it may be news to the member too, and not to endpoints alone. */
  readonly forMember: boolean;
}

/** Where nobody listens one question is all that events cost: they are not even parsed. */
async function tell(
  tx: Transaction<PoolClient>,
  parts: EventConsumerParts,
  events: readonly MemberEvent[],
): Promise<number> {
  const programs = [...new Set(events.map(({ owner }) => owner.program))];
  const audience = await audienceOf<Queryable>(tx.sql, parts, programs);
  const beginnings = beginningsOf(audience.subscriptions, tx.now, parts.rememberedMs.deliveries);
  const messageOf = new Map<Occurrence, Message>();
  const notices: Notice[] = [];
  for (const { owner, envelope, message, forMember } of events) {
    const listeners = listenersAmong(audience, owner.program, envelope.type);
    if (!listeners.any || (!forMember && listeners.endpoints.length === 0)) continue;
    const read = readContent(message);
    if (!read.ok) {
      tx.deadLetter(deadLetterOf(message, read.refusal.reason, read.refusal.detail));
      continue;
    }
    const { id, type, time, recordedtime } = envelope;
    const endpoints = listeners.endpoints.filter((each) => recordedtime >= (beginnings.get(each.id) ?? ''));
    const { content, data } = read.value;
    if (endpoints.length > 0 && !isImport(content))
      notices.push({ key: message.key, head: { id, type, time, ...owner }, data, endpoints });
    if (listeners.members && forMember)
      messageOf.set(occurrenceOf(owner, message.partition, envelope, content), message);
  }
  const { settings } = audience;
  const occurrences = [...messageOf.keys()];
  const told = await queueMessages<Queryable>(
    tx,
    parts.messageTables,
    settings,
    occurrences,
    parts.rememberedMs.messages,
  );
  for (const { occurrence, violations } of told.broken) {
    const message = messageOf.get(occurrence);
    if (message !== undefined) tx.deadLetter(deadLetterOf(message, 'schema', inWords(violations)));
  }
  return told.queued + (await queueDeliveries<Queryable>(tx, parts.tables, notices));
}

/** Clocks of a process and of the database may differ by so much. */
const CLOCKS_APART_MS = 60_000;

/** From when on each endpoint is told: a replay sends nothing that is older than the endpoint, or than deliveries are kept. */
function beginningsOf(
  subscriptions: readonly Subscription[],
  now: number,
  keptMs: number,
): ReadonlyMap<string, string> {
  const kept = Math.max(0, now - keptMs);
  return new Map(
    subscriptions.map(({ id, createdAt }) => {
      const created = instantToMillis(instant(createdAt)) - CLOCKS_APART_MS;
      return [id, instantFromMillis(Math.max(kept, created))];
    }),
  );
}

interface EventContent {
  readonly content: object;
  /** The exact text that was published. */
  readonly data: string;
}

/** A webhook carries the event as it was published, so all that is asked of it is to be a JSON object. */
function readContent(message: Message): Outcome<EventContent, Undecodable> {
  try {
    const content = contentOf(message, object);
    return content.ok ? accept({ content: content.value, data: textOf(message.value) }) : content;
  } catch (error) {
    return refuse({ reason: 'undecodable', detail: String(error) });
  }
}

/** Opening balances of another system are no news to anybody (Q33). */
const isImport = (content: object): boolean => 'reason' in content && content.reason === 'import';

const occurrenceOf = (owner: MemberKey, partition: number, envelope: Envelope, content: object): Occurrence => {
  const { id, type, time: occurredAt, recordedtime: recordedAt, sequence: position } = envelope;
  return { ...owner, id, type, occurredAt, recordedAt, partition, position, content };
};
