import { withClient } from '@jifen/event-store-postgres';
import { textArray } from '@jifen/event-store-postgres';
import { instantFromMillis } from '@jifen/kernel';
import type { Pool } from 'pg';

/** One row a partition, made where there is none. */
export async function ensureLanes(pool: Pool, partitions: number): Promise<void> {
  await pool.query('INSERT INTO lane (partition) SELECT generate_series(0, $1::int - 1) ON CONFLICT DO NOTHING', [
    partitions,
  ]);
}

/**
 * Works while holding the partition's lane; answers false at once when another process has it. Who dies lets go: the
 * lane is a row lock. It only keeps processes from doing the same work; what is right is decided under the shard row.
 */
export async function inLane(pool: Pool, partition: number, work: () => Promise<void>): Promise<boolean> {
  return withClient(pool, async (client) => {
    await client.query('BEGIN');
    const text = 'SELECT partition FROM lane WHERE partition = $1 FOR UPDATE SKIP LOCKED';
    const { rows } = await client.query(text, [partition]);
    if (rows.length > 0) await work();
    await client.query('COMMIT');
    return rows.length > 0;
  });
}

const ofKind = (due: string): string =>
  `(SELECT key, ${due} AS at FROM account
  WHERE partition = $1 AND ${due} <= $2::timestamptz AND ${due} < 'infinity' AND key <> ALL ($4::text[]) ORDER BY ${due} LIMIT $3)`;
const DUES = ['activation_due', 'expiry_due', 'hold_due'] as const;

const DUE = `
SELECT key FROM (${DUES.map(ofKind).join('\nUNION ALL ')}) d GROUP BY key ORDER BY min(at), key LIMIT $3`;

/** Accounts of a partition for which something falls due, longest due first, without those that are to rest. */
export async function dueAccounts(
  pool: Pool,
  partition: number,
  now: number,
  limit: number,
  resting: readonly string[] = [],
): Promise<readonly string[]> {
  const values = [partition, instantFromMillis(now), limit, textArray(resting)];
  const { rows } = await pool.query<{ key: string }>({ name: 'due-accounts', text: DUE, values });
  return rows.map(({ key }) => key);
}

const exists = (due: string): string =>
  `EXISTS (SELECT FROM account WHERE partition = p AND ${due} <= $2::timestamptz AND ${due} < 'infinity')`;
const WITH_WORK = `
SELECT p FROM generate_series(0, $1::int - 1) p
WHERE ${DUES.map(exists).join(' OR ')} OR EXISTS (SELECT FROM leg WHERE partition = p AND due <= $2::timestamptz)`;

/** Partitions in which something is due. */
export async function partitionsWithWork(pool: Pool, partitions: number, now: number): Promise<readonly number[]> {
  const values = [partitions, instantFromMillis(now)];
  const { rows } = await pool.query<{ p: number }>({ name: 'partitions-with-work', text: WITH_WORK, values });
  return rows.map(({ p }) => p);
}

export interface Backlog {
  /** Accounts for which something is due, counted up to a limit. */
  readonly accounts: number;
  /** Since when the oldest of them is due, milliseconds; 0 when nothing is. */
  readonly ageMillis: number;
  readonly transfers: number;
  readonly transferAgeMillis: number;
}

/** Counting stops here: more is "very many", and a metric must not cost more than the work. */
const MAX_COUNTED = 100_000;

const counted = (due: string): string =>
  `(SELECT ${due} AS at FROM account WHERE ${due} <= $1::timestamptz AND ${due} < 'infinity' LIMIT ${MAX_COUNTED})`;
const BACKLOG = `
SELECT (SELECT count(*) FROM (${DUES.map(counted).join(' UNION ALL ')}) d)::int AS accounts,
  (SELECT min(at) FROM (${DUES.map((due) => `(SELECT min(${due}) AS at FROM account WHERE ${due} < 'infinity')`).join(' UNION ALL ')}) m) AS oldest,
  (SELECT count(*) FROM (SELECT FROM leg LIMIT ${MAX_COUNTED}) l)::int AS transfers,
  (SELECT min(sent_at) FROM leg) AS sent`;

export async function backlogOf(pool: Pool, now: number): Promise<Backlog> {
  const { rows } = await pool.query<{
    accounts: number;
    oldest: Date | null;
    transfers: number;
    sent: Date | null;
  }>(BACKLOG, [instantFromMillis(now)]);
  const age = (at: Date | null | undefined): number => (at instanceof Date ? Math.max(0, now - at.getTime()) : 0);
  const [row] = rows;
  return {
    accounts: row?.accounts ?? 0,
    ageMillis: age(row?.oldest),
    transfers: row?.transfers ?? 0,
    transferAgeMillis: age(row?.sent),
  };
}
