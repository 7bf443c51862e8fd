import type { PoolClient } from 'pg';

export const SCHEMA = 'rules';
export const LOG = 'rating';
export const PLACE = { schema: SCHEMA, log: LOG };

/** A member of many causes is read page by page; none of the statements is longer than this. */
const STATEMENT_MILLIS = 600_000;

/** One transaction of the owner, with the service's schema first and instants in UTC. */
export async function inTransaction<T>(
  client: PoolClient,
  isolation: 'READ COMMITTED' | 'REPEATABLE READ',
  work: () => Promise<T>,
): Promise<T> {
  await client.query(`BEGIN ISOLATION LEVEL ${isolation}; SET LOCAL search_path = ${SCHEMA};
SET LOCAL statement_timeout = ${STATEMENT_MILLIS}; SET LOCAL idle_in_transaction_session_timeout = ${STATEMENT_MILLIS};
SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL timezone = 'UTC'`);
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // The first error tells what went wrong; a connection that cannot roll back is dropped by whoever holds it.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
