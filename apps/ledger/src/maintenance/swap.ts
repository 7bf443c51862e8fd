import type { PoolClient } from 'pg';
import type { Comparison } from './compare.ts';
import { compareSumsWith } from './compare-sums.ts';
import type { Follower, Places } from './follower.ts';
import { inTransaction, LOG, SCHEMA } from './session.ts';
import { checkShape, NEXT_SCHEMA, OLD_SCHEMA, TABLES } from './shadow.ts';

/** Readers in the middle of a statement are waited for this long, then the writers are let go first. */
const LOCK_MILLIS = 2_000;
const MAX_TRIES = 10;
const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK = '40P01';

/**
 * Puts the tables that the follower keeps up in place of the live ones, at one moment of the whole log. The replaced
 * ones are kept in the old schema, with the places that they include, so that the way back is the same swap. Answers how the
 * sums of what is owed differed from those that take their place.
 */
export async function swap(client: PoolClient, follower: Follower): Promise<Comparison> {
  for (let tries = 1; ; tries++) {
    await follower.closeIn();
    const places = follower.places();
    try {
      return await inTransaction(client, 'READ COMMITTED', () => swapNow(client, follower));
    } catch (error) {
      follower.restore(places);
      if (tries >= MAX_TRIES || !gaveWay(error)) throw error;
    }
  }
}

async function swapNow(client: PoolClient, follower: Follower): Promise<Comparison> {
  await client.query(`SET LOCAL lock_timeout = ${LOCK_MILLIS}`);
  // All shard rows, in the order in which every writer takes them: from here on nobody appends.
  const shards = await client.query<{ partition: number; position: number | string }>(
    'SELECT partition, position FROM shard WHERE log = $1 ORDER BY partition FOR UPDATE',
    [LOG],
  );
  for (const { partition, position } of shards.rows) await follower.foldTo(partition, Number(position));
  await checkShape(client, follower.schema);
  await client.query(`LOCK TABLE ${TABLES.map((table) => `${SCHEMA}.${table}`).join(', ')} IN ACCESS EXCLUSIVE MODE`);
  const sums = await compareSumsWith(client, follower.schema);
  const returning = follower.schema === OLD_SCHEMA;
  // Tables that return come from the old schema, and the replaced ones need one of that name.
  const from = returning ? NEXT_SCHEMA : follower.schema;
  if (returning)
    await client.query(`DROP SCHEMA IF EXISTS ${from} CASCADE; ALTER SCHEMA ${OLD_SCHEMA} RENAME TO ${from}`);
  else await client.query(`DROP SCHEMA IF EXISTS ${OLD_SCHEMA} CASCADE`);
  await client.query(`CREATE SCHEMA ${OLD_SCHEMA}`);
  for (const table of TABLES) {
    await client.query(`
ALTER TABLE ${SCHEMA}.${table} SET SCHEMA ${OLD_SCHEMA};
ALTER TABLE ${from}.${table} SET SCHEMA ${SCHEMA}`);
  }
  await client.query(`DROP SCHEMA ${from} CASCADE`);
  await rememberPlaces(client, follower.places());
  return sums;
}

async function rememberPlaces(client: PoolClient, places: Places): Promise<void> {
  await client.query(`CREATE TABLE ${OLD_SCHEMA}.place (partition integer PRIMARY KEY, position bigint NOT NULL)`);
  await client.query(`INSERT INTO ${OLD_SCHEMA}.place SELECT * FROM unnest($1::int4[], $2::int8[])`, [
    [...places.keys()],
    [...places.values()],
  ]);
}

/** What the kept tables include; nothing when none are kept. */
export async function keptPlaces(client: PoolClient): Promise<Places | undefined> {
  const kept = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    `${OLD_SCHEMA}.place`,
  ]);
  if (kept.rows[0]?.there !== true) return undefined;
  const found = await client.query<{ partition: number; position: number | string }>(
    `SELECT partition, position FROM ${OLD_SCHEMA}.place ORDER BY partition`,
  );
  return new Map(found.rows.map(({ partition, position }) => [partition, Number(position)]));
}

function gaveWay(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === LOCK_NOT_AVAILABLE || code === DEADLOCK;
}
