import { assert, points, present, type Instant, type Points } from '@jifen/kernel';
import { datesOf, justAfter, justBefore, type Dates } from './dates.ts';
import { countedBy, type Facts } from './facts.ts';
import type { Contribution } from './grant.ts';
import { erasOf, placeOf, stepOf, unitOf, type Ladder } from './ladder.ts';
import { countBefore, seriesOf, summed, sumOf, type Series } from './series.ts';
import { keepOf } from './tier.ts';
import { BEGINNING, enter, type TierSince, type Timeline } from './timeline.ts';

/** What a review said. */
export interface Verdict {
  readonly reviewedAt: Instant;
  /** The review, or the end of its grace: from here on it holds. */
  readonly decidedAt: Instant;
  readonly tier: string;
  readonly kept: boolean;
  readonly qualifying: Points;
  readonly keep: Points;
}

/** A stretch of time under one ladder, with what counts on it. */
export interface Era {
  readonly ladder: Ladder;
  readonly dates: Dates;
  readonly series: Series;
  readonly joined: Instant;
  readonly until: Instant | undefined;
}

export interface State {
  step: number;
  /** When the tier was reached. */
  anchor: Instant;
  /** Reviews that come are behind it. */
  after: Instant;
  /** The first instant since the tier was reached, kept or lost; absent before any of it. */
  changed: Instant | undefined;
}

/** How far a walk came, under the ladder that it ended with. */
export interface Walk {
  readonly era: Era;
  readonly state: Readonly<State>;
  readonly timeline: Timeline;
  readonly verdicts: readonly Verdict[];
}

/** Where a walk can go on from, under the last ladder: what happened before `until` changes nothing more. */
export interface Start {
  readonly until: Instant;
  readonly state: Readonly<State>;
  readonly timeline: Timeline;
  readonly joined: Instant;
  /** What counted before `until`, as far as a window that is still to come may hold it. */
  readonly past: readonly Contribution[];
}

/** Through all that counts and all reviews up to the horizon. */
export function walkOf(ladder: Ladder, facts: Facts, horizon: Instant): Walk {
  const ladders = erasOf(ladder);
  const timeline: TierSince[] = [];
  const verdicts: Verdict[] = [];
  const state: State = { step: 0, anchor: BEGINNING, after: BEGINNING, changed: undefined };
  let last: Era | undefined;
  for (const [place, each] of ladders.entries()) {
    const era = eraOf(each, facts, ladders[place + 1]?.before?.until);
    if (each.before === undefined) enter(timeline, { tier: codeOf(each, 0), since: BEGINNING });
    else changeLadder(timeline, state, era, each.before.until);
    walk(timeline, verdicts, state, era, each.before?.until ?? BEGINNING, horizon);
    last = era;
  }
  return { era: present(last, 'a ladder'), state, timeline, verdicts };
}

/** On from a start, with what counts since, settled; verdicts of before are not told again. */
export function walkOn(ladder: Ladder, start: Start, counted: readonly Contribution[], horizon: Instant): Walk {
  const { until, joined, past } = start;
  const series = summed([...past, ...counted]);
  const era: Era = { ladder, dates: datesOf(ladder), series, joined, until: undefined };
  const [timeline, verdicts, state] = [[...start.timeline], new Array<Verdict>(), { ...start.state }];
  walk(timeline, verdicts, state, era, until, horizon);
  return { era, state, timeline, verdicts };
}

export const codeOf = (ladder: Ladder, step: number): string => present(ladder.tiers[step], `tier ${step}`).code;

function eraOf(ladder: Ladder, facts: Facts, until: Instant | undefined): Era {
  const series = seriesOf(countedBy(ladder, facts));
  const joined = facts.joined ?? series.at[0] ?? BEGINNING;
  return { ladder, dates: datesOf(ladder), series, joined, until };
}

/** What counts of a sum: spend in whole units of money. */
export const wholeOf = ({ ladder }: Era, sum: number): Points => points(Math.floor(sum / unitOf(ladder)));

/** What counts together with `last`, of the first so many of the series. */
export const countedWith = (era: Era, { changed }: State, last: Instant, before: number): Points =>
  wholeOf(era, sumOf(era.series, era.dates.windowStart(last, changed), before));

function changeLadder(timeline: TierSince[], state: State, era: Era, from: Instant): void {
  const { ladder, series } = era;
  // An entry holds after its instant, so this one holds from `from` on.
  const since = justBefore(from);
  const reached = stepOf(ladder, countedWith(era, state, since, countBefore(series, from)));
  const had = placeOf(ladder, timeline.at(-1)?.tier);
  state.step = ladder.review === undefined ? reached : Math.max(reached, had);
  if (state.step !== had) {
    state.anchor = since;
    state.changed = from;
  }
  if (state.after < since) state.after = since;
  enter(timeline, { tier: codeOf(ladder, state.step), since });
}

