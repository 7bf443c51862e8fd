import { MAX_THREADS, usualThreads, type Threads } from '@jifen/event-store-postgres';
import { SERVICE_OF_LOG, type LogName } from '@jifen/messaging';
import type { Pool } from 'pg';
import { optional, UsageError, type Invocation } from './command.ts';
import { partitionsOf } from './logs.ts';

export const WORKERS_OPTION = {
  workers: {
    type: 'string',
    help: 'threads that work, each with connections of its own; 1: this one alone (default: one a processor, at most 8)',
  },
} as const;

/** A shorter log is read before threads have started. */
const WORTH_THREADS = 20_000;

/** Of `--workers`; nothing when one thread is enough. */
export async function threadsFor(
  invocation: Invocation,
  pool: Pool,
  log: LogName,
): Promise<{ readonly threads?: Threads }> {
  const text = optional(invocation, 'workers');
  const asked = text === undefined ? undefined : Number(text);
  if (asked !== undefined && !(Number.isInteger(asked) && asked >= 1 && asked <= MAX_THREADS))
    throw new UsageError(`--workers must be an integer from 1 to ${MAX_THREADS}`);
  const usual = async (): Promise<number> => ((await eventsOf(pool, log)) < WORTH_THREADS ? 1 : usualThreads());
  const count = asked ?? (await usual());
  return count === 1 ? {} : { threads: { databaseUrl: await invocation.databaseUrl(), count } };
}

/** Events that the log has, 0 when it does not exist here. */
async function eventsOf(pool: Pool, log: LogName): Promise<number> {
  if ((await partitionsOf(pool, log)) === 0) return 0;
  const { rows } = await pool.query<{ n: number | string }>(
    `SELECT sum(position) AS n FROM ${SERVICE_OF_LOG[log]}.shard WHERE log = $1`,
    [log],
  );
  return Number(rows[0]?.n ?? 0);
}
