import type { ProgramPublished } from '@jifen/contracts';
import type { Transaction } from '@jifen/event-store';
import { present } from '@jifen/kernel';
import type { Ladder } from '@jifen/tiering';
import { digestsBefore, lookUp } from './digests.ts';
import type { LadderVersion, OwnedPurchase, StandingRow, TieringTables } from './ports.ts';
import { settle } from './settle.ts';
import { advanced, isCounted, turnsOf, type Change, type KnownStandings } from './turn.ts';

export interface PublishedLadder {
  readonly published: ProgramPublished;
  readonly ladder: Ladder | undefined;
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
  const before = await known(tx, tables, changes);
  const { counting, ladders } = before;
  const kept = changes.filter(
    ({ program, grant, purchase, joined }) =>
      grant !== undefined || joined !== undefined || (purchase !== undefined && counting.has(program)),
  );
  const counted = kept.filter((change) => isCounted(change, ladders));
  const digests = await digestsBefore(tables, tx.sql, counted, ladders);
  save(tx, tables, changes, counting);
  const waiting = kept.filter((change) => change.purchase !== undefined && !isCounted(change, ladders));
  if (waiting.length > 0) tx.sending(tables.awaitStandings(tx.sql, waiting));
  if (counted.length === 0) return;
  const turns = await turnsOf(tx.sql, tables, counted, before);
  const short = turns.map(advanced);
  const positions = await lookUp(
    tx,
    tables,
    turns.filter((_, place) => short[place] === undefined),
    digests,
  );
  const rows = turns.map((turn, n) => {
    const { ladder, place, before: row, occasion } = turn;
    const position = short[n] ?? present(positions.get(place.owner), `a position of ${place.owner}`);
    const settled = settle({ place, before: row, position, ladder, occasion, now: tx.now });
    for (const event of settled.events) tx.append(place.partition, event);
    return settled.row;
  });
  tx.sending(tables.saveStandings(tx.sql, rows));
}

interface Known extends KnownStandings {
  /** Programs with a ladder, in force or to come, that counts what their members bought. */
  readonly counting: ReadonlySet<string>;
}

/** What most flushes need, asked for at once. */
async function known<Sql>(
  { sql, now }: Transaction<Sql>,
  tables: TieringTables<Sql>,
  changes: readonly Change[],
): Promise<Known> {
  const programs = [...new Set(changes.map(({ program }) => program))];
  const buying = [...new Set(changes.flatMap(({ program, purchase }) => (purchase === undefined ? [] : [program])))];
  // Points count on any ladder.
  const asked = new Set(changes.flatMap(({ owner, grant }) => (grant === undefined ? [] : [owner])));
  const [counting, ladders, standings] = await Promise.all([
    buying.length === 0 ? new Set<string>() : tables.countingOrders(sql, buying),
    programs.length === 0 ? new Map<string, LadderVersion>() : tables.laddersInForce(sql, programs, now),
    asked.size === 0 ? new Map<string, StandingRow>() : tables.standingsOf(sql, [...asked]),
  ]);
  return { counting, ladders, asked, standings };
}

/** Sent before anything that is read from here on, and heard of when all of the flush is sent. */
function save<Sql>(
  tx: Transaction<Sql>,
  tables: TieringTables<Sql>,
  changes: readonly Change[],
  counting: ReadonlySet<string>,
): void {
  const grants = changes.flatMap(({ owner, grant }) => (grant === undefined ? [] : [{ owner, ...grant }]));
  const joinings = changes.flatMap(({ owner, joined }) => (joined === undefined ? [] : [{ owner, at: joined }]));
  saveOrders(tx, tables, changes, counting);
  if (grants.length > 0) tx.sending(tables.saveGrants(tx.sql, grants));
  if (joinings.length > 0) tx.sending(tables.saveJoinings(tx.sql, joinings));
}

/** A row an order in programs with a ladder that counts them; elsewhere they are put down together. */
function saveOrders<Sql>(
  tx: Transaction<Sql>,
  tables: TieringTables<Sql>,
  changes: readonly Change[],
  counting: ReadonlySet<string>,
): void {
  const orders = new Map<string, OwnedPurchase[]>();
  for (const { program, owner, purchase } of changes) {
    if (purchase === undefined) continue;
    const own = orders.get(program) ?? [];
    own.push({ owner, ...purchase });
    orders.set(program, own);
  }
  const counted = [...orders].flatMap(([program, own]) => (counting.has(program) ? own : []));
  if (counted.length > 0) tx.sending(tables.savePurchases(tx.sql, counted));
  for (const [program, own] of orders)
    if (!counting.has(program)) tx.sending(tables.saveBundle(tx.sql, { program, orders: own }));
}
