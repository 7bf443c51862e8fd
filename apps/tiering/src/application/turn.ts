import type { Instant } from '@jifen/kernel';
import {
  advance,
  isPlain,
  newcomer,
  plainPosition,
  UNRANKED,
  type Grant,
  type Position,
  type Standing,
} from '@jifen/tiering';
import type { LadderVersion, OwnedPurchase, StandingRow, TieringTables } from './ports.ts';
import { needsUnder } from './positions.ts';
import type { Occasion, Place } from './settle.ts';

/** What a message says of a member, as far as it can mean something for a tier. */
export interface Change extends Place {
  readonly occasion: Occasion;
  readonly grant?: Grant;
  readonly purchase?: Omit<OwnedPurchase, 'owner'>;
  readonly joined?: Instant;
}

/** A member's changes of one flush that its ladder counts, with what stood before. */
export interface Turn {
  readonly place: Place;
  readonly ladder: LadderVersion | undefined;
  readonly before: StandingRow | undefined;
  readonly changes: Change[];
  occasion: Occasion;
}

export type Ladders = ReadonlyMap<string, LadderVersion>;

/** Whether a change counts on the ladder in force: an order or a registration may on one that is still to come. */
export function isCounted({ program, grant, purchase, joined }: Change, ladders: Ladders): boolean {
  if (grant !== undefined) return true;
  const ladder = ladders.get(program);
  if (ladder === undefined) return false;
  const needs = needsUnder(ladder);
  return (purchase !== undefined && needs.purchases) || (joined !== undefined && needs.joined);
}

export interface KnownStandings {
  readonly ladders: Ladders;
  /** Members whose standings were asked for; one that is missing among them has none. */
  readonly asked: ReadonlySet<string>;
  readonly standings: ReadonlyMap<string, StandingRow>;
}

/** Changes that count, by member. Standings that nobody asked for yet are asked for. */
export async function turnsOf<Sql>(
  sql: Sql,
  tables: TieringTables<Sql>,
  counted: readonly Change[],
  known: KnownStandings,
): Promise<readonly Turn[]> {
  const { ladders, asked } = known;
  const others = [...new Set(counted.flatMap(({ owner }) => (asked.has(owner) ? [] : [owner])))];
  const standings =
    others.length === 0 ? known.standings : new Map([...known.standings, ...(await tables.standingsOf(sql, others))]);
  const turns = new Map<string, Turn>();
  for (const change of counted) {
    const { owner, program, member, partition, occasion } = change;
    const place = { owner, program, member, partition };
    const turn = turns.get(owner) ?? {
      ...{ place, ladder: ladders.get(program), before: standings.get(owner), changes: [], occasion },
    };
    turn.occasion = occasion;
    turn.changes.push(change);
    turns.set(owner, turn);
  }
  return [...turns.values()];
}

/** The position after the turn's grants, where it can be told without the member's older ones. */
export function advanced({ ladder: version, before, changes }: Turn): Position | undefined {
  if (version?.ladder === undefined) return UNRANKED;
  const { ladder, sinceVersion } = version;
  if (!isPlain(ladder) || before?.assigned === true) return undefined;
  const known = before === undefined || before.ladderVersion === sinceVersion;
  let standing: Standing | undefined = known ? (before ?? newcomer(ladder)) : undefined;
  for (const { grant } of changes) {
    if (standing === undefined || grant?.first !== true) return undefined;
    if (grant.currency === ladder.currency) standing = advance(ladder, standing, grant);
    // A ladder of the past may have counted it.
    else if (ladder.before !== undefined && grant.earnedAt < ladder.before.until) return undefined;
  }
  return standing && plainPosition(ladder, standing);
}
