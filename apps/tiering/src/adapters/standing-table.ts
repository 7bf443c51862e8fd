import { int4Array, int8Array, textArray, timestampArray } from '@jifen/event-store-postgres';
import { instantFromMillis, instantToMillis, points, type Instant } from '@jifen/kernel';
import type { TierSince } from '@jifen/tiering';
import type { StandingPage, StandingRow, Unsettled } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

export interface StoredRow {
  readonly owner: string;
  readonly partition: number;
  readonly lifetime: number;
  readonly latest: Date | null;
  readonly timeline: string;
  readonly ladder_version: number;
  readonly version: number;
  readonly near_tier: string | null;
  readonly settled_at: Date | null;
  readonly warned: Date | null;
  readonly due: Date | null;
  readonly assigned: boolean;
}

export const COLUMNS =
  'owner, partition, lifetime, latest, timeline, ladder_version, version, near_tier, settled_at, warned, due, assigned';

const OF_OWNERS = `SELECT ${COLUMNS} FROM standing WHERE owner = ANY ($1::text[])`;

const PAGE = `
  SELECT ${COLUMNS} FROM standing
   WHERE partition = $1 AND owner > $2 AND owner < $3
   ORDER BY owner LIMIT $4`;

const OF_PROGRAM = `SELECT ${COLUMNS} FROM standing WHERE owner > $1 AND owner < $2 ORDER BY owner LIMIT $3`;

const COUNT = 'SELECT count(*) AS n FROM standing WHERE owner > $1 AND owner < $2';

const SAVE = `
  INSERT INTO standing AS s (owner, partition, lifetime, latest, tier, since, timeline, ladder_version, version,
                             near_tier, settled_at, warned, due, assigned)
  SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[], $4::timestamptz[], $5::text[], $6::timestamptz[], $7::text[],
                       $8::bigint[], $9::bigint[], $10::text[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::boolean[])
      ON CONFLICT (owner) DO UPDATE
     SET lifetime = EXCLUDED.lifetime, latest = EXCLUDED.latest, tier = EXCLUDED.tier,
         since = EXCLUDED.since, timeline = EXCLUDED.timeline, ladder_version = EXCLUDED.ladder_version,
         version = EXCLUDED.version, near_tier = EXCLUDED.near_tier, settled_at = EXCLUDED.settled_at,
         warned = EXCLUDED.warned, due = EXCLUDED.due, assigned = EXCLUDED.assigned`;

const AWAIT = `
  INSERT INTO standing (owner, partition, lifetime, timeline, ladder_version, version)
  SELECT DISTINCT owner, partition, 0, '[]', 0, 0 FROM unnest($1::text[], $2::int[]) n (owner, partition)
      ON CONFLICT (owner) DO NOTHING`;

const timelineFrom = (text: string): readonly TierSince[] =>
  (JSON.parse(text) as readonly (readonly [string, Instant])[]).map(([tier, since]) => ({ tier, since }));

const timelineText = (timeline: readonly TierSince[]): string =>
  JSON.stringify(timeline.map(({ tier, since }) => [tier, since]));

const instantOf = (at: Date | null): Instant | undefined => (at === null ? undefined : instantFromMillis(at.getTime()));

const moments = (instants: readonly (Instant | undefined)[]): Buffer =>
  timestampArray(instants.map((at) => (at === undefined ? null : instantToMillis(at))));

export const rowOf = (row: StoredRow): StandingRow => ({
  owner: row.owner,
  partition: row.partition,
  lifetime: points(row.lifetime),
  latest: instantOf(row.latest),
  timeline: timelineFrom(row.timeline),
  ladderVersion: row.ladder_version,
  version: row.version,
  near: row.near_tier ?? undefined,
  settledAt: instantOf(row.settled_at),
  warned: instantOf(row.warned),
  due: instantOf(row.due),
  assigned: row.assigned,
});

export async function standingsOf(
  sql: Queryable,
  owners: readonly string[],
): Promise<ReadonlyMap<string, StandingRow>> {
  const { rows } = await sql.query<StoredRow>({
    name: 'standings-of-owners',
    text: OF_OWNERS,
    values: [textArray(owners)],
  });
  return new Map(rows.map((row) => [row.owner, rowOf(row)]));
}

/** '0' follows '/' in the C collation: everything between the two begins with `program/`. */
const boundsOf = (program: string): readonly [string, string] => [`${program}/`, `${program}0`];

export async function standingsAfter(sql: Queryable, page: StandingPage): Promise<readonly StandingRow[]> {
  const [first, end] = boundsOf(page.program);
  const after = page.after > first ? page.after : first;
  const { rows } = await sql.query<StoredRow>(PAGE, [page.partition, after, end, page.limit]);
  return rows.map(rowOf);
}

export async function standingsOfProgram(
  sql: Queryable,
  program: string,
  after: string,
  limit: number,
): Promise<readonly StandingRow[]> {
  const [, end] = boundsOf(program);
  return (await sql.query<StoredRow>(OF_PROGRAM, [after, end, limit])).rows.map(rowOf);
}

export async function countStandings(sql: Queryable, program: string): Promise<number> {
  const { rows } = await sql.query<{ readonly n: number }>(COUNT, [...boundsOf(program)]);
  return Number(rows[0]?.n ?? 0);
}

export async function saveStandings(sql: Queryable, rows: readonly StandingRow[]): Promise<void> {
  if (rows.length === 0) return;
  const last = rows.map((row) => row.timeline.at(-1));
  await sql.query({
    name: 'save-standings',
    text: SAVE,
    values: [
      textArray(rows.map((row) => row.owner)),
      int4Array(rows.map((row) => row.partition)),
      int8Array(rows.map((row) => row.lifetime)),
      moments(rows.map((row) => row.latest)),
      textArray(last.map((entry) => entry?.tier ?? null)),
      moments(last.map((entry) => entry?.since)),
      textArray(rows.map((row) => timelineText(row.timeline))),
      int8Array(rows.map((row) => row.ladderVersion)),
      int8Array(rows.map((row) => row.version)),
      textArray(rows.map((row) => row.near ?? null)),
      moments(rows.map((row) => row.settledAt)),
      moments(rows.map((row) => row.warned)),
      moments(rows.map((row) => row.due)),
      rows.map((row) => row.assigned),
    ],
  });
}

export async function awaitStandings(sql: Queryable, members: readonly Unsettled[]): Promise<void> {
  await sql.query({
    name: 'await-standings',
    text: AWAIT,
    values: [textArray(members.map(({ owner }) => owner)), int4Array(members.map(({ partition }) => partition))],
  });
}
