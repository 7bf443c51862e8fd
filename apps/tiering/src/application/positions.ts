import { instantFromMillis, instantToMillis, type Instant } from '@jifen/kernel';
import {
  digestBefore,
  isPlain,
  needsOf,
  NO_FACTS,
  standingBy,
  standingOf,
  UNRANKED,
  type Digest,
  type Facts,
  type Needs,
  type Position,
} from '@jifen/tiering';
import type { DigestRow, LadderVersion, OwnedAssignment, RankedLadder, StandingRow, TieringTables } from './ports.ts';

const NO_NEEDS: Needs = { currencies: [], purchases: false, joined: false };

export const needsUnder = ({ ladder }: LadderVersion): Needs => (ladder === undefined ? NO_NEEDS : needsOf(ladder));

export const standingUnder = (ladder: LadderVersion | undefined, facts: Facts | undefined, now: number): Position =>
  ladder?.ladder === undefined ? UNRANKED : standingOf(ladder.ladder, facts ?? NO_FACTS, instantFromMillis(now));

/** Whether members of whom much is known have digests under it: on a plain ladder a standing is as good. */
export const isDigested = (version: LadderVersion | undefined): version is RankedLadder =>
  version?.ladder !== undefined && !isPlain(version.ladder);

/** The digest, where it and the member's row are of the ladder in force and it is not ahead of the clock. */
export function digestUnder(
  { sinceVersion, ladder }: RankedLadder,
  before: Pick<StandingRow, 'ladderVersion'> | undefined,
  row: DigestRow | undefined,
  now: number,
): Digest | undefined {
  if (row?.ladderVersion !== sinceVersion || before?.ladderVersion !== sinceVersion) return undefined;
  const isTheirs = row.currency === ladder.currency && row.digest.milestone.until <= instantFromMillis(now);
  return isTheirs ? row.digest : undefined;
}

/** What is asked about. */
export interface Moment {
  readonly at: Instant;
  /** Only what was before it counts, of all that is known now. */
  readonly isPast: boolean;
}

/** Where members of a program stand, of whom nothing new is said: by their digests, else by all that is known. */
export async function positionsOf<Sql>(
  tables: TieringTables<Sql>,
  sql: Sql,
  version: LadderVersion,
  rows: readonly StandingRow[],
  now: number,
): Promise<ReadonlyMap<string, Position>> {
  const moment = { at: instantFromMillis(now), isPast: false };
  const positions = await digestedPositions(tables, sql, version, rows, moment);
  const others = rows.flatMap(({ owner }) => (positions.has(owner) ? [] : [owner]));
  const facts = await tables.factsOf(sql, others, needsUnder(version));
  return new Map([
    ...positions,
    ...others.map((owner) => [owner, standingUnder(version, facts.get(owner), now)] as const),
  ]);
}

/** Of those that have a digest which is not of later than the moment. */
export async function digestedPositions<Sql>(
  tables: TieringTables<Sql>,
  sql: Sql,
  version: LadderVersion,
  rows: readonly StandingRow[],
  { at, isPast }: Moment,
): Promise<ReadonlyMap<string, Position>> {
  if (!isDigested(version) || rows.length === 0) return new Map();
  const known = await tables.digestsOf(
    sql,
    rows.map(({ owner }) => owner),
  );
  const digests = rows.flatMap((row) => {
    const digest = digestUnder(version, row, known.get(row.owner), instantToMillis(at));
    return digest === undefined ? [] : [{ row, digest }];
  });
  const assigned = await assignmentsOf(
    tables,
    sql,
    digests.map(({ row }) => row),
  );
  return new Map(
    digests.map(({ row: { owner }, digest }) => {
      const words = assigned.get(owner) ?? [];
      const position = isPast
        ? standingBy(
            version.ladder,
            digestBefore(digest, at),
            words.filter((word) => word.at <= at),
            at,
          )
        : standingBy(version.ladder, digest, words, at);
      return [owner, position];
    }),
  );
}

/** What was said by hand of those of whom anything ever was. */
export async function assignmentsOf<Sql>(
  tables: TieringTables<Sql>,
  sql: Sql,
  rows: readonly Pick<StandingRow, 'owner' | 'assigned'>[],
): Promise<ReadonlyMap<string, readonly OwnedAssignment[]>> {
  const owners = rows.flatMap(({ owner, assigned }) => (assigned ? [owner] : []));
  const found = owners.length === 0 ? [] : await tables.assignmentsOf(sql, owners);
  const byOwner = new Map<string, OwnedAssignment[]>();
  for (const each of found) byOwner.set(each.owner, [...(byOwner.get(each.owner) ?? []), each]);
  return byOwner;
}
