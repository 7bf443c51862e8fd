import type { Pool } from 'pg';

const SCHEMAS = ['ingestion', 'rules', 'ledger', 'tiering', 'notifications'];

export interface Storage {
  readonly rows: number;
  readonly bytes: number;
}

/** Rows and bytes (tables, indexes, TOAST) of all services' schemas; counted exactly, so only for databases of bench size. */
export async function storage(pool: Pool): Promise<Storage> {
  const tables = await pool.query<{ name: string; bytes: string }>(
    `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name, pg_total_relation_size(c.oid) AS bytes
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = ANY($1)`,
    [SCHEMAS],
  );
  let rows = 0;
  let bytes = 0;
  for (const { name, bytes: size } of tables.rows) {
    const counted = await pool.query<{ count: string }>(`SELECT count(*) FROM ${name}`);
    rows += Number(counted.rows[0]?.count ?? 0);
    bytes += Number(size);
  }
  return { rows, bytes };
}
