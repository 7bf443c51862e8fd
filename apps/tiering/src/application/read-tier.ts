import type { Problem } from '@jifen/contracts';
import { accept, instantFromMillis, memberKey, present, refuse, type Instant, type Outcome } from '@jifen/kernel';
import {
  BEGINNING,
  endOf,
  ladderAt,
  nextTier,
  placeOf,
  tierAt,
  type Basis,
  type Ladder,
  type Outlook,
  type Position,
  type Review,
  type Span,
  type Tier,
  type TierSince,
  type Window,
} from '@jifen/tiering';
import { lookAt } from './look-at.ts';
import type { RankedLadder, TieringTables } from './ports.ts';

export interface TierView {
  readonly program: string;
  readonly member: string;
  readonly asOf: string;
  readonly tier: Tier;
  /** Absent for the first tier, which nobody had to reach. */
  readonly since?: string;
  /** The earliest instant that the tier may end at; absent where it does not end. */
  readonly until?: string;
  /** A tier given by hand that is in force; what was earned may be higher. */
  readonly given?: { readonly tier: string; readonly from: string; readonly until?: string };
  readonly lifetimePoints: number;
  readonly currency: string;
  readonly basis: Basis;
  /** What counts now; of spend in whole units of money, like every figure of the ladder. */
  readonly qualifying: number;
  /** Since when it is counted; absent where everything ever is. */
  readonly qualifyingSince?: string;
  /** Absent on the highest tier. `points` is what is missing. */
  readonly next?: { readonly tier: string; readonly threshold: number; readonly points: number };
  /** What the next review asks for. Absent where there is none. */
  readonly keep?: {
    readonly reviewAt: string;
    readonly required: number;
    readonly qualifying: number;
    readonly missing: number;
  };
  /** Code of the tier after the next review or the end of what was given, if nothing more comes. */
  readonly projected: string;
  readonly timeline: readonly TierSince[];
  readonly programVersion: number;
}

export interface LadderView {
  readonly program: string;
  readonly programVersion: number;
  readonly currency: string;
  readonly basis: Basis;
  readonly window?: Window;
  readonly review?: Review;
  readonly tiers: readonly Tier[];
}

export async function rankedLadder<Sql>(
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
  const { currency, basis, tiers, window, review } = ladder;
  const counted = { ...(window === undefined ? {} : { window }), ...(review === undefined ? {} : { review }) };
  return accept({ program, programVersion: version, currency, basis, ...counted, tiers });
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
  const moment = { at: asOf ?? instantFromMillis(now), isPast: asOf !== undefined };
  const owner = memberKey(program, member);
  const row = (await tables.standingsOf(sql, [owner])).get(owner);
  const { position } = present(
    (await lookAt(tables, sql, ranked.value, [{ owner, row }], moment)).get(owner),
    `a position of ${owner}`,
  );
  const said = viewOf(ladderAt(ranked.value.ladder, moment.at), position, moment.at);
  return accept({ program, member, asOf: moment.at, ...said, programVersion: ranked.value.version });
}

export type MemberView = Omit<TierView, 'program' | 'member' | 'asOf' | 'programVersion'>;

/** What is said of a member that stands so at the instant. */
export function viewOf(ladder: Ladder, position: Position, at: Instant): MemberView {
  const entry = tierAt(position.timeline, at);
  const tier = present(ladder.tiers[Math.max(0, placeOf(ladder, entry?.tier))], 'a first tier');
  const { lifetime, counted, windowStart, outlook, shown, given, timeline } = position;
  const next = nextTier(ladder, shown, counted);
  const { until, projected } = endOf(ladder, position);
  return {
    tier,
    ...(entry === undefined || entry.since === BEGINNING ? {} : { since: entry.since }),
    ...(until === undefined ? {} : { until }),
    ...(given === undefined ? {} : { given: givenOf(given) }),
    lifetimePoints: lifetime,
    currency: ladder.currency,
    basis: ladder.basis,
    qualifying: counted,
    ...(windowStart === undefined ? {} : { qualifyingSince: windowStart }),
    ...(next === undefined
      ? {}
      : { next: { tier: next.tier.code, threshold: next.tier.threshold, points: next.missing } }),
    ...(outlook === undefined ? {} : { keep: keepOf(outlook) }),
    projected,
    timeline: timeline.filter(({ since }) => since !== BEGINNING),
  };
}

const givenOf = ({ tier, from, until }: Span): NonNullable<TierView['given']> => ({
  tier,
  from,
  ...(until === undefined ? {} : { until }),
});

const keepOf = ({ reviewedAt, keep, qualifying, missing }: Outlook): NonNullable<TierView['keep']> => ({
  reviewAt: reviewedAt,
  required: keep,
  qualifying,
  missing,
});
