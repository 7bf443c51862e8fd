import { instantFromMillis } from '@jifen/kernel';
import type { ReviewBacklog, StandingRow } from '../application/ports.ts';
import { COLUMNS, rowOf, type StoredRow } from './standing-table.ts';
import type { Queryable } from './queryable.ts';

/** Counting stops here: more is "very many", and a metric must not cost more than the work. */
const MAX_COUNTED = 100_000;

/** In the order of the index and no other: at the end of a calendar year everybody is due at once, and to sort them all for each page is quadratic. */
const DUE = `
  SELECT ${COLUMNS} FROM standing WHERE partition = $1 AND due <= $2::timestamptz ORDER BY due LIMIT $3`;

const PARTITIONS_DUE = `
  SELECT p FROM generate_series(0, $1::int - 1) p
   WHERE EXISTS (SELECT FROM standing WHERE partition = p AND due <= $2::timestamptz)`;

const BACKLOG = `
  SELECT count(*)::int AS members, min(due) AS since
    FROM (SELECT due FROM standing WHERE due <= $1::timestamptz LIMIT ${MAX_COUNTED}) waiting`;

export async function standingsDue(
  sql: Queryable,
  partition: number,
  now: number,
  limit: number,
): Promise<readonly StandingRow[]> {
  const { rows } = await sql.query<StoredRow>(DUE, [partition, instantFromMillis(now), limit]);
  return rows.map(rowOf);
}

export async function partitionsDue(sql: Queryable, partitions: number, now: number): Promise<readonly number[]> {
  const { rows } = await sql.query<{ readonly p: number }>(PARTITIONS_DUE, [partitions, instantFromMillis(now)]);
  return rows.map(({ p }) => p);
}

export async function reviewBacklog(sql: Queryable, now: number): Promise<ReviewBacklog> {
  const { rows } = await sql.query<{ readonly members: number; readonly since: Date | null }>(BACKLOG, [
    instantFromMillis(now),
  ]);
  const since = rows[0]?.since ?? null;
  return { members: rows[0]?.members ?? 0, since: since === null ? undefined : instantFromMillis(since.getTime()) };
}
