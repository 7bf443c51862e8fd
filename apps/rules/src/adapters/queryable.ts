import type { QueryResult, QueryResultRow } from 'pg';

/** A connection or a pool: whatever runs a statement. */
export interface Queryable {
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<QueryResult<Row>>;
}
