import type { EventStore, Transaction } from '@jifen/event-store';
import { partitionOf } from '@jifen/kernel';
import { deadLetterOf, messageOfDeadLetter } from './dead-letter.ts';
import { detailOf } from './faults.ts';
import type { Delivered, FlushOptions } from './flush.ts';
import { readMessage } from './read.ts';

const REDRIVE_BATCH = 250;
/** Of one call; what is left waits for the next. */
const MAX_REDRIVEN = 100_000;

export type RedriveOptions<Sql, Item> = Pick<
  FlushOptions<Sql, Item>,
  'decode' | 'apply' | 'keyOf' | 'partitionsOf' | 'sequenced' | 'release'
> & { readonly store: EventStore<Sql> };

export interface RedriveReport {
  readonly key: string;
  /** Messages applied, in order; in a dry run those that would be. */
  readonly applied: number;
  /** Messages that became dead letters, because they can no longer be decoded. */
  readonly deadLetters: number;
  /** Why it stopped: the member stays parked, with this message first in its queue. */
  readonly failure?: { readonly reason: string; readonly detail: string };
}

interface Step {
  readonly taken: number;
  readonly applied: number;
  readonly deadLetters: number;
}

class StillFailing extends Error {
  override readonly name = 'StillFailing';
  constructor(
    readonly reason: string,
    readonly detail: string,
  ) {
    super(`${reason}: ${detail}`);
  }
}

class DryRun extends Error {
  override readonly name = 'DryRun';
  constructor(readonly step: Step) {
    super('rolled back on purpose');
  }
}

/**
 * Applies the messages queued behind a parked member again, in order, and lets the member go when none is left. Stops at
 * the first that still fails; what was applied before it stays. A dry run applies the first batch and rolls it back.
 */
export async function redriveParked<Sql, Item>(
  options: RedriveOptions<Sql, Item>,
  key: string,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<RedriveReport> {
  let report: RedriveReport = { key, applied: 0, deadLetters: 0 };
  let size = REDRIVE_BATCH;
  while (report.applied + report.deadLetters < MAX_REDRIVEN) {
    try {
      const step = await redriveSome(options, key, size, dryRun);
      report = {
        ...report,
        applied: report.applied + step.applied,
        deadLetters: report.deadLetters + step.deadLetters,
      };
      if (dryRun || step.taken < size) return report;
    } catch (error) {
      options.release?.(partitionsOf(options, key));
      // One by one, to get as far as possible.
      if (size > 1 && !dryRun) size = 1;
      else if (error instanceof StillFailing)
        return { ...report, failure: { reason: error.reason, detail: error.detail } };
      else return { ...report, failure: { reason: 'fault', detail: detailOf(error) } };
    }
  }
  return report;
}

async function redriveSome<Sql, Item>(
  options: RedriveOptions<Sql, Item>,
  key: string,
  limit: number,
  dryRun: boolean,
): Promise<Step> {
  try {
    return await options.store.transact({ partitions: partitionsOf(options, key) }, async (tx) => {
      const step = await applyTaken(options, tx, key, limit);
      if (dryRun) throw new DryRun(step);
      return step;
    });
  } catch (error) {
    if (error instanceof DryRun) return error.step;
    throw error;
  }
}

async function applyTaken<Sql, Item>(
  options: RedriveOptions<Sql, Item>,
  tx: Transaction<Sql>,
  key: string,
  limit: number,
): Promise<Step> {
  const letters = await tx.takeParked(key, limit);
  const items: Delivered<Item>[] = [];
  for (const letter of letters) {
    const read = readMessage(options, messageOfDeadLetter(letter));
    if (read.ok) items.push(read.delivered);
    else tx.deadLetter(deadLetterOf(read.message, read.refusal.reason, read.refusal.detail));
  }
  const [failure] = items.length === 0 ? [] : await options.apply(tx, items);
  if (failure !== undefined) throw new StillFailing(failure.reason, failure.detail);
  return { taken: letters.length, applied: items.length, deadLetters: letters.length - items.length };
}

/** The rows under which the key is queued: its own partition, or any where keys and partitions are foreign. */
function partitionsOf<Sql, Item>(options: RedriveOptions<Sql, Item>, key: string): readonly number[] {
  const { store } = options;
  const foreign = options.sequenced === false || options.keyOf !== undefined || options.partitionsOf !== undefined;
  return foreign ? [...Array(store.partitions).keys()] : [partitionOf(key, store.partitions)];
}
