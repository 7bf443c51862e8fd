import { instantFromMillis, instantToMillis, type Instant } from '@jifen/kernel';
import { justBefore } from './dates.ts';
import { ladderAt, placeOf, type Ladder } from './ladder.ts';
import { enter, type TierSince, type Timeline } from './timeline.ts';

/** What a person said of a member's tier. From `at` on it replaces what was said before. */
export interface Assignment {
  readonly at: Instant;
  /** Absent: what was said before no longer holds. */
  readonly tier: string | undefined;
  /** The first instant that it no longer holds at; absent: for ever. */
  readonly until: Instant | undefined;
}

/** A tier given by hand, from `from` and before `until`. */
export interface Span {
  readonly tier: string;
  readonly from: Instant;
  readonly until: Instant | undefined;
}

/** Assignments as stretches of time that do not meet, ascending. */
export function spansOf(assignments: readonly Assignment[]): readonly Span[] {
  const ordered = [...assignments].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return ordered.flatMap(({ at, tier, until }, place): Span[] => {
    const next = ordered[place + 1]?.at;
    const end = until !== undefined && (next === undefined || until < next) ? until : next;
    return tier === undefined || (end !== undefined && end <= at) ? [] : [{ tier, from: at, until: end }];
  });
}

export const spanAt = (spans: readonly Span[], at: Instant): Span | undefined =>
  spans.find(({ from, until }) => from <= at && (until === undefined || at < until));

/** The instants behind which a span begins or, as far as time is, ended to hold. */
export const turnsOf = (spans: readonly Span[], horizon: Instant): readonly Instant[] =>
  spans.flatMap(({ from, until }) => [
    justBefore(from),
    ...(until === undefined || until > horizon ? [] : [justBefore(until)]),
  ]);

/**
 * A timeline with tiers given by hand: while one is in force the member stands on it, or higher where that was earned. One that
 * is on no ladder of its time gives nothing.
 */
export function withSpans(ladder: Ladder, timeline: Timeline, spans: readonly Span[], horizon: Instant): Timeline {
  if (spans.length === 0) return timeline;
  const instants = new Set([...timeline.map(({ since }) => since), ...turnsOf(spans, horizon)]);
  const seen: TierSince[] = [];
  for (const since of [...instants].sort()) {
    const holds = instantFromMillis(instantToMillis(since) + 1);
    const earned = timeline.findLast((entry) => entry.since <= since)?.tier ?? '';
    // An end that is still to come is not known to come: somebody may put it off.
    const given = spanAt(spans, holds < horizon ? holds : horizon)?.tier;
    const steps = ladderAt(ladder, holds);
    const higher = given !== undefined && placeOf(steps, given) > placeOf(steps, earned);
    enter(seen, { tier: higher ? given : earned, since });
  }
  return seen;
}
