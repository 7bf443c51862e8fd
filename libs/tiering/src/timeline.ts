import { addPoints, instantFromMillis, instantToMillis, present, sumPoints, ZERO, type Instant } from '@jifen/kernel';
import type { Contribution } from './grant.ts';
import { stepOf, type Ladder } from './ladder.ts';

/** A tier that holds for every instant after `since`, until after the next entry's: never at `since` itself. */
export interface TierSince {
  readonly tier: string;
  readonly since: Instant;
}

/** Ascending in `since`, never the same tier twice in a row, never empty: before anything was earned the first tier holds. */
export type Timeline = readonly TierSince[];

/** Where every timeline starts. */
export const BEGINNING = '1970-01-01T00:00:00.000Z' as Instant;

export const codeOf = (ladder: Ladder, step: number): string => present(ladder.tiers[step], `tier ${step}`).code;

export const firstTimeline = (ladder: Ladder): Timeline => [{ tier: codeOf(ladder, 0), since: BEGINNING }];

/** Net points an instant, ascending, without instants that came to nothing. */
export function settled(contributions: Iterable<Contribution>): readonly Contribution[] {
  const net = new Map<Instant, Contribution>();
  for (const { earnedAt, points } of contributions)
    net.set(earnedAt, { earnedAt, points: addPoints(net.get(earnedAt)?.points ?? ZERO, points) });
  return [...net.values()]
    .filter(({ points }) => points !== 0)
    .sort((a, b) => (a.earnedAt < b.earnedAt ? -1 : a.earnedAt > b.earnedAt ? 1 : 0));
}

/**
 * The whole history of a standing: the tier at `t` is the one that all points earned strictly before `t` reach. What was
 * earned at one instant counts together, so the order in which postings arrive never shows. Another ladder counts from the
 * instant that it holds from: what was reached under the one before stays as it was.
 */
export const timelineOf = (ladder: Ladder, contributions: Iterable<Contribution>): Timeline =>
  timelineUnder(ladder, settled(contributions));

function timelineUnder(ladder: Ladder, net: readonly Contribution[]): TierSince[] {
  const { before } = ladder;
  const timeline = before === undefined ? [...firstTimeline(ladder)] : [];
  let total = ZERO;
  let later = net;
  if (before !== undefined) {
    // An entry holds after its instant, so this one holds from `until` on.
    const since = instantFromMillis(instantToMillis(before.until) - 1);
    const first = net.findIndex(({ earnedAt }) => earnedAt > since);
    later = first < 0 ? [] : net.slice(first);
    total = sumPoints(net.slice(0, net.length - later.length).map(({ points }) => points));
    timeline.push(...timelineUnder(before.ladder, net).filter((entry) => entry.since < since));
    enter(timeline, { tier: codeOf(ladder, stepOf(ladder, total)), since });
  }
  for (const { earnedAt, points } of later) {
    total = addPoints(total, points);
    enter(timeline, { tier: codeOf(ladder, stepOf(ladder, total)), since: earnedAt });
  }
  return timeline;
}

/** Adds an entry at or after the last one; one at the same instant replaces it. */
export function enter(timeline: TierSince[], entry: TierSince): void {
  if (timeline.at(-1)?.since === entry.since) timeline.pop();
  if (timeline.at(-1)?.tier !== entry.tier) timeline.push(entry);
}

/** The tier in force at an instant: that of the last entry strictly before it. */
export function tierAt(timeline: Timeline, at: Instant): TierSince | undefined {
  let found: TierSince | undefined;
  for (const entry of timeline) {
    if (entry.since >= at) break;
    found = entry;
  }
  return found;
}

export const sameTimeline = (a: Timeline, b: Timeline): boolean =>
  a.length === b.length && a.every((entry, place) => entry.tier === b[place]?.tier && entry.since === b[place].since);
