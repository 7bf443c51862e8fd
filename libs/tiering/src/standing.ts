import { addPoints, assert, sumPoints, ZERO, type Instant, type Points } from '@jifen/kernel';
import { spanAt, spansOf, turnsOf, withSpans, type Assignment, type Span } from './assigned.ts';
import { courseAt, courseOf, type Course } from './course.ts';
import { NO_FACTS, type Facts } from './facts.ts';
import type { Contribution } from './grant.ts';
import { countsPoints, placeOf, stepOf, type Ladder } from './ladder.ts';
import { totalsOf, type Digest, type Totals } from './milestone.ts';
import { settled } from './series.ts';
import { codeOf, walkOn } from './walk.ts';
import { BEGINNING, enter, type Timeline } from './timeline.ts';

/** What is kept of where a member stands: knows enough to take most new points without the old ones. */
export interface Standing {
  /** Points of the ladder's currency, ever. */
  readonly lifetime: Points;
  /** Newest instant that something was earned at. */
  readonly latest: Instant | undefined;
  readonly timeline: Timeline;
}

/** A standing with all that can be said of it; `step` is the one that was earned. */
export interface Position extends Standing, Course {
  readonly timeline: Timeline;
  /** The tier given by hand that is in force at the horizon. */
  readonly given: Span | undefined;
  /** The step that the member stands on: what was earned or what was given, whichever is higher. */
  readonly shown: number;
  /** Entries of the timeline that a person's word made hold these instants as their `since`. */
  readonly turns: readonly Instant[];
}

/** The same for everybody, and asked for with the first posting of each. */
const newcomers = new WeakMap<Ladder, Position>();

export function newcomer(ladder: Ladder): Position {
  const known = newcomers.get(ladder) ?? standingOf(ladder, NO_FACTS, BEGINNING);
  newcomers.set(ladder, known);
  return known;
}

export function standingOf(ladder: Ladder, facts: Facts, horizon: Instant): Position {
  const net = settled(facts.points.get(ladder.currency) ?? []);
  const totals = { lifetime: sumPoints(net.map(({ points }) => points)), latest: net.at(-1)?.earnedAt };
  return positionOf(ladder, courseOf(ladder, facts, horizon), totals, facts.assigned, horizon);
}

/** The same of a digest of the facts, at its milestone or behind it, without the verdicts of before. */
export function standingBy(
  ladder: Ladder,
  digest: Digest,
  assigned: readonly Assignment[] | undefined,
  horizon: Instant,
): Position {
  assert(horizon >= digest.milestone.until, `${horizon} is before the milestone`);
  const course = courseAt(walkOn(ladder, digest.milestone, digest.recent.counted, horizon), horizon);
  return positionOf(ladder, course, totalsOf(digest), assigned, horizon);
}

function positionOf(
  ladder: Ladder,
  course: Course,
  { lifetime, latest }: Totals,
  assigned: readonly Assignment[] = [],
  horizon: Instant,
): Position {
  const spans = spansOf(assigned);
  const given = spanAt(spans, horizon);
  return {
    ...course,
    timeline: withSpans(ladder, course.timeline, spans, horizon),
    given,
    shown: Math.max(course.step, placeOf(ladder, given?.tier)),
    turns: turnsOf(spans, horizon),
    lifetime,
    latest,
  };
}

/** Whether where everybody stands on it follows from the sum of their points: no windows, so that no tier falls. */
export const isPlain = (ladder: Ladder): boolean => countsPoints(ladder) && ladder.window === undefined;

/** The position of a standing on a plain ladder, where nobody gave a tier by hand. */
export const plainPosition = (ladder: Ladder, standing: Standing): Position => ({
  ...standing,
  verdicts: [],
  step: Math.max(0, placeOf(ladder, standing.timeline.at(-1)?.tier)),
  counted: standing.lifetime,
  windowStart: undefined,
  outlook: undefined,
  given: undefined,
  shown: Math.max(0, placeOf(ladder, standing.timeline.at(-1)?.tier)),
  turns: [],
});

/**
 * The standing after one more contribution, or `undefined` where only all contributions together can tell: one that is
 * late may have moved an earlier crossing, or belong to an earlier ladder, or the ladder has windows.
 */
export function advance(ladder: Ladder, standing: Standing, more: Contribution): Standing | undefined {
  if (!isPlain(ladder)) return undefined;
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

/** Nobody stands anywhere where no ladder is in force. */
export const UNRANKED: Position = {
  lifetime: ZERO,
  latest: undefined,
  timeline: [],
  verdicts: [],
  step: 0,
  counted: ZERO,
  windowStart: undefined,
  outlook: undefined,
  given: undefined,
  shown: 0,
  turns: [],
};

/** When the tier may end at the earliest, and the code of the one that follows if nothing more comes. */
export function endOf(
  ladder: Ladder,
  { step, shown, given, outlook }: Position,
): { readonly until: Instant | undefined; readonly projected: string } {
  const earned = codeOf(ladder, step);
  if (shown === step || given === undefined)
    return { until: outlook?.decidedAt, projected: outlook?.projected ?? earned };
  // A tier given by hand above what was earned ends by its own date, and leads to what was earned.
  return { until: given.until, projected: given.until === undefined ? given.tier : earned };
}
