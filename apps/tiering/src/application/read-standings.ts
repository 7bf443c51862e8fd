import type { Problem } from '@jifen/contracts';
import {
  accept,
  instantFromMillis,
  instantToMillis,
  parseInstant,
  present,
  refuse,
  type Instant,
  type Outcome,
} from '@jifen/kernel';
import { ladderAt } from '@jifen/tiering';
import { lookAt } from './look-at.ts';
import type { TieringTables } from './ports.ts';
import { rankedLadder, viewOf, type MemberView } from './read-tier.ts';

export interface StandingsQuery {
  readonly program: string;
  readonly now: number;
  /** `now` when absent. */
  readonly asOf?: Instant | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface StandingsPage {
  readonly program: string;
  readonly asOf: Instant;
  readonly programVersion: number;
  /** How many members the program has here, about: for those who show progress. */
  readonly members: number;
  /** Each as its own tier is answered, as of the same instant. */
  readonly data: readonly (MemberView & { readonly member: string })[];
  readonly next: string | null;
}

interface Place {
  readonly asOf: Instant;
  /** When the first page was asked for: by the ladders that were in force then. */
  readonly begun: Instant;
  readonly members: number;
  /** Owner of the last row of the page before. */
  readonly after: string;
}

/**
 * Q34: where all members stand at one moment, of whom anything that counts is known of before it; nobody else is above the first
 * tier. Without one it is the moment of the first page: the cursor carries it, so that all pages together are of one moment while
 * more is earned.
 */
export async function readStandings<Sql>(
  tables: TieringTables<Sql>,
  sql: Sql,
  query: StandingsQuery,
): Promise<Outcome<StandingsPage, Problem>> {
  const { program, limit } = query;
  const place = query.cursor === undefined ? await firstPlace(tables, sql, query) : placeFrom(query.cursor, program);
  if (!place.ok) return place;
  const { asOf, begun, members, after } = place.value;
  const ranked = await rankedLadder(tables, sql, program, instantToMillis(begun));
  if (!ranked.ok) return ranked;
  const ladder = ladderAt(ranked.value.ladder, asOf);
  const found = await tables.standingsOfProgram(sql, program, after, limit + 1);
  const rows = found.slice(0, limit).map((row) => ({ owner: row.owner, row }));
  const seen = await lookAt(tables, sql, ranked.value, rows, { at: asOf, isPast: true });
  const data = rows.flatMap(({ owner }) => {
    const { position, isKnown } = present(seen.get(owner), `a position of ${owner}`);
    return isKnown ? [{ member: owner.slice(program.length + 1), ...viewOf(ladder, position, asOf) }] : [];
  });
  const last = found.length > limit ? rows.at(-1) : undefined;
  const next = last === undefined ? null : cursorOf({ asOf, begun, members, after: last.owner });
  return accept({ program, asOf, programVersion: ranked.value.version, members, data, next });
}

async function firstPlace<Sql>(
  tables: TieringTables<Sql>,
  sql: Sql,
  { program, now, asOf }: StandingsQuery,
): Promise<Outcome<Place, Problem>> {
  const begun = instantFromMillis(now);
  const members = await tables.countStandings(sql, program);
  return accept({ asOf: asOf ?? begun, begun, members, after: `${program}/` });
}

const cursorOf = ({ asOf, begun, members, after }: Place): string =>
  Buffer.from(`${asOf} ${begun} ${members} ${after}`).toString('base64url');

const PLACE = /^(\S+) (\S+) (\d{1,15}) (.+)$/s;

function placeFrom(cursor: string, program: string): Outcome<Place, Problem> {
  const [, at = '', first = '', members, after = ''] =
    PLACE.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  const [asOf, begun] = [parseInstant(at), parseInstant(first)];
  if (asOf === undefined || begun === undefined || !after.startsWith(`${program}/`) || after.includes('\0'))
    return refuse({
      code: 'invalid_request',
      detail: 'the cursor is none of this list',
      errors: [{ pointer: '/cursor', message: 'not a cursor of this list' }],
    });
  return accept({ asOf, begun, members: Number(members), after });
}
