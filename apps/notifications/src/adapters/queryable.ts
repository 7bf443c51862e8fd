import type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import type { InTransaction } from '../application/ports.ts';

/** A connection or a pool: whatever runs a statement. */
export interface Queryable {
  query<Row extends QueryResultRow>(asked: string | QueryConfig, values?: unknown[]): Promise<QueryResult<Row>>;
}

export const inTransactionOf =
  (pool: Pool): InTransaction<Queryable> =>
  async (work) => {
    const client: PoolClient = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: unknown) => {
        broken = failure instanceof Error ? failure : new Error(String(failure));
      });
      throw error;
    } finally {
      client.release(broken);
    }
  };
