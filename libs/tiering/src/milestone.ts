import { addPoints, negatePoints, present, ZERO, type Instant, type Points } from '@jifen/kernel';
import { justAfter, justBefore } from './dates.ts';
import { countedBy, factsBefore, type Facts } from './facts.ts';
import type { Contribution } from './grant.ts';
import { countsPoints, erasOf, type Ladder } from './ladder.ts';
import { contributionsFrom, settled } from './series.ts';
import { BEGINNING } from './timeline.ts';
import { nextReview, walkOf, walkOn, type Start, type Walk } from './walk.ts';

/** Points of the ladder's currency, and the newest instant that any were earned at. */
export interface Totals {
  readonly lifetime: Points;
  readonly latest: Instant | undefined;
}

/** Where a member stood at an instant, by all that counts before it. */
export interface Milestone extends Start, Totals {}

/** What counts since a milestone, settled: on the ladder, and as points of its currency. The same where the basis is points. */
export interface Recent {
  readonly counted: readonly Contribution[];
  readonly earned: readonly Contribution[];
}

/** As good as all facts to say where a member stands, and as short for one of whom much is known as for others. */
export interface Digest {
  readonly milestone: Milestone;
  readonly recent: Recent;
}

/** Instants since the milestone: with more of them it moves on, and leaves the newest half. */
export const MAX_RECENT = 200;

/** Of all facts; `undefined` of few, and where what is still to come may change what was. */
export function digestOf(ladder: Ladder, facts: Facts, now: Instant, most = MAX_RECENT): Digest | undefined {
  const recent = recentOf(ladder, facts);
  const until = untilOf(ladder, recent, now, most);
  if (until === undefined) return undefined;
  const before = factsBefore(facts, until);
  // Anniversaries go by what counted first where nobody said when the member joined.
  const isDated = (each: Ladder): boolean =>
    each.review?.clock !== 'anniversary' || facts.joined !== undefined || settled(countedBy(each, before)).length > 0;
  if (!erasOf(ladder).every(isDated)) return undefined;
  return digestAt(walkOf(ladder, before, justBefore(until)), until, { lifetime: ZERO, latest: undefined }, recent);
}

/** The digest with a later milestone where so much came since that it pays; else as it is. */
export function movedOn(ladder: Ladder, digest: Digest, now: Instant, most = MAX_RECENT): Digest {
  const { milestone, recent } = digest;
  const until = untilOf(ladder, recent, now, most);
  if (until === undefined || until <= milestone.until) return digest;
  const counted = recent.counted.filter(({ earnedAt }) => earnedAt < until);
  return digestAt(walkOn(ladder, milestone, counted, justBefore(until)), until, milestone, recent);
}

/**
 * The digest after something of the facts became something else; `undefined` where that concerns what was before the milestone,
 * so that all facts alone can tell.
 */
export function amended(ladder: Ladder, { milestone, recent }: Digest, was: Facts, is: Facts): Digest | undefined {
  const isOld = ({ points, purchases }: Facts): boolean =>
    purchases.some(({ at }) => at < milestone.until) ||
    [...points.values()].some((all) => all.some(({ earnedAt }) => earnedAt < milestone.until));
  if (isOld(was) || isOld(is)) return undefined;
  const [gone, come] = [recentOf(ladder, was), recentOf(ladder, is)];
  const earned = settled([...recent.earned, ...come.earned, ...gone.earned.map(negated)]);
  const counted = countsPoints(ladder)
    ? earned
    : settled([...recent.counted, ...come.counted, ...gone.counted.map(negated)]);
  return { milestone, recent: { counted, earned } };
}

/** As it was before an instant behind the milestone. */
export const digestBefore = ({ milestone, recent }: Digest, at: Instant): Digest => ({
  milestone,
  recent: cut(recent, ({ earnedAt }) => earnedAt < at),
});

export const totalsOf = ({ milestone, recent }: Digest): Totals => added(milestone, recent.earned);

function recentOf(ladder: Ladder, facts: Facts): Recent {
  const earned = settled(facts.points.get(ladder.currency) ?? []);
  return { counted: countsPoints(ladder) ? earned : settled(countedBy(ladder, facts)), earned };
}

const cut = ({ counted, earned }: Recent, holds: (each: Contribution) => boolean): Recent => ({
  counted: counted.filter(holds),
  earned: earned.filter(holds),
});

const negated = ({ earnedAt, points }: Contribution): Contribution => ({ earnedAt, points: negatePoints(points) });

const added = ({ lifetime, latest }: Totals, earned: readonly Contribution[]): Totals => ({
  lifetime: earned.reduce((sum, { points }) => addPoints(sum, points), lifetime),
  latest: earned.at(-1)?.earnedAt ?? latest,
});

/** Where the milestone is due: under the last ladder, and never ahead of time, because reviews fall due with it. */
function untilOf({ before }: Ladder, { counted, earned }: Recent, now: Instant, most: number): Instant | undefined {
  const instants = new Set([...counted, ...(counted === earned ? [] : earned)].map(({ earnedAt }) => earnedAt));
  if (instants.size <= most) return undefined;
  const newest = present([...instants].sort().at(-Math.ceil(most / 2)), 'the newest half');
  const first = before === undefined ? BEGINNING : justAfter(before.until);
  if (first > now) return undefined;
  if (newest > now) return now;
  return newest < first ? first : newest;
}

function digestAt(walk: Walk, until: Instant, from: Totals, recent: Recent): Digest {
  const { era, timeline } = walk;
  const review = nextReview(era, walk.state)?.reviewedAt;
  // A rolling review looks at each day behind `after`, and those before the next review are over.
  const after = justBefore(review !== undefined && review < until ? review : until);
  const state = { ...walk.state, after };
  const earned = recent.earned.filter(({ earnedAt }) => earnedAt < until);
  return {
    milestone: { until, state, timeline, joined: era.joined, past: pastOf(walk, until), ...added(from, earned) },
    recent: cut(recent, ({ earnedAt }) => earnedAt >= until),
  };
}

/**
 * What windows to come may still hold, in sums that lie between two instants that one may start at: days, the last change, and a
 * review whose grace is not over. Each sum stands at its first instant.
 */
function pastOf({ era, state }: Walk, until: Instant): readonly Contribution[] {
  const { dates, series } = era;
  const review = nextReview(era, state)?.reviewedAt;
  const last = review !== undefined && review < until ? justBefore(review) : until;
  // A day more: where clocks were set back across midnight, days do not come in order.
  const start = dates.windowStart(dates.addDays(last, -1), state.changed);
  const past: { readonly earnedAt: Instant; points: Points }[] = [];
  let end: Instant | undefined;
  for (const { earnedAt, points } of contributionsFrom(series, start)) {
    const sum = past.at(-1);
    if (sum !== undefined && (end === undefined || earnedAt < end)) sum.points = addPoints(sum.points, points);
    else {
      past.push({ earnedAt, points });
      const starts = [dates.nextStart(earnedAt), state.changed, review];
      end = starts.filter((each) => each !== undefined && each > earnedAt).sort()[0];
    }
  }
  return past;
}
