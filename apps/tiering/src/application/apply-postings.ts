import type { ProgramPublished } from '@jifen/contracts';
import type { Transaction } from '@jifen/event-store';
import { ZERO } from '@jifen/kernel';
import {
  advance,
  newcomer,
  standingOf,
  type Contribution,
  type Grant,
  type Ladder,
  type Standing,
} from '@jifen/tiering';
import { grantsKey, type LadderVersion, type OwnedGrant, type StandingRow, type TieringTables } from './ports.ts';
import { settle, type Occasion, type Place } from './settle.ts';

/** What a posting of the ledger means for a tier. */
export interface Posting extends Place {
  /** Absent when the posting does not count. */
  readonly grant: Grant | undefined;
  readonly occasion: Occasion;
}

export interface PublishedLadder {
  readonly published: ProgramPublished;
  readonly ladder: Ladder | undefined;
}

/** Nobody stands anywhere where no ladder is in force. */
export const UNRANKED: Standing = { lifetime: ZERO, latest: undefined, timeline: [] };

export const standingUnder = (ladder: LadderVersion | undefined, contributions: readonly Contribution[]): Standing =>
  ladder?.ladder === undefined ? UNRANKED : standingOf(ladder.ladder, contributions);

/** A member's grants of one flush, with what stood before. */
interface Turn {
  readonly place: Place;
  readonly ladder: LadderVersion | undefined;
  readonly before: StandingRow | undefined;
  readonly grants: OwnedGrant[];
  occasion: Occasion;
}

export async function saveLadders<Sql>(
  tx: Transaction<Sql>,
  tables: TieringTables<Sql>,
  ladders: readonly PublishedLadder[],
): Promise<void> {
  for (const { published, ladder } of ladders) await tables.saveLadder(tx.sql, published, ladder);
}

/** One upsert of grants, one of standings; a member's older grants are read only where the new ones alone do not tell. */
export async function applyPostings<Sql>(
  tx: Transaction<Sql>,
  tables: TieringTables<Sql>,
  postings: readonly Posting[],
): Promise<void> {
  const counting = postings.filter(({ grant }) => grant !== undefined);
  if (counting.length === 0) return;
  const turns = await turnsOf(tx, tables, counting);
  await tables.saveGrants(
    tx.sql,
    turns.flatMap(({ grants }) => grants),
  );
  const standings = turns.map(advanced);
  const all = await historyOf(
    tx,
    tables,
    turns.filter((_, place) => standings[place] === undefined),
  );
  const rows = turns.map((turn, place) => {
    const { ladder, place: where } = turn;
    const history = all.get(grantsKey(where.owner, ladder?.ladder?.currency ?? '')) ?? [];
    const standing = standings[place] ?? standingUnder(ladder, history);
    const { row, events } = settle(where, turn.before, standing, ladder, turn.occasion);
    for (const event of events) tx.append(where.partition, event);
    return row;
  });
  await tables.saveStandings(
    tx.sql,
    rows.filter((row, place) => row !== turns[place]?.before),
  );
}

async function turnsOf<Sql>(
  tx: Transaction<Sql>,
  tables: TieringTables<Sql>,
  postings: readonly Posting[],
): Promise<readonly Turn[]> {
  const programs = [...new Set(postings.map(({ program }) => program))];
  const owners = [...new Set(postings.map(({ owner }) => owner))];
  const ladders = await tables.laddersInForce(tx.sql, programs, tx.now);
  const standings = await tables.standingsOf(tx.sql, owners);
  const turns = new Map<string, Turn>();
  for (const { grant, occasion, ...place } of postings) {
    const { owner } = place;
    let turn = turns.get(owner);
    if (turn === undefined) {
      turn = { place, ladder: ladders.get(place.program), before: standings.get(owner), grants: [], occasion };
      turns.set(owner, turn);
    }
    turn.occasion = occasion;
    if (grant !== undefined) turn.grants.push({ owner, ...grant });
  }
  return [...turns.values()];
}

/** The standing after the turn's grants, where it can be told without the member's older ones. */
function advanced({ ladder, before, grants }: Turn): Standing | undefined {
  if (ladder?.ladder === undefined) return UNRANKED;
  const known = before === undefined || before.ladderVersion === ladder.sinceVersion;
  let standing: Standing | undefined = known ? (before ?? newcomer(ladder.ladder)) : undefined;
  for (const grant of grants) {
    if (standing === undefined || !grant.first) return undefined;
    if (grant.currency === ladder.ladder.currency) standing = advance(ladder.ladder, standing, grant);
  }
  return standing;
}

async function historyOf<Sql>(
  tx: Transaction<Sql>,
  tables: TieringTables<Sql>,
  turns: readonly Turn[],
): Promise<ReadonlyMap<string, readonly Contribution[]>> {
  if (turns.length === 0) return new Map();
  const owners = turns.map(({ place }) => place.owner);
  const currencies = new Set(turns.flatMap(({ ladder }) => ladder?.ladder?.currency ?? []));
  return tables.grantsOf(tx.sql, owners, [...currencies]);
}
