import { instantFromMillis } from '@jifen/kernel';
import type { Lane } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

/**
 * The update that changes nothing is there for its lock: a sender that is about to drop the lane as empty waits for us, or we
 * for it, and then insert the lane anew.
 */
const OPEN = `
  INSERT INTO lane AS l (endpoint, key, due_at)
  SELECT endpoint, key, $3 FROM unnest($1::text[], $2::text[]) AS new (endpoint, key)
   ORDER BY endpoint, key
      ON CONFLICT (endpoint, key) DO UPDATE
     SET due_at = CASE WHEN $4::boolean AND l.claim IS NULL THEN EXCLUDED.due_at ELSE l.due_at END`;

const CLAIM = `
  WITH due AS MATERIALIZED (
    SELECT key FROM lane WHERE endpoint = $1 AND due_at <= $2 ORDER BY due_at LIMIT $5 FOR UPDATE SKIP LOCKED
  )
  UPDATE lane SET due_at = $3, claim = $4 FROM due WHERE lane.endpoint = $1 AND lane.key = due.key
  RETURNING lane.key`;

const LOCK = 'SELECT claim FROM lane WHERE endpoint = $1 AND key = $2 FOR UPDATE';
const MOVE = 'UPDATE lane SET due_at = $3, claim = $4 WHERE endpoint = $1 AND key = $2';
const DROP = 'DELETE FROM lane WHERE endpoint = $1 AND key = $2';

type Place = Pick<Lane, 'endpoint' | 'key'>;

/** `hurry: 'now'` also makes a lane due that waits for a retry; one that is claimed stays as it is. */
export async function openLanes(
  sql: Queryable,
  places: readonly Place[],
  now: number,
  hurry: 'now' | 'as it is' = 'as it is',
): Promise<void> {
  const distinct = [...new Map(places.map((place) => [`${place.endpoint} ${place.key}`, place])).values()];
  if (distinct.length === 0) return;
  const endpoints = distinct.map(({ endpoint }) => endpoint);
  const keys = distinct.map(({ key }) => key);
  await sql.query(OPEN, [endpoints, keys, instantFromMillis(now), hurry === 'now']);
}

export async function claimLanes(
  sql: Queryable,
  { endpoint, claim }: Omit<Lane, 'key'>,
  now: number,
  until: number,
  limit: number,
): Promise<readonly Lane[]> {
  const values = [endpoint, instantFromMillis(now), instantFromMillis(until), claim, limit];
  const { rows } = await sql.query<{ readonly key: string }>(CLAIM, values);
  return rows.map(({ key }) => ({ endpoint, key, claim }));
}

/** Whether the lane is still this claim's: after a lease ran out somebody else may have it. */
export async function lockLane(sql: Queryable, { endpoint, key, claim }: Lane): Promise<boolean> {
  const { rows } = await sql.query<{ readonly claim: string | null }>(LOCK, [endpoint, key]);
  return rows[0]?.claim === claim;
}

export async function moveLane(
  sql: Queryable,
  { endpoint, key }: Lane,
  dueAt: number,
  claim: string | undefined,
): Promise<void> {
  await sql.query(MOVE, [endpoint, key, instantFromMillis(dueAt), claim ?? null]);
}

export async function dropLane(sql: Queryable, { endpoint, key }: Lane): Promise<void> {
  await sql.query(DROP, [endpoint, key]);
}
