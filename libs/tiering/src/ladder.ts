import { currencyDecimals, points, subtractPoints, type Instant, type Points } from '@jifen/kernel';
import type { Tier } from './tier.ts';

/** What counts: `lifetime-points` and `points` differ in that the latter are counted in a window. */
export type Basis = 'lifetime-points' | 'points' | 'spend' | 'orders';

/**
 * A period of the calendar, or that day and those before it back to the day after the same date so many months earlier, or
 * what came since the tier was last reached, kept or lost.
 */
export type Window =
  { readonly per: 'month' | 'quarter' | 'half' | 'year' } | { readonly months: number } | { readonly since: 'change' };

export const MONTHS_OF = { month: 1, quarter: 3, half: 6, year: 12 } as const;

/** When a tier is looked at again, which is the only time that it can fall. */
export interface Review {
  /**
   * At starts of calendar periods, at anniversaries of joining, or so long after the tier was reached or last kept; rolling: on
   * the first day before which the window no longer held what keeps the tier.
   */
  readonly clock: 'calendar' | 'anniversary' | 'tier-start' | 'rolling';
  /** How often; 0 of a rolling one. */
  readonly months: number;
  /** How far a tier falls that was not kept: to the next lower one, or to the highest lower one that what counts would keep. */
  readonly fall: 'one-step' | 'to-fit';
  /** Days after the review in which what is missing may still be earned. */
  readonly graceDays: number;
  /** Days before the review from which on a member is told what is missing. */
  readonly noticeDays: number;
}

/** Tiers in ascending order of threshold, the first at 0. Figures are points, orders, or whole units of money. */
export interface Ladder {
  /** Points of it count where the basis is points. */
  readonly currency: string;
  readonly basis: Basis;
  /** Absent: all that was ever. */
  readonly window?: Window;
  /** Absent: no tier ever falls. */
  readonly review?: Review;
  /** Of days, months and years. */
  readonly timeZone: string;
  /** Spend in it counts where the basis is spend. */
  readonly moneyCurrency: string;
  readonly tiers: readonly Tier[];
  /** T07: a member is told once when at most so much is missing to the next tier. */
  readonly nearUpgrade?: Points;
  /** The ladder that held before, for what happened then. Absent: this one has always held. */
  readonly before?: { readonly ladder: Ladder; readonly until: Instant };
}

/** The ladder with those before it, the oldest first. */
export const erasOf = (ladder: Ladder): readonly Ladder[] =>
  ladder.before === undefined ? [ladder] : [...erasOf(ladder.before.ladder), ladder];

/** The ladder of an instant. */
export const ladderAt = (ladder: Ladder, at: Instant): Ladder =>
  ladder.before !== undefined && at < ladder.before.until ? ladderAt(ladder.before.ladder, at) : ladder;

export const countsPoints = ({ basis }: Pick<Ladder, 'basis'>): boolean =>
  basis === 'lifetime-points' || basis === 'points';

/** How many of what is summed make one of what thresholds count: spend is summed in minor units. */
export const unitOf = ({ basis, moneyCurrency }: Ladder): number =>
  basis === 'spend' ? 10 ** currencyDecimals(moneyCurrency) : 1;

/** What decides where everybody stands: names, badges, benefits, multipliers and notices do not. */
const decisive = ({ currency, basis, window, review, timeZone, moneyCurrency, tiers }: Ladder): unknown => [
  basis,
  countsPoints({ basis }) ? currency : null,
  basis === 'spend' ? moneyCurrency : null,
  window === undefined ? null : [timeZone, window],
  review === undefined ? null : [timeZone, review.clock, review.months, review.fall, review.graceDays],
  tiers.map(({ code, threshold, keep }) => [code, threshold, review === undefined ? null : (keep ?? threshold)]),
];

/** Whether two ladders put everybody on the same steps. */
export const sameSteps = (a: Ladder | undefined, b: Ladder | undefined): boolean =>
  a === undefined || b === undefined ? a === b : JSON.stringify(decisive(a)) === JSON.stringify(decisive(b));

/** The next tier and what is missing to it; `undefined` on the highest. */
export function nextTier(
  ladder: Ladder,
  step: number,
  counted: Points,
): { readonly tier: Tier; readonly missing: Points } | undefined {
  const tier = ladder.tiers[step + 1];
  return tier && { tier, missing: subtractPoints(tier.threshold, points(Math.min(counted, tier.threshold))) };
}

/** Place in the ladder that what counts reaches; less than 0 stands on the first step. */
export function stepOf(ladder: Ladder, counted: number): number {
  let step = 0;
  for (let next = 1; next < ladder.tiers.length; next++) {
    const tier = ladder.tiers[next];
    if (tier !== undefined && tier.threshold <= counted) step = next;
  }
  return step;
}

/** Place of a code in the ladder; -1 where it has no such tier. */
export const placeOf = (ladder: Ladder, code: string | undefined): number =>
  ladder.tiers.findIndex((tier) => tier.code === code);
