import { addPoints, sumPoints, ZERO, type Instant, type Points } from '@jifen/kernel';
import type { Contribution } from './grant.ts';
import { stepOf, type Ladder } from './ladder.ts';
import { codeOf, enter, settled, timelineOf, type Timeline } from './timeline.ts';

/** Where a member stands: a fold of all contributions that knows enough to take most new ones without the old. */
export interface Standing {
  readonly lifetime: Points;
  /** Newest instant that something was earned at. */
  readonly latest: Instant | undefined;
  readonly timeline: Timeline;
}

export const newcomer = (ladder: Ladder): Standing => ({
  lifetime: ZERO,
  latest: undefined,
  timeline: timelineOf(ladder, []),
});

export function standingOf(ladder: Ladder, contributions: Iterable<Contribution>): Standing {
  const net = settled(contributions);
  return {
    lifetime: sumPoints(net.map(({ points }) => points)),
    latest: net.at(-1)?.earnedAt,
    timeline: timelineOf(ladder, net),
  };
}

/**
 * The standing after one more contribution, or `undefined` where only all contributions together can tell: one that is
 * late may have moved an earlier crossing, or belong to an earlier ladder.
 */
export function advance(ladder: Ladder, standing: Standing, more: Contribution): Standing | undefined {
  if (more.points === 0) return standing;
  const { earnedAt } = more;
  const { timeline, latest } = standing;
  const last = timeline.at(-1);
  if (last === undefined || more.points < 0) return undefined;
  if (ladder.before !== undefined && earnedAt < ladder.before.until) return undefined;
  const lifetime = addPoints(standing.lifetime, more.points);
  const tier = codeOf(ladder, stepOf(ladder, lifetime));
  const newest = latest === undefined || earnedAt >= latest;
  const next = { lifetime, latest: newest ? earnedAt : latest };
  // Totals from `earnedAt` on lie between the last entry's threshold and the new lifetime: the same tier throughout.
  if (tier === last.tier && (earnedAt > last.since || newest)) return { ...next, timeline };
  if (!newest) return undefined;
  const extended = [...timeline];
  enter(extended, { tier, since: earnedAt });
  return { ...next, timeline: extended };
}
