import { addPoints, subtractPoints, ZERO, type Instant, type Points } from '@jifen/kernel';
import type { Contribution } from './grant.ts';

/** What counts, summed by instant and in order, so that the sum of any span is two look-ups. */
export interface Series {
  readonly at: readonly Instant[];
  /** `totals[n]` is the sum of the first n. */
  readonly totals: readonly Points[];
}

/** Net sum an instant, ascending, without instants that came to nothing. */
export function settled(contributions: Iterable<Contribution>): readonly Contribution[] {
  const net = new Map<Instant, Contribution>();
  for (const { earnedAt, points } of contributions)
    net.set(earnedAt, { earnedAt, points: addPoints(net.get(earnedAt)?.points ?? ZERO, points) });
  return [...net.values()]
    .filter(({ points }) => points !== 0)
    .sort((a, b) => (a.earnedAt < b.earnedAt ? -1 : a.earnedAt > b.earnedAt ? 1 : 0));
}

export const seriesOf = (contributions: Iterable<Contribution>): Series => summed(settled(contributions));

/** Of what is settled already. */
export function summed(net: readonly Contribution[]): Series {
  const totals: Points[] = [ZERO];
  for (const { points } of net) totals.push(addPoints(totals.at(-1) ?? ZERO, points));
  return { at: net.map(({ earnedAt }) => earnedAt), totals };
}

/** How many lie before an instant. */
export function countBefore({ at }: Series, instant: Instant): number {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? '') < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The sum from an instant on, or from the first, and before another. */
export function sumOf(series: Series, from: Instant | undefined, before: number): number {
  const first = from === undefined ? 0 : countBefore(series, from);
  return first >= before ? 0 : (series.totals[before] ?? 0) - (series.totals[first] ?? 0);
}

/** What the series sums, from an instant on or from the first. */
export function contributionsFrom(series: Series, from: Instant | undefined): readonly Contribution[] {
  const first = from === undefined ? 0 : countBefore(series, from);
  return series.at.slice(first).map((earnedAt, place) => ({
    earnedAt,
    points: subtractPoints(series.totals[first + place + 1] ?? ZERO, series.totals[first + place] ?? ZERO),
  }));
}
