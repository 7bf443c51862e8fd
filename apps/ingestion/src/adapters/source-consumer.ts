import type { Problem } from '@jifen/contracts';
import { ConcurrencyError, type Transaction } from '@jifen/event-store';
import { accept, memberKey } from '@jifen/kernel';
import {
  createConsumer,
  deadLetterOf,
  inWords,
  SOURCE_ORDER_TOPIC,
  type Consumer,
  type Delivered,
  type Message,
} from '@jifen/messaging';
import type { AcceptDependencies } from '../application/accept.ts';
import { applyRecords } from '../application/apply.ts';
import type { Directory } from '../application/ports.ts';
import { partitionsTouched, prepare, type PreparedRecord } from '../application/prepare.ts';
import type { Read } from '../application/read.ts';
import type { IngestionMetrics } from './metrics.ts';
import type { Receipt } from '../application/submission.ts';
import { readSourceMessage } from './source-message.ts';

const INGESTION_GROUP = 'ingestion';
const MAX_BATCH = 250;
/** How often members and orders are looked up again because somebody else recorded what was missing. */
const MAX_LOOK_UPS = 5;

export interface SourceConsumerDependencies<Sql> extends AcceptDependencies<Sql> {
  /** The directory as a transaction sees it, for messages that are redriven one by one. */
  readonly directoryIn: (sql: Sql) => Directory;
  readonly metrics: IngestionMetrics;
}

/** Whose messages queue up when one of them fails: the member's, as far as it is known. */
function keyOf(read: Read, message: Message): string {
  if (!read.draft.ok) return message.key;
  const draft = read.draft.value;
  return draft.kind !== 'order-refund' && typeof draft.who === 'string'
    ? memberKey(draft.program, draft.who)
    : draft.stream;
}

/** Of a record that names no program this is all that anybody gets to read. */
const wordsOf = ({ detail, errors }: Problem): string =>
  errors === undefined ? detail : `${detail}: ${inWords(errors)}`;

/** Orders, refunds and activities that upstream systems publish themselves: the same way as through the doors. */
export function createSourceConsumer<Sql>(dependencies: SourceConsumerDependencies<Sql>): Consumer {
  const { store, tables, directory, directoryIn, clock, metrics } = dependencies;
  const reads = new WeakMap<Message, Read>();
  const homes = new WeakMap<Read, PreparedRecord>();
  const outcomes = new WeakMap<Read, Receipt | undefined>();

  const readOf = (message: Message): Read => {
    const known = reads.get(message);
    if (known !== undefined) return known;
    const read = readSourceMessage(message, clock());
    reads.set(message, read);
    return read;
  };

  const home = async (from: Directory, all: readonly Read[]): Promise<void> => {
    for (const record of await prepare(from, all, store.partitions)) homes.set(record.read, record);
  };

  const known = (items: readonly Delivered<Read>[]): readonly PreparedRecord[] =>
    items.flatMap(({ item }) => homes.get(item) ?? []);

  const apply = async (tx: Transaction<Sql>, items: readonly Delivered<Read>[]): Promise<readonly []> => {
    const strange = items.map(({ item }) => item).filter((read) => !homes.has(read));
    if (strange.length > 0) await home(directoryIn(tx.sql), strange);
    const receipts = await applyRecords(tx, tables, known(items), store.partitions);
    for (const [index, { message }] of items.entries()) {
      const receipt = receipts[index];
      if (receipt?.outcome !== 'rejected') continue;
      tx.deadLetter(deadLetterOf(message, receipt.problem.code, wordsOf(receipt.problem)));
    }
    for (const [index, { item }] of items.entries()) outcomes.set(item, receipts[index]);
    return [];
  };

  /** Only what is durable counts, and once: a batch may be applied several times before it commits. */
  const count = (all: readonly Read[]): void => {
    const settled = all.flatMap((read) => {
      const receipt = outcomes.get(read);
      return receipt === undefined ? [] : [{ submission: read.submission, receipt }];
    });
    metrics.counted(
      settled.map(({ submission }) => submission),
      settled.map(({ receipt }) => receipt),
    );
  };

  const inner = createConsumer<Sql, Read>({
    group: INGESTION_GROUP,
    topics: [SOURCE_ORDER_TOPIC],
    maxBatch: MAX_BATCH,
    store,
    sequenced: false,
    decode: (message) => accept(readOf(message)),
    keyOf: ({ item, message }) => keyOf(item, message),
    partitionsOf: (items) => partitionsTouched(known(items), store.partitions),
    apply,
  });

  return {
    ...inner,
    handle: async (batch) => {
      const all = batch.messages.map(readOf);
      for (let lookUp = 1; ; lookUp++) {
        await home(directory, all);
        try {
          await inner.handle(batch);
          return count(all);
        } catch (error) {
          if (!(error instanceof ConcurrencyError) || lookUp === MAX_LOOK_UPS) throw error;
        }
      }
    },
  };
}
