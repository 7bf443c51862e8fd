import { withClient, type StreamRange } from '@jifen/event-store-postgres';
import type { Pool, PoolClient } from 'pg';
import { foldRange } from './account-range.ts';
import { compareRange, type Comparison, type Difference } from './compare.ts';
import { compareSums } from './compare-sums.ts';
import { BrokenLogError, type BrokenAccount } from './fold-accounts.ts';
import { inTransaction } from './session.ts';

/** What a walk over accounts found. */
export interface Findings {
  readonly events: number;
  /** Rows that the log gives, by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Live rows that differ from what the log gives; 0 is what an auditor wants to see. */
  readonly differing: number;
  /** The first of them, at most 1,000. */
  readonly differences: readonly Difference[];
  /** Accounts whose events do not follow from each other, at most 1,000; nothing is said of their rows. */
  readonly broken: readonly BrokenAccount[];
}

export const NOTHING_FOUND: Findings = { events: 0, rows: {}, differing: 0, differences: [], broken: [] };

export const isSound = ({ differing, broken }: Findings): boolean => differing === 0 && broken.length === 0;

const MAX_LISTED = 1_000;

/** Ranges under way at once, each on a connection of its own; the pool needs one more. */
export const WALKERS = 2;

export interface WalkOptions {
  readonly pool: Pool;
  readonly ranges: AsyncGenerator<StreamRange>;
  /** Schema that gets the rows; only compared when left out. */
  readonly into?: string;
  /** Events folded so far. */
  readonly onProgress?: (events: number) => void;
}

/**
 * Folds the accounts of each range and compares them with the live tables, range by range, each in one REPEATABLE READ
 * snapshot: events and rows are of the same moment, so writers may go on and no row differs for their sake.
 */
export async function walkAccounts({ pool, ranges, into, onProgress }: WalkOptions): Promise<Findings> {
  let found = NOTHING_FOUND;
  const walker = (): Promise<void> =>
    withClient(pool, async (client) => {
      for await (const range of taken(ranges)) {
        const one = await checkRange(client, range, into);
        found = together(found, one);
        onProgress?.(found.events);
      }
    });
  const settled = await Promise.allSettled(Array.from({ length: WALKERS }, walker));
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return found;
}

/** A generator that several take from: whoever stops does not end it for the others. */
async function* taken<T>(shared: AsyncGenerator<T>): AsyncGenerator<T> {
  for (;;) {
    const next = await shared.next();
    if (next.done === true) return;
    yield next.value;
  }
}

/** One range at one moment. */
export async function checkRange(client: PoolClient, range: StreamRange, into?: string): Promise<Findings> {
  return inTransaction(client, 'REPEATABLE READ', async () => {
    const folder = await foldRange(client, range);
    const [first] = folder.broken;
    if (into !== undefined && first !== undefined) throw new BrokenLogError(first.detail);
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

function together(a: Findings, b: Findings): Findings {
  const rows = { ...a.rows };
  for (const [table, count] of Object.entries(b.rows)) rows[table] = (rows[table] ?? 0) + count;
  return {
    events: a.events + b.events,
    rows,
    differing: a.differing + b.differing,
    differences: [...a.differences, ...b.differences].slice(0, MAX_LISTED),
    broken: [...a.broken, ...b.broken].slice(0, MAX_LISTED),
  };
}
