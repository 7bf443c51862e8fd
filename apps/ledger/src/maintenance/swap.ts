import type { PoolClient } from 'pg';
import { CONSTRAINTS, INDEXES } from '../adapters/migrations.ts';
import type { Rebuild } from './rebuild.ts';
import { inTransaction, LOG } from './session.ts';

/** Readers in the middle of a statement are waited for this long, then the writers are let go first. */
const LOCK_MILLIS = 2_000;
const MAX_TRIES = 10;
const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK = '40P01';

/** Puts the new tables in place of the live ones, at one moment of the whole log. The old ones are left for dropping. */
export async function swap(client: PoolClient, rebuild: Rebuild): Promise<void> {
  for (let tries = 1; ; tries++) {
    await rebuild.closeIn();
    const places = rebuild.places();
    try {
      await inTransaction(client, 'READ COMMITTED', () => swapNow(client, rebuild));
      return;
    } catch (error) {
      rebuild.restore(places);
      if (tries >= MAX_TRIES || !gaveWay(error)) throw error;
    }
  }
}

async function swapNow(client: PoolClient, rebuild: Rebuild): Promise<void> {
  await client.query(`SET LOCAL lock_timeout = ${LOCK_MILLIS}`);
  // All shard rows, in the order in which every writer takes them: from here on nobody appends.
  const shards = await client.query<{ partition: number; position: number | string }>(
    'SELECT partition, position FROM shard WHERE log = $1 ORDER BY partition FOR UPDATE',
    [LOG],
  );
  for (const { partition, position } of shards.rows) await rebuild.foldTo(partition, Number(position));
  await client.query('LOCK TABLE account, lot IN ACCESS EXCLUSIVE MODE');
  await client.query([...renames('', '_old'), ...renames('_next', '')].join('; '));
}

/** The names of constraints and indexes follow, so that the next rebuild and later migrations find them. */
function renames(from: string, to: string): readonly string[] {
  const tables = Object.entries(CONSTRAINTS).flatMap(([table, constraints]) => [
    ...constraints.map((name) => `ALTER TABLE ${table}${from} RENAME CONSTRAINT ${name}${from} TO ${name}${to}`),
    `ALTER TABLE ${table}${from} RENAME TO ${table}${to}`,
  ]);
  return [...tables, ...INDEXES.map((name) => `ALTER INDEX ${name}${from} RENAME TO ${name}${to}`)];
}

function gaveWay(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === LOCK_NOT_AVAILABLE || code === DEADLOCK;
}
