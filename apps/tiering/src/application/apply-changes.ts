import type { ProgramPublished } from '@jifen/contracts';
import type { Transaction } from '@jifen/event-store';
import { instantFromMillis, type Instant } from '@jifen/kernel';
import {
  advance,
  isPlain,
  needsOf,
  newcomer,
  NO_FACTS,
  plainPosition,
  standingOf,
  UNRANKED,
  type Facts,
  type Grant,
  type Ladder,
  type Needs,
  type Position,
  type Standing,
} from '@jifen/tiering';
import type { LadderVersion, OwnedPurchase, StandingRow, TieringTables } from './ports.ts';
import { settle, type Occasion, type Place } from './settle.ts';

/** What a message says of a member, as far as it can mean something for a tier. */
export interface Change extends Place {
  readonly occasion: Occasion;
  readonly grant?: Grant;
  readonly purchase?: Omit<OwnedPurchase, 'owner'>;
  readonly joined?: Instant;
}

export interface PublishedLadder {
  readonly published: ProgramPublished;
  readonly ladder: Ladder | undefined;
}

const NO_NEEDS: Needs = { currencies: [], purchases: false, joined: false };

export const needsUnder = ({ ladder }: LadderVersion): Needs => (ladder === undefined ? NO_NEEDS : needsOf(ladder));

export const standingUnder = (ladder: LadderVersion | undefined, facts: Facts | undefined, now: number): Position =>
  ladder?.ladder === undefined ? UNRANKED : standingOf(ladder.ladder, facts ?? NO_FACTS, instantFromMillis(now));

/** A member's changes of one flush that its ladder counts, with what stood before. */
interface Turn {
  readonly place: Place;
  readonly ladder: LadderVersion | undefined;
  readonly before: StandingRow | undefined;
  readonly changes: Change[];
  occasion: Occasion;
}

export async function saveLadders<Sql>(
  tx: Transaction<Sql>,
  tables: TieringTables<Sql>,
  ladders: readonly PublishedLadder[],
): Promise<void> {
  for (const { published, ladder } of ladders) await tables.saveLadder(tx.sql, published, ladder);
}

/** One upsert of each kind, one of standings; what was before is read only where the new alone does not tell. */
export async function applyChanges<Sql>(
  tx: Transaction<Sql>,
  tables: TieringTables<Sql>,
  changes: readonly Change[],
): Promise<void> {
  const counting = changes.filter(({ grant, purchase, joined }) => grant ?? purchase ?? joined);
  if (counting.length === 0) return;
  await save(tx.sql, tables, counting);
  const turns = await turnsOf(tx, tables, counting);
  const standings = turns.map(advanced);
  const facts = await factsFor(
    tx,
    tables,
    turns.filter((_, place) => standings[place] === undefined),
  );
  const rows = turns.map((turn, place) => {
    const { ladder, place: where, before, occasion } = turn;
    const position = standings[place] ?? standingUnder(ladder, facts.get(where.owner), tx.now);
    const { row, events } = settle({ place: where, before, position, ladder, occasion, now: tx.now });
    for (const event of events) tx.append(where.partition, event);
    return row;
  });
  await tables.saveStandings(tx.sql, rows);
}

async function save<Sql>(sql: Sql, tables: TieringTables<Sql>, changes: readonly Change[]): Promise<void> {
  const grants = changes.flatMap(({ owner, grant }) => (grant === undefined ? [] : [{ owner, ...grant }]));
  const purchases = changes.flatMap(({ owner, purchase }) => (purchase === undefined ? [] : [{ owner, ...purchase }]));
  const joinings = changes.flatMap(({ owner, joined }) => (joined === undefined ? [] : [{ owner, at: joined }]));
  if (grants.length > 0) await tables.saveGrants(sql, grants);
  if (purchases.length > 0) await tables.savePurchases(sql, purchases);
  if (joinings.length > 0) await tables.saveJoinings(sql, joinings);
}

async function turnsOf<Sql>(
  tx: Transaction<Sql>,
  tables: TieringTables<Sql>,
  changes: readonly Change[],
): Promise<readonly Turn[]> {
  const programs = [...new Set(changes.map(({ program }) => program))];
  const ladders = await tables.laddersInForce(tx.sql, programs, tx.now);
  const needs = new Map([...ladders].map(([program, ladder]) => [program, needsUnder(ladder)]));
  const counted = changes.filter(
    ({ program, grant, purchase, joined }) =>
      grant !== undefined ||
      (purchase !== undefined && needs.get(program)?.purchases === true) ||
      (joined !== undefined && needs.get(program)?.joined === true),
  );
  const owners = [...new Set(counted.map(({ owner }) => owner))];
  const standings = await tables.standingsOf(tx.sql, owners);
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
function advanced({ ladder: version, before, changes }: Turn): Position | undefined {
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

async function factsFor<Sql>(
  tx: Transaction<Sql>,
  tables: TieringTables<Sql>,
  turns: readonly Turn[],
): Promise<ReadonlyMap<string, Facts>> {
  if (turns.length === 0) return new Map();
  const all = turns.flatMap(({ ladder }) => (ladder === undefined ? [] : [needsUnder(ladder)]));
  const needs: Needs = {
    currencies: [...new Set(all.flatMap(({ currencies }) => currencies))],
    purchases: all.some(({ purchases }) => purchases),
    joined: all.some(({ joined }) => joined),
  };
  return tables.factsOf(
    tx.sql,
    turns.map(({ place }) => place.owner),
    needs,
  );
}
