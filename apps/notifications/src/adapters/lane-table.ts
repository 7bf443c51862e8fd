import { instantFromMillis } from '@jifen/kernel';
import type { Claim, Lane } from '../application/ports.ts';
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

/** One statement for all receivers: with a hundred of them due, one each would take longer than sending does. */
const CLAIM = `
  WITH due AS MATERIALIZED (
    SELECT open.endpoint, open.key
      FROM unnest($1::text[], $2::integer[]) AS wanted (endpoint, places)
     CROSS JOIN LATERAL (
       SELECT endpoint, key FROM lane
        WHERE lane.endpoint = wanted.endpoint AND due_at <= $3
        ORDER BY due_at LIMIT wanted.places FOR UPDATE SKIP LOCKED
     ) AS open
     LIMIT $6
  )
  UPDATE lane SET due_at = $4, claim = $5 FROM due WHERE lane.endpoint = due.endpoint AND lane.key = due.key
  RETURNING lane.endpoint, lane.key`;

const LOCK_ALL = `
  SELECT endpoint, key, claim FROM lane JOIN unnest($1::text[], $2::text[]) AS held (endpoint, key) USING (endpoint, key)
   ORDER BY endpoint, key FOR UPDATE OF lane`;
const MOVE_ALL = `
  UPDATE lane SET due_at = moved.due_at, claim = moved.claim
    FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[]) AS moved (endpoint, key, due_at, claim)
   WHERE lane.endpoint = moved.endpoint AND lane.key = moved.key`;
const DROP_ALL = `
  DELETE FROM lane USING unnest($1::text[], $2::text[]) AS empty (endpoint, key)
   WHERE lane.endpoint = empty.endpoint AND lane.key = empty.key`;

const LOCK = 'SELECT claim FROM lane WHERE endpoint = $1 AND key = $2 FOR UPDATE';
const MOVE = 'UPDATE lane SET due_at = $3, claim = $4 WHERE endpoint = $1 AND key = $2';
const DROP = 'DELETE FROM lane WHERE endpoint = $1 AND key = $2';

export type Place = Pick<Lane, 'endpoint' | 'key'>;

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
    const name = laneName(place);
    const known = soonest.get(name);
    if (known === undefined || place.dueAt < known.dueAt) soonest.set(name, place);
  }
  if (soonest.size === 0) return;
  const lanes = [...soonest.values()];
  await sql.query(OPEN, [...columns(lanes), lanes.map(({ dueAt }) => instantFromMillis(dueAt)), hurry]);
}

export async function claimLanes(sql: Queryable, { wanted, name, now, until, limit }: Claim): Promise<readonly Lane[]> {
  const places = [wanted.map(({ endpoint }) => endpoint), wanted.map(({ places }) => places)];
  const values = [...places, instantFromMillis(now), instantFromMillis(until), name, limit];
  const { rows } = await sql.query<Place>(CLAIM, values);
  return rows.map(({ endpoint, key }) => ({ endpoint, key, claim: name }));
}

/** Locks the lanes, always in the same order; answers those that are still their claim's. */
export async function lockLanes(sql: Queryable, lanes: readonly Lane[]): Promise<readonly Lane[]> {
  const { rows } = await sql.query<Place & { readonly claim: string | null }>(LOCK_ALL, columns(lanes));
  const claims = new Map(rows.map((row) => [laneName(row), row.claim]));
  return lanes.filter((lane) => claims.get(laneName(lane)) === lane.claim);
}

export interface LaneMove extends Place {
  readonly dueAt: number;
  /** `undefined` gives it back. */
  readonly claim: string | undefined;
}

export async function moveLanes(sql: Queryable, moves: readonly LaneMove[]): Promise<void> {
  if (moves.length === 0) return;
  const due = moves.map(({ dueAt }) => instantFromMillis(dueAt));
  await sql.query(MOVE_ALL, [...columns(moves), due, moves.map(({ claim }) => claim ?? null)]);
}

export async function dropLanes(sql: Queryable, lanes: readonly Place[]): Promise<void> {
  if (lanes.length > 0) await sql.query(DROP_ALL, columns(lanes));
}

export const laneName = ({ endpoint, key }: Place): string => `${endpoint} ${key}`;

/** As the statements take them. */
export const columns = (places: readonly Place[]): string[][] => [
  places.map(({ endpoint }) => endpoint),
  places.map(({ key }) => key),
];

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
