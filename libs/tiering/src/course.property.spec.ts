import { instantFromMillis, instantToMillis, points, present, type Instant } from '@jifen/kernel';
import fc from 'fast-check';
import { courseOf } from './course.ts';
import type { Facts } from './facts.ts';
import type { Contribution } from './grant.ts';
import type { Ladder, Review, Window } from './ladder.ts';
import { ladderOf } from './parse-ladder.ts';
import { tierAt } from './timeline.ts';

/**
 * Half a day after half a day from the start, with nothing but filters and Date.UTC: what `courseOf` does in one walk. Reviews
 * come before what happens at their instant.
 */
const HALF = 43_200_000;
const START = Date.UTC(2025, 0, 1);
const HALVES = 1_500;
const MONTHS = { month: 1, quarter: 3, half: 6, year: 12 };

function later(millis: number, months: number): number {
  const date = new Date(millis);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), last)) + (millis % 86_400_000);
}

const midnight = (millis: number): number => millis - (millis % 86_400_000);

function inWindow(window: Window, last: number, at: number, changed: number): boolean {
  if ('since' in window) return at >= changed;
  if ('months' in window) return midnight(at) > later(midnight(last), -window.months);
  const periodOf = (millis: number): number => {
    const date = new Date(millis);
    return Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / MONTHS[window.per]);
  };
  return periodOf(at) === periodOf(last);
}

function reviewAfter({ clock, months }: Review, joined: number, anchor: number, after: number): number {
  for (let times = 1; ; times++) {
    const next =
      clock === 'tier-start'
        ? later(anchor, times * months)
        : clock === 'anniversary'
          ? later(midnight(joined), times * months)
          : Date.UTC(2024, times * months, 1);
    if (next > after) return next;
  }
}

/** The code of the tier just after each half day. */
function model(ladder: Ladder, earned: readonly Contribution[], joined: number | undefined): readonly string[] {
  const window = present(ladder.window, 'a window');
  const moments = earned.map(({ earnedAt, points: count }) => [instantToMillis(earnedAt), count] as const);
  const sum = (last: number, before: number): number =>
    moments.reduce(
      (total, [at, count]) =>
        at < before && (at > last || inWindow(window, last, at, changed)) ? total + count : total,
      0,
    );
  let [step, anchor, after, changed] = [0, 0, 0, 0];
  const since = joined ?? Math.min(...moments.filter(([, count]) => count > 0).map(([at]) => at));
  const keeps = ladder.tiers.map(({ keep, threshold }) => keep ?? threshold);
  return Array.from({ length: HALVES }, (_, half) => {
    const now = START + half * HALF;
    const { review } = ladder;
    if (review !== undefined && step > 0) {
      const rolling = now - review.graceDays * 86_400_000;
      const isShort =
        rolling === midnight(rolling) && rolling > after && sum(rolling - 1, rolling) < (keeps[step] ?? 0);
      const next = review.clock === 'rolling' ? undefined : reviewAfter(review, since, anchor, after);
      const at = next ?? (isShort ? rolling : Infinity);
      if (at + review.graceDays * 86_400_000 === now) {
        const counted = sum(at - 1, now);
        const kept = counted >= (keeps[step] ?? 0);
        after = kept && review.clock !== 'rolling' ? at : now;
        changed = after;
        if (!kept) {
          anchor = now;
          step -= 1;
          while (review.fall === 'to-fit' && step > 0 && counted < (keeps[step] ?? 0)) step -= 1;
        }
      }
    }
    if (moments.some(([at]) => at === now)) {
      const reached = ladder.tiers.findLastIndex(({ threshold }) => threshold <= sum(now, now + 1));
      if (reached > step) [step, anchor, after, changed] = [reached, now, now, now + 1];
    }
    return ladder.tiers[step]?.code ?? '';
  });
}

