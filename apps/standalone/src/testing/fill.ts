import type { Pool } from 'pg';

/** Tables that grow with members, orders and movements; those that hold a row a program or a partition do not. */
const TABLES = {
  ingestion: ['event', 'waiting_refund', 'identity', 'member_standing'],
  rules: ['event', 'tier_timeline', 'member_facts', 'once_award', 'window_entry', 'window_total'],
  ledger: [
    ...['event', 'account', 'lot', 'hold', 'redemption', 'transfer', 'done', 'answered', 'liability'],
    ...['member_tier', 'member_standing'],
  ],
  tiering: ['event', 'granted', 'standing', 'purchase', 'joining', 'assignment', 'digest'],
  notifications: ['event', 'lot', 'balance', 'standing'],
} as const;

/** What a column that must have a value gets in row `i`: names that sort behind all others, and instants that never come. */
const valueOf = (schema: string, column: string, type: string): string => {
  if (column === 'log') return `(SELECT log FROM ${schema}.shard LIMIT 1)`;
  if (column === 'state') return `'open'`;
  if (column === 'partition') return '999';
  if (column === 'position' || column === 'version') return 'i';
  if (type === 'text') return `'zz-' || i || '/zz-' || i || '/points'`;
  if (type === 'timestamp with time zone') return `'infinity'`;
  if (type === 'boolean') return 'false';
  if (type === 'bytea') return `decode(repeat('00', 32), 'hex')`;
  if (type === 'json' || type === 'jsonb') return `'{}'`;
  if (type === 'ARRAY') return `'{}'`;
  return '0';
};

const COLUMNS = `
SELECT column_name AS name, data_type AS type FROM information_schema.columns
WHERE table_schema = $1 AND table_name = $2 AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'
ORDER BY ordinal_position`;

/** Rows of nobody, in every table of every service that grows, behind the services' and the planner's back. */
export async function fill(owner: Pool, rows: number): Promise<void> {
  for (const [schema, tables] of Object.entries(TABLES)) {
    for (const table of tables) {
      const { rows: columns } = await owner.query<{ name: string; type: string }>(COLUMNS, [schema, table]);
      const names = columns.map(({ name }) => name).join(', ');
      const values = columns.map(({ name, type }) => valueOf(schema, name, type)).join(', ');
      await owner.query(
        `INSERT INTO ${schema}.${table} (${names}) SELECT ${values} FROM generate_series(1, ${rows}) i`,
      );
    }
  }
}
