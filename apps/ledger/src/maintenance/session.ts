import { withClient } from '@jifen/event-store-postgres';
import type { Pool, PoolClient } from 'pg';

export const SCHEMA = 'ledger';
export const LOG = 'ledger';
export const ROLE = 'jifen_ledger';

/** An index of a large table is one statement. */
const STATEMENT_MILLIS = 3_600_000;

export type Isolation = 'READ COMMITTED' | 'REPEATABLE READ';

/** One transaction of the owner, with the ledger's schema first. */
export async function inTransaction<T>(
  client: PoolClient,
  isolation: Isolation,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  await client.query(`BEGIN ISOLATION LEVEL ${isolation}; SET LOCAL search_path = ${SCHEMA};
SET LOCAL statement_timeout = ${STATEMENT_MILLIS}; SET LOCAL plan_cache_mode = force_custom_plan`);
  try {
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // The first error tells what went wrong; a connection that cannot roll back is dropped by whoever holds it.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** "jifen rebuild" in a number. */
const REBUILD_LOCK = 7_214_077;
/** An audit holds the lock for a moment at a time; a verification or another rebuild for as long as it takes. */
const WAIT_FOR_LOCK = '8s';
const LOCK_NOT_AVAILABLE = '55P03';

export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
}

/** Runs while no rebuild and no comparison does. The connection holds the lock, and loses it when it dies. */
export const alone = <T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> =>
  locked(pool, 'pg_advisory_lock', work);

/** Runs while no rebuild does: a swap in the middle would show events and rows of different moments. */
export const besideNoRebuild = <T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> =>
  locked(pool, 'pg_advisory_lock_shared', work);

const locked = <T>(pool: Pool, lock: string, work: (client: PoolClient) => Promise<T>): Promise<T> =>
  withClient(pool, async (client) => {
    await client.query(`SET lock_timeout = '${WAIT_FOR_LOCK}'`);
    try {
      await client.query(`SELECT ${lock}(${REBUILD_LOCK})`);
    } catch (cause) {
      if (!(cause instanceof Error) || !('code' in cause) || cause.code !== LOCK_NOT_AVAILABLE) throw cause;
      throw new AlreadyRunningError('another rebuild or comparison of the balances is running', { cause });
    }
    await client.query('RESET lock_timeout');
    const result = await work(client);
    await client.query('SELECT pg_advisory_unlock_all()');
    return result;
  });
