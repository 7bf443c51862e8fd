import { points, type Instant, type Points } from '@jifen/kernel';
import type { Facts } from './facts.ts';
import type { Ladder } from './ladder.ts';
import { countBefore } from './series.ts';
import type { Timeline } from './timeline.ts';
import {
  codeOf,
  countedWith,
  keepAt,
  nextReview,
  qualifyingFor,
  stepBelow,
  walkOf,
  wholeOf,
  type Verdict,
  type Walk,
} from './walk.ts';

/** The review to come, as things stand. */
export interface Outlook {
  readonly reviewedAt: Instant;
  readonly decidedAt: Instant;
  /** From here on the member is told what is missing. */
  readonly noticeAt: Instant;
  readonly qualifying: Points;
  readonly keep: Points;
  readonly missing: Points;
  /** Code of the tier after it. */
  readonly projected: string;
}

/** Everything that can be said of where a member stood and stands, by what is known and at an instant. */
export interface Course {
  readonly timeline: Timeline;
  readonly verdicts: readonly Verdict[];
  /** Place in the ladder after all of it. */
  readonly step: number;
  /** What counts in the window that the horizon is in: of a ladder without windows all that is known. */
  readonly counted: Points;
  /** The first instant that counts at the horizon; absent where everything does. */
  readonly windowStart: Instant | undefined;
  /** Absent on the first step, and where nothing is reviewed. */
  readonly outlook: Outlook | undefined;
}

/**
 * Where a member stood at every instant: a function of what counts, of the ladders and, because reviews fall due by themselves,
 * of the instant up to which they have. A tier is reached with what counts in the window up to and with that instant, and falls
 * at reviews alone. Another ladder counts from the instant that it holds from: what was before stays as it was, and a ladder
 * with reviews leaves a member the tier that it has.
 */
export const courseOf = (ladder: Ladder, facts: Facts, horizon: Instant): Course =>
  courseAt(walkOf(ladder, facts, horizon), horizon);

/** What can be said at the horizon of a walk that came as far. */
export function courseAt(walk: Walk, horizon: Instant): Course {
  const { era, state, timeline, verdicts } = walk;
  return {
    timeline,
    verdicts,
    step: state.step,
    counted: countedAt(walk, horizon),
    windowStart: era.dates.windowStart(horizon, state.changed),
    outlook: outlookOf(walk, horizon),
  };
}

function countedAt({ era, state }: Walk, horizon: Instant): Points {
  const { ladder, series } = era;
  if (ladder.window === undefined) return wholeOf(era, series.totals.at(-1) ?? 0);
  const later = countBefore(series, horizon);
  return countedWith(era, state, horizon, series.at[later] === horizon ? later + 1 : later);
}

function outlookOf({ era, state }: Walk, horizon: Instant): Outlook | undefined {
  const { ladder, dates, series } = era;
  const next = nextReview(era, state);
  if (next === undefined) return undefined;
  const known = countBefore(series, horizon);
  const qualifying = qualifyingFor(era, state, next, series.at[known] === horizon ? known + 1 : known);
  const keep = keepAt(ladder, state.step);
  const missing = points(Math.max(0, keep - qualifying));
  const projected = codeOf(ladder, missing === 0 ? state.step : stepBelow(ladder, state.step, qualifying));
  const noticeAt = dates.addDays(next.reviewedAt, -(ladder.review?.noticeDays ?? 0));
  return { ...next, noticeAt, qualifying, keep, missing, projected };
}
