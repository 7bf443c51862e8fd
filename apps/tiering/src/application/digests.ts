import type { Transaction } from '@jifen/event-store';
import { instantFromMillis } from '@jifen/kernel';
import {
  amended,
  digestOf,
  movedOn,
  NO_FACTS,
  standingBy,
  type Digest,
  type Facts,
  type Needs,
  type Position,
} from '@jifen/tiering';
import type { DigestRow, FactKey, TieringTables } from './ports.ts';
import { assignmentsOf, digestUnder, isDigested, needsUnder, standingUnder } from './positions.ts';
import type { Change, Ladders, Turn } from './turn.ts';

/** Digests of a flush's members as they were before it, and what was known of the awards and orders that it tells of. */
export interface DigestsBefore {
  readonly rows: ReadonlyMap<string, DigestRow>;
  readonly keys: readonly FactKey[];
  readonly was: ReadonlyMap<string, Facts>;
}

/** To be asked for before the flush is saved. */
export async function digestsBefore<Sql>(
  tables: TieringTables<Sql>,
  sql: Sql,
  changes: readonly Change[],
  ladders: Ladders,
): Promise<DigestsBefore> {
  const ofDigested = changes.filter(({ program }) => isDigested(ladders.get(program)));
  const owners = [...new Set(ofDigested.map(({ owner }) => owner))];
  const rows = owners.length === 0 ? new Map<string, DigestRow>() : await tables.digestsOf(sql, owners);
  const keys = ofDigested.filter(({ owner }) => rows.has(owner)).flatMap(keysOf);
  return { rows, keys, was: await tables.factsAbout(sql, keys) };
}

const keysOf = ({ owner, grant, purchase }: Change): readonly FactKey[] => [
  ...(grant === undefined ? [] : [{ owner, award: grant.award }]),
  ...(purchase === undefined ? [] : [{ owner, source: purchase.source, orderId: purchase.orderId }]),
];

/** Where the members of turns stand when the flush is saved: by their digests, else by all that is known. Keeps the digests. */
export async function lookUp<Sql>(
  { sql, now }: Transaction<Sql>,
  tables: TieringTables<Sql>,
  turns: readonly Turn[],
  before: DigestsBefore,
): Promise<ReadonlyMap<string, Position>> {
  const is = await tables.factsAbout(sql, before.keys);
  const digests = new Map<string, Digest>();
  for (const turn of turns) {
    const digest = digestAfter(turn, before, is, now);
    if (digest !== undefined) digests.set(turn.place.owner, digest);
  }
  const facts = await factsFor(
    tables,
    sql,
    turns.filter(({ place }) => !digests.has(place.owner)),
  );
  const assigned = await assignmentsOf(
    tables,
    sql,
    turns.flatMap((turn) => (turn.before !== undefined && digests.has(turn.place.owner) ? [turn.before] : [])),
  );
  const positions = new Map<string, Position>();
  const kept: DigestRow[] = [];
  const at = instantFromMillis(now);
  for (const { place, ladder } of turns) {
    const { owner } = place;
    const known = digests.get(owner);
    if (!isDigested(ladder) || known === undefined) positions.set(owner, standingUnder(ladder, facts.get(owner), now));
    else positions.set(owner, standingBy(ladder.ladder, known, assigned.get(owner), at));
    if (!isDigested(ladder)) continue;
    const { ladder: steps, sinceVersion: ladderVersion } = ladder;
    const digest = known === undefined ? digestOf(steps, facts.get(owner) ?? NO_FACTS, at) : movedOn(steps, known, at);
    if (digest !== undefined) kept.push({ owner, ladderVersion, currency: steps.currency, digest });
  }
  await keep(tables, sql, before, kept);
  return positions;
}

/** `undefined` where the member has none, or where all facts alone can tell. */
function digestAfter(
  { place: { owner }, ladder, before, changes }: Turn,
  { rows, was }: DigestsBefore,
  is: ReadonlyMap<string, Facts>,
  now: number,
): Digest | undefined {
  if (!isDigested(ladder) || changes.some(({ joined }) => joined !== undefined)) return undefined;
  const digest = digestUnder(ladder, before, rows.get(owner), now);
  return digest && amended(ladder.ladder, digest, was.get(owner) ?? NO_FACTS, is.get(owner) ?? NO_FACTS);
}

/** A digest that is not told of what came is none any more. */
async function keep<Sql>(
  tables: TieringTables<Sql>,
  sql: Sql,
  { rows }: DigestsBefore,
  kept: readonly DigestRow[],
): Promise<void> {
  const owners = new Set(kept.map(({ owner }) => owner));
  const isMilestoneKept = ({ owner, digest }: DigestRow): boolean =>
    rows.get(owner)?.digest.milestone === digest.milestone;
  await tables.saveDigests(
    sql,
    kept.filter((row) => !isMilestoneKept(row)),
  );
  await tables.saveRecent(sql, kept.filter(isMilestoneKept));
  await tables.dropDigests(
    sql,
    [...rows.keys()].filter((owner) => !owners.has(owner)),
  );
}

async function factsFor<Sql>(
  tables: TieringTables<Sql>,
  sql: Sql,
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
    sql,
    turns.map(({ place }) => place.owner),
    needs,
  );
}
