import type { Cursor, Shard } from '@jifen/event-store';
import { present } from '@jifen/kernel';
import type { Pool, PoolClient } from 'pg';
import { int4Array } from './binary-arrays.ts';
import { EVENT_TYPES } from './event-rows.ts';
import { landed } from './landed.ts';

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
 * Elsewhere every execution is planned for the figures that it is asked with (`createPool`). The statements of a flush are so
 * many and so small that planning would cost as much as the work: those that have a name are planned once a connection, maybe
 * while their tables are empty, and that plan is kept when the tables have grown. So only such have names of which one plan
 * alone is possible: an INSERT of what is passed, or rows found by the one index that the condition fits; without sequential
 * scans no table is too small for it. (A table that members do not make grow may be read anyhow.) What is joined otherwise,
 * or could take one of two indexes, has no name, and is planned for the tables as they are.
 */
const BEGIN = 'BEGIN; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off';

/** Begins a transaction and takes the rows, in one round trip. The last statement sees what was committed before the locks were had. */
export async function beginWithShards(
  client: PoolClient,
  place: LogPlace,
  partitions: readonly number[],
): Promise<LockedShards> {
  const { schema, log } = place;
  const begun = client.query(BEGIN);
  const locked = client.query<ShardRow>({
    name: `${schema}-hold-shards`,
    text: `
SELECT ${SHARD_COLUMNS} FROM ${schema}.shard s WHERE s.log = $1 AND s.partition = ANY ($2::int4[])
ORDER BY s.partition FOR UPDATE`,
    values: [log, int4Array(partitions)],
    types: EVENT_TYPES,
  });
  const seen = client.query<{ readonly parked: string; readonly now: number }>({
    name: `${schema}-any-parked`,
    text: `SELECT EXISTS (SELECT FROM ${schema}.parked WHERE log = $1) AS parked, ${SERVER_NOW}`,
    values: [log],
    types: EVENT_TYPES,
  });
  await landed([begun, locked, seen]);
  const last = present((await seen).rows[0], 'the time');
  return { shards: (await locked).rows.map(shardOfRow), anyParked: last.parked !== 'f', serverNow: last.now };
}
