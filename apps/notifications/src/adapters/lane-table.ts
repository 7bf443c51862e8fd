import { instantFromMillis } from '@jifen/kernel';
import type { Lane } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

/**
 * The update that changes nothing is there for its lock: a sender that is about to drop the lane as empty waits for us, or we
 * for it, and then insert the lane anew.
 */
const OPEN = `
  INSERT INTO lane AS l (endpoint, key, due_at)
  SELECT endpoint, key, due_at FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS new (endpoint, key, due_at)
   ORDER BY endpoint, key
      ON CONFLICT (endpoint, key) DO UPDATE
     SET due_at = CASE WHEN l.claim IS NOT NULL OR $4 = 'as it is' THEN l.due_at
                       WHEN $4 = 'now' THEN EXCLUDED.due_at
                       ELSE LEAST(l.due_at, EXCLUDED.due_at) END`;

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

/** What happens to a lane that is open: `now` makes it due also when it waits for a retry, `sooner` when the new time is. */
export type Hurry = 'now' | 'sooner' | 'as it is';

/** One that is claimed stays as it is: whoever gives it back looks at what is pending. */
export async function openLanes(
  sql: Queryable,
  places: readonly (Place & { readonly dueAt: number })[],
  hurry: Hurry = 'as it is',
): Promise<void> {
  const soonest = new Map<string, Place & { readonly dueAt: number }>();
  for (const place of places) {
    const name = `${place.endpoint} ${place.key}`;
    const known = soonest.get(name);
    if (known === undefined || place.dueAt < known.dueAt) soonest.set(name, place);
  }
  if (soonest.size === 0) return;
  const lanes = [...soonest.values()];
  await sql.query(OPEN, [
    lanes.map(({ endpoint }) => endpoint),
    lanes.map(({ key }) => key),
    lanes.map(({ dueAt }) => instantFromMillis(dueAt)),
    hurry,
  ]);
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
