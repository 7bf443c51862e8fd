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
  const kept = await save(tx.sql, tables, changes);
  if (kept.length === 0) return;
  const turns = await turnsOf(tx, tables, kept);
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

/** Puts down what is said, and answers the changes that a ladder, in force or to come, may count. */
async function save<Sql>(sql: Sql, tables: TieringTables<Sql>, changes: readonly Change[]): Promise<readonly Change[]> {
  const grants = changes.flatMap(({ owner, grant }) => (grant === undefined ? [] : [{ owner, ...grant }]));
  const joinings = changes.flatMap(({ owner, joined }) => (joined === undefined ? [] : [{ owner, at: joined }]));
  const counting = await saveOrders(sql, tables, changes);
  if (grants.length > 0) await tables.saveGrants(sql, grants);
  if (joinings.length > 0) await tables.saveJoinings(sql, joinings);
  return changes.filter(
    ({ program, grant, purchase, joined }) =>
      grant !== undefined || joined !== undefined || (purchase !== undefined && counting.has(program)),
  );
}

/** A row an order in programs with a ladder that counts them, which it answers; elsewhere they are put down together. */
async function saveOrders<Sql>(
  sql: Sql,
  tables: TieringTables<Sql>,
  changes: readonly Change[],
): Promise<ReadonlySet<string>> {
  const orders = new Map<string, OwnedPurchase[]>();
  for (const { program, owner, purchase } of changes) {
    if (purchase === undefined) continue;
    const own = orders.get(program) ?? [];
    own.push({ owner, ...purchase });
    orders.set(program, own);
  }
  if (orders.size === 0) return new Set();
  const counting = await tables.countingOrders(sql, [...orders.keys()]);
  const counted = [...orders].flatMap(([program, own]) => (counting.has(program) ? own : []));
  if (counted.length > 0) await tables.savePurchases(sql, counted);
  for (const [program, own] of orders)
    if (!counting.has(program)) await tables.saveBundle(sql, { program, orders: own });
  return counting;
}

async function turnsOf<Sql>(
  tx: Transaction<Sql>,
  tables: TieringTables<Sql>,
  changes: readonly Change[],
): Promise<readonly Turn[]> {
  const programs = [...new Set(changes.map(({ program }) => program))];
  const ladders = await tables.laddersInForce(tx.sql, programs, tx.now);
  const needs = new Map([...ladders].map(([program, ladder]) => [program, needsUnder(ladder)]));
  const counts = ({ program, grant, purchase, joined }: Change): boolean =>
    grant !== undefined ||
    (purchase !== undefined && needs.get(program)?.purchases === true) ||
    (joined !== undefined && needs.get(program)?.joined === true);
  const counted = changes.filter(counts);
  // A ladder that is still to come counts these.
  const waiting = changes.filter((change) => change.purchase !== undefined && !counts(change));
  if (waiting.length > 0) await tables.awaitStandings(tx.sql, waiting);
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
