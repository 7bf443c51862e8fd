import { createPool } from '@jifen/event-store-postgres';
import { SERVICE_OF_LOG, type LogName } from '@jifen/messaging';
import type { Pool } from 'pg';
import { optional, UsageError, type Invocation } from './command.ts';

export const LOGS = Object.keys(SERVICE_OF_LOG) as readonly LogName[];

const CONNECTIONS = 5;

export async function withPool<T>(invocation: Invocation, work: (pool: Pool) => Promise<T>): Promise<T> {
  const url = await invocation.databaseUrl();
  const pool = createPool(url, { max: CONNECTIONS, applicationName: 'jifen-cli' });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

/** Partitions that the log has, 0 when it does not exist here. */
export async function partitionsOf(pool: Pool, log: LogName): Promise<number> {
  const schema = SERVICE_OF_LOG[log];
  const exists = await pool.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [
    `${schema}.shard`,
  ]);
  if (exists.rows[0]?.found !== true) return 0;
  const { rows } = await pool.query<{ n: number }>(`SELECT count(*) AS n FROM ${schema}.shard WHERE log = $1`, [log]);
  return Number(rows[0]?.n ?? 0);
}

export const partOf = (pool: Pool, log: LogName) => ({ pool, schema: SERVICE_OF_LOG[log], log });

/** Of `--member`. */
export function memberAsked(invocation: Invocation): { readonly program: string; readonly member: string } | undefined {
  const text = optional(invocation, 'member');
  if (text === undefined) return undefined;
  const [program = '', member = '', ...more] = text.split('/');
  if (program === '' || member === '' || more.length > 0) throw new UsageError('--member is <program>/<member>');
  return { program, member };
}
