import type { Transaction } from '@jifen/event-store';
import { deadLetterOf } from './dead-letter.ts';
import type { FlushOptions, MemberFailure } from './flush.ts';
import type { Decoded, Read } from './read.ts';
import { sift } from './sift.ts';

/** Cursor that read-your-writes waits for: how far the activity log has been applied, through however many services. */
export const ORIGIN_INPUT = 'origin:activity';

/** A batch on its way; the last three change from one attempt to the next. */
export interface Flushing<Sql, Item> {
  readonly options: FlushOptions<Sql, Item>;
  readonly reads: readonly Read<Item>[];
  readonly partitions: readonly number[];
  readonly epochs: ReadonlyMap<number, number>;
  readonly failures: Map<string, MemberFailure>;
  /** Keys that the last attempt handed to `apply`. */
  applying: ReadonlySet<string>;
  applyMillis: number;
}

export interface Outturn {
  readonly duplicates: number;
  readonly deadLetters: number;
  readonly parked: number;
}

/** Rolls the attempt back: these members have to be parked first. */
export class MembersFailed extends Error {
  override readonly name = 'MembersFailed';
  constructor(readonly failures: readonly MemberFailure[]) {
    super(`${failures.length} members failed`);
  }
}

class Rehearsed extends Error {
  override readonly name = 'Rehearsed';
}

/** One transaction over the whole batch. */
export async function attempt<Sql, Item>(flushing: Flushing<Sql, Item>): Promise<Outturn> {
  const { options, partitions, epochs } = flushing;
  return options.store.transact({ partitions, epochs, patient: options.patient ?? false }, async (tx) => {
    const { fresh, duplicates, cursors } = siftBatch(tx, flushing);
    const { items, deadLetters, parked } = await sort(tx, flushing, fresh);
    const failures = await apply(tx, flushing, items);
    if (failures.length > 0) throw new MembersFailed(failures);
    for (const { partition, topic, cursor } of cursors) tx.advance(partition, topic, cursor);
    advanceOrigins(tx, flushing, fresh);
    return { duplicates, deadLetters, parked };
  });
}

/** Applies the items of some keys and rolls back; throws what applying them throws. */
export async function rehearse<Sql, Item>(flushing: Flushing<Sql, Item>, keys: ReadonlySet<string>): Promise<void> {
  const { options, partitions, epochs } = flushing;
  const { applying } = flushing;
  try {
    await options.store.transact({ partitions, epochs }, async (tx) => {
      const { fresh } = siftBatch(tx, flushing);
      const { items } = await sort(tx, flushing, fresh);
      await apply(
        tx,
        flushing,
        items.filter(({ key }) => keys.has(key)),
      );
      throw new Rehearsed();
    });
  } catch (error) {
    if (!(error instanceof Rehearsed)) throw error;
  } finally {
    flushing.applying = applying;
  }
}

const siftBatch = <Sql, Item>(
  tx: Transaction<Sql>,
  { options, reads }: Flushing<Sql, Item>,
): ReturnType<typeof sift<Item>> =>
  sift(tx, reads, {
    sequenced: options.sequenced ?? true,
    acceptFirstGap: options.acceptFirstGap ?? false,
  });

/** Dead letters and messages of parked members out of the way; what is left may be applied. */
async function sort<Sql, Item>(
  tx: Transaction<Sql>,
  { failures }: Flushing<Sql, Item>,
  fresh: readonly Read<Item>[],
): Promise<{ readonly items: readonly Decoded<Item>[]; readonly deadLetters: number; readonly parked: number }> {
  const keys = new Set<string>();
  for (const read of fresh) if (read.ok) keys.add(read.key);
  const parkedKeys = keys.size === 0 ? new Set<string>() : await tx.parkedAmong([...keys]);
  const items: Decoded<Item>[] = [];
  let deadLetters = 0;
  let parked = 0;
  for (const read of fresh) {
    const { message } = read;
    if (!read.ok) {
      tx.deadLetter(deadLetterOf(message, read.refusal.reason, read.refusal.detail));
      deadLetters++;
      continue;
    }
    const failure = failures.get(read.key);
    if (failure === undefined && !parkedKeys.has(read.key)) {
      items.push(read);
      continue;
    }
    const reason = failure?.reason ?? 'behind';
    tx.park(read.key, reason, deadLetterOf(message, reason, failure?.detail ?? 'an earlier message is parked'));
    parked++;
  }
  return { items, deadLetters, parked };
}

async function apply<Sql, Item>(
  tx: Transaction<Sql>,
  flushing: Flushing<Sql, Item>,
  items: readonly Decoded<Item>[],
): Promise<readonly MemberFailure[]> {
  flushing.applying = new Set(items.map(({ key }) => key));
  if (items.length === 0) return [];
  const started = performance.now();
  try {
    return await flushing.options.apply(
      tx,
      items.map(({ delivered }) => delivered),
    );
  } finally {
    flushing.applyMillis += performance.now() - started;
  }
}

/** An origin in a partition whose row is not held says nothing about how far this one has come. */
function advanceOrigins<Sql, Item>(
  tx: Transaction<Sql>,
  { options, partitions }: Flushing<Sql, Item>,
  fresh: readonly Read<Item>[],
): void {
  if (options.origin === undefined) return;
  const reached = new Map(partitions.map((partition) => [partition, 0]));
  for (const read of fresh) {
    const origin = read.ok ? options.origin(read.delivered) : undefined;
    const before = origin === undefined ? undefined : reached.get(origin.partition);
    if (origin !== undefined && before !== undefined && origin.position > before)
      reached.set(origin.partition, origin.position);
  }
  for (const [partition, position] of reached)
    if (position > 0) tx.advance(partition, ORIGIN_INPUT, { offset: position + 1, sequence: position });
}
