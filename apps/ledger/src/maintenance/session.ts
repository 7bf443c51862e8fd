import type { Pool, PoolClient } from 'pg';

export const SCHEMA = 'ledger';
export const LOG = 'ledger';
export const ROLE = 'jifen_ledger';

/** A comparison of a whole partition is one statement. */
const STATEMENT_MILLIS = 600_000;

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

/** "jifen rebuild" in a number: one rebuild or comparison at a time. */
const REBUILD_LOCK = 7_214_077;

export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
}

/** Runs while no other rebuild does. The connection holds the lock, and loses it when it dies. */
export async function alone<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let healthy = false;
  try {
    const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [REBUILD_LOCK]);
    if (rows[0]?.got !== true) {
      healthy = true;
      throw new AlreadyRunningError('another rebuild or comparison of the balances is running');
    }
    const result = await work(client);
    await client.query('SELECT pg_advisory_unlock($1)', [REBUILD_LOCK]);
    healthy = true;
    return result;
  } finally {
    client.release(!healthy);
  }
}
