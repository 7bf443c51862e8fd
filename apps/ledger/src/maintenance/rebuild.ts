import { withClient, type Findings, type Threads } from '@jifen/event-store-postgres';
import type { Pool, PoolClient } from 'pg';
import { insertSums } from '../adapters/liability-table.ts';
import { rangesOfAll } from './account-range.ts';
import { BrokenLogError } from './fold-accounts.ts';
import { Follower, headsOf, type Places } from './follower.ts';
import { alone, inTransaction } from './session.ts';
import { createShadow, dropSchema, indexShadow, NEXT_SCHEMA, OLD_SCHEMA, TABLES } from './shadow.ts';
import { keptPlaces, swap } from './swap.ts';
import { allOrFirstFailure, walkAccounts, withComparison, withSums } from './walk.ts';

export interface RebuildOptions {
  /** The owner's, of at least three connections: tables are made and moved. */
  readonly pool: Pool;
  /** Folds, compares and writes in threads of their own; without it in this one. */
  readonly threads?: Threads;
  /** Only fold and compare; the live tables stay as they are. */
  readonly verifyOnly?: boolean;
  /** Keep the replaced tables, so that `rollbackRebuild` can return to them. */
  readonly keepOld?: boolean;
  readonly onProgress?: (progress: RebuildProgress) => void;
}

export interface RebuildProgress {
  /** Events folded so far, of how many. */
  readonly position: number;
  readonly of: number;
}

export interface RebuildReport extends Findings {
  readonly swapped: boolean;
}

/** There are no tables to return to. */
export class NothingKeptError extends Error {
  override readonly name = 'NothingKeptError';
}

const total = (places: Places): number => [...places.values()].reduce((sum, position) => sum + position, 0);

/**
 * Builds every projection anew from the log, beside the live tables, compares the two and puts the new ones in their place.
 *
 * Writers and readers go on throughout: accounts are folded and compared range by range, each in a snapshot of its own, into
 * tables without indexes; then the log since the beginning is followed, where an account's version says what it has
 * already. The swap takes all shard rows, folds the few events since, and moves the tables: commands wait for that moment
 * and none is refused. Throws BrokenLogError when the log itself does not fold, AlreadyRunningError beside another rebuild.
 */
export async function rebuildBalances(options: RebuildOptions): Promise<RebuildReport> {
  const { pool, threads, verifyOnly = false, keepOld = false } = options;
  return alone(pool, async (client) => {
    const from = await headsOf(client);
    const of = total(from);
    const onProgress = (events: number): void => options.onProgress?.({ position: Math.min(events, of), of });
    const walk = { pool, ranges: rangesOfAll(client), onProgress, ...(threads === undefined ? {} : { threads }) };
    if (verifyOnly) {
      const walked = await walkAccounts(walk);
      const compared = await withSums(client, walked);
      const [first] = compared.broken;
      if (first !== undefined) throw new BrokenLogError(first.detail);
      return { ...compared, swapped: false };
    }
    await createShadow(client);
    try {
      const found = await walkAccounts({ ...walk, into: NEXT_SCHEMA });
      await inTransaction(client, 'READ COMMITTED', () => client.query(insertSums(`${NEXT_SCHEMA}.`)));
      await indexAll(pool);
      const sums = await swap(client, new Follower(client, NEXT_SCHEMA, from));
      if (!keepOld) await dropSchema(client, OLD_SCHEMA);
      return { ...withComparison(found, sums), swapped: true };
    } finally {
      await dropSchema(client, NEXT_SCHEMA);
    }
  });
}

const indexAll = (pool: Pool): Promise<void> =>
  allOrFirstFailure(TABLES.map((table) => withClient(pool, (client) => indexShadow(client, table))));

export interface RollbackReport {
  /** Events that were folded into the kept tables since they were replaced. */
  readonly events: number;
}

/**
 * Returns to the tables that the last rebuild replaced, caught up with the log: the same swap, and the tables now live are
 * kept in turn, so that a second roll-back undoes the first. Throws NothingKeptError without kept tables, ShapeChangedError when
 * a migration has changed the live ones since.
 */
export async function rollbackRebuild({ pool }: Pick<RebuildOptions, 'pool'>): Promise<RollbackReport> {
  return alone(pool, async (client) => {
    const from = await placesOfKept(client);
    const follower = new Follower(client, OLD_SCHEMA, from);
    await swap(client, follower);
    return { events: total(follower.places()) - total(from) };
  });
}

async function placesOfKept(client: PoolClient): Promise<Places> {
  const places = await keptPlaces(client);
  if (places === undefined) throw new NothingKeptError('no replaced tables are kept: rebuild with --keep-old first');
  return places;
}

/** Drops kept tables; false when there were none. */
export async function discardKept({ pool }: Pick<RebuildOptions, 'pool'>): Promise<boolean> {
  return alone(pool, async (client) => {
    const kept = (await keptPlaces(client)) !== undefined;
    await dropSchema(client, OLD_SCHEMA);
    return kept;
  });
}
