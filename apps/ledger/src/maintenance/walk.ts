import {
  isSound,
  NOTHING_FOUND,
  together,
  withClient,
  withThreads,
  type Findings,
  type StreamRange,
  type Threads,
} from '@jifen/event-store-postgres';
import type { Pool, PoolClient } from 'pg';
import { foldRange } from './account-range.ts';
import { compareRange, type Comparison } from './compare.ts';
import { compareSums } from './compare-sums.ts';
import { BrokenLogError } from './fold-accounts.ts';
import { inTransaction } from './session.ts';

/** Ranges under way at once in this thread, each on a connection of its own; the pool needs one more. */
const WALKERS = 2;
/** Built, also where this file runs as it is written: a thread has no compiler. */
const THREAD = new URL('../../dist/maintenance/walk-thread.js', import.meta.url);

export interface WalkOptions {
  readonly pool: Pool;
  /** Folds and compares in threads of their own, a range at a time each; without it in this one. */
  readonly threads?: Threads;
  readonly ranges: AsyncGenerator<StreamRange>;
  /** Schema that gets the rows; only compared when left out. */
  readonly into?: string;
  /** Events folded so far. */
  readonly onProgress?: (events: number) => void;
}

/** What a thread that walks is asked. */
export interface RangeAsked {
  readonly range: StreamRange;
  readonly into: string | undefined;
}

/**
 * Folds the accounts of each range and compares them with the live tables, range by range, each in one REPEATABLE READ
 * snapshot: events and rows are of the same moment, so writers may go on and no row differs for their sake. Throws
 * BrokenLogError at the first account that does not fold when rows are to be written.
 */
export async function walkAccounts({ pool, threads, ranges, into, onProgress }: WalkOptions): Promise<Findings> {
  const next = ahead(ranges);
  let found = NOTHING_FOUND;
  let failed = false;
  const walk = async (check: (range: StreamRange) => Promise<Findings>): Promise<void> => {
    try {
      for (let one = await next(); one.done !== true && !failed; one = await next()) {
        const part = await check(one.value);
        const [first] = part.broken;
        if (into !== undefined && first !== undefined) throw new BrokenLogError(first.detail);
        found = together(found, part);
        onProgress?.(found.events);
      }
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  if (threads === undefined) {
    const walker = (): Promise<void> => withClient(pool, (client) => walk((range) => checkRange(client, range, into)));
    await allOrFirstFailure(Array.from({ length: WALKERS }, walker));
  } else
    await withThreads<RangeAsked, never, Findings>(THREAD, threads, (ask) => walk((range) => ask({ range, into })));
  return found;
}

/** Waits for all before it throws what failed first: none works on behind the caller's back. */
export async function allOrFirstFailure(under: readonly Promise<void>[]): Promise<void> {
  const settled = await Promise.allSettled(under);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** For several who take from it: the next one is made while they work on those before. */
function ahead<T>(source: AsyncGenerator<T>): () => Promise<IteratorResult<T, unknown>> {
  let next = source.next();
  return () => {
    const taken = next;
    next = taken.then((one) => (one.done === true ? one : source.next()));
    // Met by whoever takes it, if anybody does.
    next.catch(() => undefined);
    return taken;
  };
}

/** One range at one moment. */
export async function checkRange(client: PoolClient, range: StreamRange, into?: string): Promise<Findings> {
  return inTransaction(client, 'REPEATABLE READ', async () => {
    // The swap's own commit is waited for, and with it all that was written before.
    if (into !== undefined) await client.query('SET LOCAL synchronous_commit = off');
    const folder = await foldRange(client, range);
    const { rows, count, differences } = await compareRange(client, range, folder, into);
    return { events: folder.events, rows, differing: count, differences, broken: folder.broken };
  });
}

/** With what is owed, in a snapshot of its own; sums of rows that are wrong themselves would tell nothing. */
export async function withSums(client: PoolClient, found: Findings, partition?: number): Promise<Findings> {
  if (!isSound(found)) return found;
  return withComparison(found, await inTransaction(client, 'REPEATABLE READ', () => compareSums(client, partition)));
}

export const withComparison = (found: Findings, { rows, count, differences }: Comparison): Findings =>
  together(found, { ...NOTHING_FOUND, rows, differing: count, differences });