const tiers = (['a', 'b', 'c', 'd'] as const).map((code, place) => ({ code, threshold: place * 1_000 }));
const graceDays = fc.constantFrom(0, 10, 25);
const fall = fc.constantFrom('one-step', 'to-fit');
const anyPlan = fc.oneof(
  fc.record({
    window: fc.constantFrom('month', 'quarter', 'half', 'year').map((per) => ({ per })),
    review: fc.record({ clock: fc.constant('calendar'), fall, graceDays }),
  }),
  fc.record({
    window: fc.oneof(
      fc.constantFrom(1, 3, 12).map((months) => ({ months })),
      fc.constant({ since: 'change' } as const),
    ),
    review: fc.record({
      clock: fc.constantFrom('calendar', 'anniversary', 'tier-start'),
      months: fc.constantFrom(1, 3, 6, 12),
      fall,
      graceDays,
    }),
  }),
  fc.record({
    window: fc.constantFrom(1, 3, 12).map((months) => ({ months })),
    review: fc.record({ clock: fc.constant('rolling'), fall, graceDays }),
  }),
);
const anyLadder = fc.tuple(anyPlan, fc.constantFrom(0, 300, 1_000)).map(([plan, easier]): Ladder => {
  const kept = tiers.map((tier) => ({ ...tier, keep: Math.max(0, tier.threshold - easier) }));
  const outcome = ladderOf({ ladder: { currency: 'points', basis: 'points', ...plan, tiers: kept } });
  return present(outcome.ok ? outcome.value : undefined, 'a ladder');
});
const anyEarned = fc.array(
  fc.record({
    earnedAt: fc.integer({ min: 0, max: HALVES - 2 }).map((half) => instantFromMillis(START + half * HALF)),
    points: fc.integer({ min: 0, max: 25 }).map((hundreds) => points(hundreds * 100)),
  }),
  { maxLength: 30 },
);
const anyJoined = fc.option(
  fc.integer({ min: 0, max: 400 }).map((half) => START + half * HALF),
  { nil: undefined },
);
const END = instantFromMillis(START + HALVES * HALF);
const factsOf = (earned: readonly Contribution[], joined?: number): Facts => ({
  joined: joined === undefined ? undefined : instantFromMillis(joined),
  points: new Map([['points', earned]]),
  purchases: [],
});
const after = (half: number): Instant => instantFromMillis(START + half * HALF + 1);

describe('the course of a member', () => {
  it('is the one of a model that walks through the days: up at once, down at reviews alone, one tier at a time', () => {
    fc.assert(
      fc.property(anyLadder, anyEarned, anyJoined, (ladder, earned, joined) => {
        const { timeline } = courseOf(ladder, factsOf(earned, joined), END);
        const expected = model(ladder, earned, joined);
        const actual = expected.map((_, half) => tierAt(timeline, after(half))?.tier);
        expect(actual).toEqual(expected);
      }),
      { numRuns: 120 },
    );
  });

  it('does not depend on the order in which anything is known', () => {
    const shuffled = anyEarned.chain((earned) =>
      fc.tuple(fc.constant(earned), fc.shuffledSubarray(earned, { minLength: earned.length })),
    );
    fc.assert(
      fc.property(anyLadder, shuffled, (ladder, [earned, other]) => {
        expect(courseOf(ladder, factsOf(other), END)).toEqual(courseOf(ladder, factsOf(earned), END));
      }),
    );
  });

  it('has a past that stays as it is while time goes on, each review once', () => {
    fc.assert(
      fc.property(anyLadder, anyEarned, fc.nat({ max: HALVES - 1 }), (ladder, earned, half) => {
        const now = after(half);
        const facts = factsOf(earned.filter(({ earnedAt }) => earnedAt < now));
        const [sooner, later] = [courseOf(ladder, facts, now), courseOf(ladder, facts, END)];
        expect(later.timeline.filter(({ since }) => since < now)).toEqual(sooner.timeline);
        expect(later.verdicts.filter(({ decidedAt }) => decidedAt <= now)).toEqual(sooner.verdicts);
        expect(new Set(later.verdicts.map(({ reviewedAt }) => reviewedAt)).size).toBe(later.verdicts.length);
      }),
    );
  });

  it('foresees what the next review says of what is known', () => {
    fc.assert(
      fc.property(anyLadder, anyEarned, fc.nat({ max: HALVES - 1 }), (ladder, earned, half) => {
        const now = after(half);
        const facts = factsOf(earned.filter(({ earnedAt }) => earnedAt < now));
        const { outlook } = courseOf(ladder, facts, now);
        if (outlook === undefined) return;
        const then = courseOf(ladder, facts, outlook.decidedAt);
        const { reviewedAt, decidedAt, keep, qualifying } = outlook;
        expect(then.verdicts.at(-1)).toMatchObject({ reviewedAt, decidedAt, keep, qualifying });
        expect(ladder.tiers[then.step]?.code).toBe(outlook.projected);
      }),
    );
  });
});
