import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';

/** A connection or a pool: whatever runs a statement. */
export interface Queryable {
  query<Row extends QueryResultRow>(asked: string | QueryConfig, values?: unknown[]): Promise<QueryResult<Row>>;
}
