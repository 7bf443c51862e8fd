import { createHash, randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';

/**
 * What this PostgreSQL can take at most, in the same run as everything else: bare appends of events of an order's size, and
 * "fenced" appends, which move a shard row with position and offset and upsert a balance row an event in the same transaction.
 */
export interface CeilingResult {
  readonly connections: number;
  readonly eventsPerSecond: number;
}

export const CEILING_BATCH = 250;
const PAYLOAD_BYTES = 600;

const SCHEMA = `
  CREATE SCHEMA IF NOT EXISTS ceiling;
  DROP TABLE IF EXISTS ceiling.event, ceiling.shard, ceiling.balance;
  CREATE TABLE ceiling.event (partition int, position bigint, stream text COLLATE "C", version int, data text, hash bytea, at timestamptz,
    PRIMARY KEY (partition, position), UNIQUE (stream, version));
  CREATE TABLE ceiling.shard (partition int PRIMARY KEY, position bigint NOT NULL, next_offset bigint NOT NULL);
  CREATE TABLE ceiling.balance (owner text COLLATE "C" PRIMARY KEY, points bigint NOT NULL) WITH (fillfactor = 70);
  INSERT INTO ceiling.shard SELECT p, 0, 0 FROM generate_series(0, 15) p`;

const INSERT = `INSERT INTO ceiling.event SELECT * FROM unnest($1::int[], $2::bigint[], $3::text[], $4::int[], $5::text[], $6::bytea[], $7::timestamptz[])`;
const MOVE =
  'UPDATE ceiling.shard SET position = position + $2, next_offset = next_offset + $2 WHERE partition = $1 RETURNING position';
const BALANCE = `INSERT INTO ceiling.balance SELECT * FROM unnest($1::text[], $2::bigint[])
  ON CONFLICT (owner) DO UPDATE SET points = ceiling.balance.points + excluded.points`;

async function batch(
  client: PoolClient,
  partition: number,
  fenced: boolean,
  first: number,
  payload: string,
): Promise<void> {
  const rows = Array.from({ length: CEILING_BATCH }, (_, index) => index);
  await client.query('BEGIN');
  const moved = fenced ? await client.query<{ position: string }>(MOVE, [partition, CEILING_BATCH]) : undefined;
  const base = moved === undefined ? first : Number(moved.rows[0]?.position) - CEILING_BATCH;
  const hash = createHash('sha256').update(payload).digest();
  const now = new Date().toISOString();
  await client.query(INSERT, [
    rows.map(() => partition),
    rows.map((row) => base + row + 1),
    rows.map(() => randomUUID()),
    rows.map(() => 1),
    rows.map(() => payload),
    rows.map(() => hash),
    rows.map(() => now),
  ]);
  if (fenced) {
    const owners = [...new Set(rows.map(() => `demo/${partition}-${Math.floor(Math.random() * 100_000)}`))];
    await client.query(BALANCE, [owners, owners.map(() => 100)]);
  }
  await client.query('COMMIT');
}

export async function measureCeiling(
  pool: Pool,
  fenced: boolean,
  connections: number,
  seconds: number,
): Promise<CeilingResult> {
  await pool.query(SCHEMA);
  const payload = JSON.stringify({ filler: 'x'.repeat(PAYLOAD_BYTES) });
  const end = performance.now() + seconds * 1_000;
  const started = performance.now();
  const counts = await Promise.all(
    Array.from({ length: connections }, async (_, partition) => {
      const client = await pool.connect();
      try {
        let written = 0;
        while (performance.now() < end) {
          await batch(client, partition, fenced, written, payload);
          written += CEILING_BATCH;
        }
        return written;
      } finally {
        client.release();
      }
    }),
  );
  const elapsed = (performance.now() - started) / 1_000;
  await pool.query('DROP SCHEMA ceiling CASCADE');
  return { connections, eventsPerSecond: Math.round(counts.reduce((sum, count) => sum + count, 0) / elapsed) };
}
