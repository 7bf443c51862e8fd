import {
  factsBefore,
  isPlain,
  ladderAt,
  needsOf,
  NO_FACTS,
  plainPosition,
  standingOf,
  type Facts,
  type Position,
} from '@jifen/tiering';
import { digestedPositions, type Moment } from './positions.ts';
import type { RankedLadder, StandingRow, TieringTables } from './ports.ts';

export interface Seen {
  readonly position: Position;
  /** Whether anything is known of the member that counts, or was said by hand. */
  readonly isKnown: boolean;
}

/** Where each of a program's members stands at the moment: by the row where that tells, by the digest, else by all that is known. */
export async function lookAt<Sql>(
  tables: TieringTables<Sql>,
  sql: Sql,
  version: RankedLadder,
  members: readonly { readonly owner: string; readonly row: StandingRow | undefined }[],
  moment: Moment,
): Promise<ReadonlyMap<string, Seen>> {
  // Of an instant under an earlier ladder, that one speaks.
  const ladder = ladderAt(version.ladder, moment.at);
  const seen = new Map<string, Seen>();
  for (const { owner, row } of members)
    if (row !== undefined && tells(row, version, moment))
      seen.set(owner, { position: plainPosition(ladder, row), isKnown: true });
  const rows = members.flatMap(({ owner, row }) => (row === undefined || seen.has(owner) ? [] : [row]));
  for (const [owner, position] of await digestedPositions(tables, sql, version, rows, moment))
    seen.set(owner, { position, isKnown: true });
  const others = members.flatMap(({ owner }) => (seen.has(owner) ? [] : [owner]));
  const known = await tables.factsOf(sql, others, needsOf(ladder));
  for (const owner of others) {
    const all = known.get(owner) ?? NO_FACTS;
    const facts = moment.isPast ? factsBefore(all, moment.at) : all;
    seen.set(owner, { position: standingOf(ladder, facts, moment.at), isKnown: isKnown(facts, moment) });
  }
  return seen;
}

/** Whether a row says it all: on a plain ladder, where nobody gave a tier by hand and nothing is of later than the moment. */
const tells = (row: StandingRow, { ladder, sinceVersion }: RankedLadder, { at, isPast }: Moment): boolean =>
  row.ladderVersion === sinceVersion &&
  isPlain(ladder) &&
  ladderAt(ladder, at) === ladder &&
  !row.assigned &&
  (!isPast || (row.latest !== undefined && row.latest < at));

const isKnown = ({ joined, points, purchases, assigned = [] }: Facts, { at }: Moment): boolean =>
  (joined !== undefined && joined < at) ||
  [...points.values()].some((all) => all.length > 0) ||
  purchases.length > 0 ||
  assigned.length > 0;