function walk(
  timeline: TierSince[],
  verdicts: Verdict[],
  state: State,
  era: Era,
  from: Instant,
  horizon: Instant,
): void {
  const { ladder, series, until } = era;
  let place = countBefore(series, from);
  let review = nextReview(era, state);
  for (;;) {
    const at = series.at[place];
    const isDue =
      review !== undefined && review.decidedAt <= horizon && (until === undefined || review.decidedAt < until);
    if (review !== undefined && isDue && (at === undefined || review.decidedAt <= at)) {
      decide(timeline, verdicts, state, era, review);
      review = nextReview(era, state);
      continue;
    }
    if (at === undefined || (until !== undefined && at >= until)) return;
    const reached = stepOf(ladder, countedWith(era, state, at, place + 1));
    if (reached !== state.step && (reached > state.step || ladder.window === undefined)) {
      rise(timeline, state, codeOf(ladder, reached), reached, at);
      review = nextReview(era, state);
    }
    place += 1;
  }
}

function rise(timeline: TierSince[], state: State, tier: string, step: number, at: Instant): void {
  enter(timeline, { tier, since: at });
  state.step = step;
  state.anchor = at;
  state.after = at;
  state.changed = justAfter(at);
}

export interface ReviewDates {
  readonly reviewedAt: Instant;
  readonly decidedAt: Instant;
}

/** The first tier cannot be lost. */
export function nextReview(era: Era, state: State): ReviewDates | undefined {
  const { ladder, dates, joined } = era;
  const { step, anchor, after } = state;
  if (ladder.review === undefined || step === 0) return undefined;
  const isRolling = ladder.review.clock === 'rolling';
  const reviewedAt = isRolling ? firstShortDay(era, state) : dates.nextReview(anchor, after, joined);
  return reviewedAt && { reviewedAt, decidedAt: dates.addDays(reviewedAt, ladder.review.graceDays) };
}

/** The first day before which the window held less than keeps the tier; what is not known yet may put it off. */
function firstShortDay(era: Era, state: State): Instant | undefined {
  const { ladder, dates, series } = era;
  const keep = keepAt(ladder, state.step);
  if (keep === 0) return undefined;
  let day = dates.nextDay(state.after);
  while (countedWith(era, state, justBefore(day), countBefore(series, day)) >= keep) {
    const start = dates.windowStart(justBefore(day), state.changed);
    const oldest = series.at[start === undefined ? 0 : countBefore(series, start)];
    // Before the oldest one lapses there is no less.
    const next = dates.dayWithout(present(oldest, 'what keeps the tier'));
    assert(next > day, `what counts on ${day} lapses by ${next}`);
    day = next;
  }
  return day;
}

/** What counts at a review: the window that ends with it, and what comes in its grace. */
export const qualifyingFor = (era: Era, state: State, { reviewedAt }: ReviewDates, before: number): Points =>
  countedWith(era, state, justBefore(reviewedAt), before);

function decide(
  timeline: TierSince[],
  verdicts: Verdict[],
  state: State,
  era: Era,
  { reviewedAt, decidedAt }: ReviewDates,
): void {
  const { ladder, series } = era;
  const { step } = state;
  const qualifying = qualifyingFor(era, state, { reviewedAt, decidedAt }, countBefore(series, decidedAt));
  const keep = keepAt(ladder, step);
  const kept = qualifying >= keep;
  verdicts.push({ reviewedAt, decidedAt, tier: codeOf(ladder, step), kept, qualifying, keep });
  // A rolling window that is short for days has one grace, not one a day.
  state.after = kept && ladder.review?.clock !== 'rolling' ? reviewedAt : decidedAt;
  state.changed = state.after;
  if (kept) return;
  state.step = stepBelow(ladder, step, qualifying);
  state.anchor = decidedAt;
  enter(timeline, { tier: codeOf(ladder, state.step), since: justBefore(decidedAt) });
}

export const keepAt = (ladder: Ladder, step: number): Points => keepOf(present(ladder.tiers[step], `tier ${step}`));

export function stepBelow(ladder: Ladder, step: number, qualifying: Points): number {
  let below = step - 1;
  if (ladder.review?.fall === 'to-fit') while (below > 0 && keepAt(ladder, below) > qualifying) below -= 1;
  return below;
}
