import type { Cursor, Shard } from '@jifen/event-store';
import { present } from '@jifen/kernel';
import type { Pool, PoolClient } from 'pg';
import { EVENT_TYPES } from './event-rows.ts';

interface ShardRow {
  readonly partition: number;
  readonly epoch: number;
  readonly position: number;
  readonly headHash: Buffer;
  readonly cursors: string;
}

const SHARD_COLUMNS = 's.partition, s.epoch, s.position, s.head_hash AS "headHash", s.cursors';

const shardOfRow = (row: ShardRow): Shard => ({
  ...row,
  cursors: JSON.parse(row.cursors) as Record<string, Cursor>,
});

/** The log was made with another number of partitions, which is fixed for the life of a deployment. */
export class PartitionCountError extends Error {
  override readonly name = 'PartitionCountError';
}

export interface LogPlace {
  readonly schema: string;
  readonly log: string;
  readonly partitions: number;
}

/** Makes the log's rows where there are none, and checks their number where there are. */
export async function ensureShards(pool: Pool, place: LogPlace): Promise<void> {
  const { schema, log, partitions } = place;
  if (await countMatches(pool, place)) return;
  await pool.query(
    `INSERT INTO ${schema}.shard (log, partition) SELECT $1, generate_series(0, $2::int - 1) ON CONFLICT DO NOTHING`,
    [log, partitions],
  );
  await countMatches(pool, place);
}

async function countMatches(pool: Pool, { schema, log, partitions }: LogPlace): Promise<boolean> {
  const found = await pool.query<{ count: number }>({
    text: `SELECT count(*) AS count FROM ${schema}.shard WHERE log = $1`,
    values: [log],
    types: EVENT_TYPES,
  });
  const count = found.rows[0]?.count ?? 0;
  if (count !== 0 && count !== partitions) {
    throw new PartitionCountError(`log ${log} has ${count} partitions, and ${partitions} are configured`);
  }
  return count === partitions;
}

export async function readShards(pool: Pool, { schema, log }: LogPlace): Promise<readonly Shard[]> {
  const rows = await pool.query<ShardRow>({
    text: `SELECT ${SHARD_COLUMNS} FROM ${schema}.shard s WHERE s.log = $1 ORDER BY s.partition`,
    values: [log],
    types: EVENT_TYPES,
  });
  return rows.rows.map(shardOfRow);
}

/** Locks in ascending order, as every transaction does, so that claims and transactions cannot wait for each other. */
export async function claimShards(
  pool: Pool,
  place: LogPlace,
  partitions: readonly number[],
): Promise<readonly Shard[]> {
  const { schema, log } = place;
  const rows = await pool.query<ShardRow>({
    text: `
WITH held AS (
  SELECT partition FROM ${schema}.shard WHERE log = $1 AND partition = ANY($2::int4[]) ORDER BY partition FOR UPDATE)
UPDATE ${schema}.shard s SET epoch = s.epoch + 1 FROM held
WHERE s.log = $1 AND s.partition = held.partition RETURNING ${SHARD_COLUMNS}`,
    values: [log, partitions],
    types: EVENT_TYPES,
  });
  return rows.rows.map(shardOfRow).sort((a, b) => a.partition - b.partition);
}

/** Milliseconds since 1970, as `now`. */
export const SERVER_NOW = 'floor(extract(epoch FROM clock_timestamp()) * 1000)::int8 AS now';

export interface LockedShards {
  readonly shards: readonly Shard[];
  readonly anyParked: boolean;
  /** PostgreSQL's clock once the locks are had, milliseconds since 1970. */
  readonly serverNow: number;
}

/**
 * Begins a transaction and takes the rows, in one round trip: a simple query, so the numbers stand in the text. The last
 * statement sees what was committed before the locks were had.
 */
export async function beginWithShards(
  client: PoolClient,
  place: LogPlace,
  partitions: readonly number[],
): Promise<LockedShards> {
  const { schema, log } = place;
  const results: unknown = await client.query({
    text: `BEGIN;
SELECT ${SHARD_COLUMNS} FROM ${schema}.shard s WHERE s.log = '${log}' AND s.partition = ANY('{${partitions.join(',')}}')
ORDER BY s.partition FOR UPDATE;
SELECT EXISTS (SELECT FROM ${schema}.parked WHERE log = '${log}') AS parked, ${SERVER_NOW}`,
    types: EVENT_TYPES,
  });
  const [, locked, seen] = results as readonly { readonly rows: readonly unknown[] }[];
  const last = present(seen?.rows[0], 'the time') as { readonly parked: string; readonly now: number };
  return {
    shards: (locked?.rows ?? []).map((row) => shardOfRow(row as ShardRow)),
    anyParked: last.parked !== 'f',
    serverNow: last.now,
  };
}
