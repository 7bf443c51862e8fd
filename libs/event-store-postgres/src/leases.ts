import type { Pool, PoolClient } from 'pg';
import { EVENT_TYPES } from './event-rows.ts';
import { checkName } from './pool.ts';

/** A partition that somebody works on until the lease runs out. All times are the database's. */
export interface Lease {
  readonly partition: number;
  readonly holder: string;
  /** Grows with each change of hands. */
  readonly epoch: number;
  /** Milliseconds left at the moment of the answer; 0 or less: free to take. */
  readonly remainingMillis: number;
}

/** The `lease` table of a schema and one name in it, e.g. a consumer group: `group:ledger`. */
export interface LeasePlace {
  readonly schema: string;
  readonly name: string;
}

type Sql = Pool | PoolClient;

const COLUMNS = `l.partition, l.holder, l.epoch,
  floor(extract(epoch FROM l.expires_at - clock_timestamp()) * 1000)::int8 AS "remainingMillis"`;

/**
 * Takes those of the partitions that are free or have run out, or are the holder's own already (whose epoch then grows too).
 * Answers what was got; one that another transaction is just taking is passed over.
 */
export async function acquireLeases(
  sql: Sql,
  place: LeasePlace,
  request: { readonly holder: string; readonly partitions: readonly number[]; readonly ttlMillis: number },
): Promise<readonly Lease[]> {
  const schema = checkName(place.schema);
  if (request.partitions.length === 0) return [];
  await sql.query(
    `INSERT INTO ${schema}.lease (name, partition, holder, epoch, expires_at)
     SELECT $1, p, '', 0, 'epoch' FROM unnest($2::int4[]) AS p ORDER BY p ON CONFLICT DO NOTHING`,
    [place.name, request.partitions],
  );
  return leases(
    sql,
    undefined,
    `WITH free AS (
       SELECT partition FROM ${schema}.lease
       WHERE name = $1 AND partition = ANY($2::int4[]) AND (expires_at <= clock_timestamp() OR holder = $3)
       ORDER BY partition FOR UPDATE SKIP LOCKED)
     UPDATE ${schema}.lease l
     SET holder = $3, epoch = l.epoch + 1, expires_at = clock_timestamp() + $4 * interval '1 millisecond'
     FROM free WHERE l.name = $1 AND l.partition = free.partition RETURNING ${COLUMNS}`,
    [place.name, request.partitions, request.holder, request.ttlMillis],
  );
}

/** Prolongs those still held under their epoch, even when they ran out but nobody took them; what is missing in the answer is lost. */
export function renewLeases(
  sql: Sql,
  place: LeasePlace,
  request: { readonly holder: string; readonly leases: readonly Lease[]; readonly ttlMillis: number },
): Promise<readonly Lease[]> {
  const schema = checkName(place.schema);
  return leases(
    sql,
    `${schema}-renew-leases`,
    `WITH held AS (
       SELECT l.partition FROM ${schema}.lease l
       JOIN unnest($2::int4[], $3::int8[]) AS h (partition, epoch) ON l.partition = h.partition AND l.epoch = h.epoch
       WHERE l.name = $1 AND l.holder = $4 ORDER BY l.partition FOR UPDATE OF l)
     UPDATE ${schema}.lease l SET expires_at = clock_timestamp() + $5 * interval '1 millisecond'
     FROM held WHERE l.name = $1 AND l.partition = held.partition RETURNING ${COLUMNS}`,
    [
      place.name,
      request.leases.map((lease) => lease.partition),
      request.leases.map((lease) => lease.epoch),
      request.holder,
      request.ttlMillis,
    ],
  );
}

/** Gives leases back, so that others need not wait for them to run out; those held by others are left alone. */
export async function releaseLeases(
  sql: Sql,
  place: LeasePlace,
  request: { readonly holder: string; readonly partitions: readonly number[] },
): Promise<void> {
  await sql.query(
    `UPDATE ${checkName(place.schema)}.lease SET expires_at = 'epoch', holder = ''
     WHERE name = $1 AND holder = $2 AND partition = ANY($3::int4[])`,
    [place.name, request.holder, request.partitions],
  );
}

/** All leases of the name, those that ran out too. */
export function listLeases(sql: Sql, place: LeasePlace): Promise<readonly Lease[]> {
  const text = `SELECT ${COLUMNS} FROM ${checkName(place.schema)}.lease l WHERE l.name = $1 ORDER BY l.partition`;
  return leases(sql, `${place.schema}-leases`, text, [place.name]);
}

async function leases(
  sql: Sql,
  name: string | undefined,
  text: string,
  values: readonly unknown[],
): Promise<readonly Lease[]> {
  const rows = await sql.query<Lease>({ name, text, values: [...values], types: EVENT_TYPES });
  return [...rows.rows].sort((a, b) => a.partition - b.partition);
}
