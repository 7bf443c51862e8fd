import type { Problem } from '@jifen/contracts';
import { accept, instantFromMillis, memberKey, refuse, type Instant, type Outcome } from '@jifen/kernel';
import {
  BEGINNING,
  newcomer,
  nextTier,
  standingOf,
  tierAt,
  type Contribution,
  type Ladder,
  type Tier,
  type TierSince,
} from '@jifen/tiering';
import { grantsKey, type LadderVersion, type StandingRow, type TieringTables } from './ports.ts';

export interface TierView {
  readonly program: string;
  readonly member: string;
  readonly asOf: string;
  readonly tier: Tier;
  /** Absent for the first tier, which nobody had to reach. */
  readonly since?: string;
  readonly lifetimePoints: number;
  readonly currency: string;
  /** Absent on the highest tier. */
  readonly next?: { readonly tier: string; readonly threshold: number; readonly points: number };
  readonly timeline: readonly TierSince[];
  readonly programVersion: number;
}

export interface LadderView {
  readonly program: string;
  readonly programVersion: number;
  readonly currency: string;
  readonly basis: 'lifetime-points';
  readonly tiers: readonly Tier[];
}

export type RankedLadder = LadderVersion & { readonly ladder: Ladder };

async function rankedLadder<Sql>(
  tables: TieringTables<Sql>,
  sql: Sql,
  program: string,
  now: number,
): Promise<Outcome<RankedLadder, Problem>> {
  const version = (await tables.laddersInForce(sql, [program], now)).get(program);
  if (version?.ladder === undefined)
    return refuse({ code: 'not_found', detail: `program ${program} has no ladder in force` });
  return accept({ ...version, ladder: version.ladder });
}

export async function readLadder<Sql>(
  tables: TieringTables<Sql>,
  sql: Sql,
  program: string,
  now: number,
): Promise<Outcome<LadderView, Problem>> {
  const ranked = await rankedLadder(tables, sql, program, now);
  if (!ranked.ok) return ranked;
  const { version, ladder } = ranked.value;
  const { currency, tiers } = ladder;
  return accept({ program, programVersion: version, basis: 'lifetime-points', currency, tiers });
}

export interface TierQuestion {
  readonly program: string;
  readonly member: string;
  readonly now: number;
  /** The instant asked about, by what is known now; `now` when absent. */
  readonly asOf?: Instant | undefined;
}

/** Where a member stands. One that is not recomputed yet is answered under the new ladder all the same. */
export async function readTier<Sql>(
  tables: TieringTables<Sql>,
  sql: Sql,
  { program, member, now, asOf }: TierQuestion,
): Promise<Outcome<TierView, Problem>> {
  const ranked = await rankedLadder(tables, sql, program, now);
  if (!ranked.ok) return ranked;
  const { version, sinceVersion, ladder } = ranked.value;
  const owner = memberKey(program, member);
  const row = (await tables.standingsOf(sql, [owner])).get(owner);
  const at = asOf ?? instantFromMillis(now);
  const { timeline, lifetime } =
    asOf === undefined
      ? await currentStanding(tables, sql, owner, row, { sinceVersion, ladder })
      : standingOf(
          ladder,
          (await grantsOfMember(tables, sql, owner, ladder)).filter(({ earnedAt }) => earnedAt < at),
        );
  const entry = tierAt(timeline, at);
  const tier = ladder.tiers.find(({ code }) => code === entry?.tier) ?? ladder.tiers[0];
  if (tier === undefined) return refuse({ code: 'not_found', detail: `program ${program} has no tiers` });
  const next = nextTier(ladder, lifetime);
  return accept({
    program,
    member,
    asOf: at,
    tier,
    ...(entry === undefined || entry.since === BEGINNING ? {} : { since: entry.since }),
    lifetimePoints: lifetime,
    currency: ladder.currency,
    ...(next === undefined
      ? {}
      : { next: { tier: next.tier.code, threshold: next.tier.threshold, points: next.missing } }),
    timeline: timeline.filter(({ since }) => since !== BEGINNING),
    programVersion: version,
  });
}

async function currentStanding<Sql>(
  tables: TieringTables<Sql>,
  sql: Sql,
  owner: string,
  row: StandingRow | undefined,
  { sinceVersion, ladder }: Pick<RankedLadder, 'sinceVersion' | 'ladder'>,
): Promise<Pick<StandingRow, 'timeline' | 'lifetime'>> {
  if (row === undefined) return newcomer(ladder);
  if (row.ladderVersion === sinceVersion) return row;
  return standingOf(ladder, await grantsOfMember(tables, sql, owner, ladder));
}

async function grantsOfMember<Sql>(
  tables: TieringTables<Sql>,
  sql: Sql,
  owner: string,
  { currency }: Ladder,
): Promise<readonly Contribution[]> {
  return (await tables.grantsOf(sql, [owner], [currency])).get(grantsKey(owner, currency)) ?? [];
}
