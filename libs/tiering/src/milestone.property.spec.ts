import { instant, instantFromMillis, money, points, present, type Instant } from '@jifen/kernel';
import fc from 'fast-check';
import type { Assignment } from './assigned.ts';
import type { Facts, Purchase } from './facts.ts';
import type { Contribution } from './grant.ts';
import type { Ladder } from './ladder.ts';
import { amended, digestBefore, digestOf, movedOn, type Digest } from './milestone.ts';
import { ladderOf } from './parse-ladder.ts';
import { standingBy, standingOf, type Position } from './standing.ts';
import { factsBefore } from './facts.ts';

const QUARTER_DAY = 21_600_000;
const START = Date.UTC(2025, 0, 1);
/** So few that digests begin and move on within a short history. */
const MOST = 4;

/** What a posting or an order says: an award or an order is worth so much, at an instant so long before now. */
interface Step {
  readonly kind: 'award' | 'coins' | 'order' | 'give';
  readonly key: number;
  readonly passed: number;
  readonly ago: number;
  readonly worth: number;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('award', 'award', 'award', 'order', 'order', 'coins', 'give'),
  key: fc.nat({ max: 30 }),
  passed: fc.oneof(fc.nat({ max: 12 }), fc.nat({ max: 400 })),
  ago: fc.oneof({ weight: 5, arbitrary: fc.nat({ max: 3 }) }, fc.integer({ min: -8, max: 600 })),
  worth: fc.nat({ max: 12 }).map((hundreds) => hundreds * 100),
});

const tiers = (['a', 'b', 'c', 'd'] as const).map((code, place) => ({
  code,
  threshold: place * 1_000,
  keep: Math.max(0, place * 1_000 - 300),
}));
const review = fc.record({
  clock: fc.constantFrom('calendar', 'anniversary', 'tier-start'),
  months: fc.constantFrom(1, 3, 6, 12),
  fall: fc.constantFrom('one-step', 'to-fit'),
  graceDays: fc.constantFrom(0, 10, 25),
  noticeDays: fc.constantFrom(0, 20),
});
const anyPlan = fc.oneof(
  fc.record({
    basis: fc.constantFrom('points', 'spend', 'orders'),
    window: fc.constantFrom('month', 'quarter', 'half', 'year').map((per) => ({ per })),
    review: review.map(({ months: _, ...rest }) => ({ ...rest, clock: 'calendar' })),
  }),
  fc.record({
    basis: fc.constantFrom('points', 'spend', 'orders'),
    window: fc.oneof(
      fc.constantFrom(1, 3, 12).map((months) => ({ months })),
      fc.constant({ since: 'change' }),
    ),
    review: fc.option(review, { nil: undefined }),
  }),
  fc.record({
    basis: fc.constantFrom('points', 'spend', 'orders'),
    window: fc.constantFrom(1, 3, 12).map((months) => ({ months })),
    review: review.map(({ months: _, ...rest }) => ({ ...rest, clock: 'rolling' })),
  }),
  fc.record({ basis: fc.constantFrom('spend', 'orders', 'lifetime-points') }),
);

function ladderFrom(plan: object, currency: string, timeZone: string, scale = 1): Ladder {
  const { basis } = plan as { basis?: string };
  const by = basis === 'orders' ? 1_000 : scale;
  const steps = tiers.map(({ code, threshold, keep }) => ({
    code,
    threshold: threshold / by,
    keep: Math.floor(keep / by),
  }));
  const outcome = ladderOf({ timeZone, moneyCurrency: 'CNY', ladder: { currency, ...plan, tiers: steps } });
  return present(outcome.ok ? outcome.value : undefined, `a ladder of ${JSON.stringify([plan, outcome])}`);
}

/** A ladder, in half of the cases with another one before it. */
const anyLadder = fc
  .record({
    plan: anyPlan,
    earlier: fc.option(anyPlan, { nil: undefined }),
    until: fc.nat({ max: 800 }),
    currency: fc.constantFrom('points', 'coins'),
    timeZone: fc.constantFrom('UTC', 'Asia/Shanghai', 'America/New_York'),
  })
  .map(({ plan, earlier, until, currency, timeZone }): Ladder => {
    const ladder = ladderFrom(plan, 'points', timeZone);
    if (earlier === undefined) return ladder;
    return {
      ...ladder,
      before: {
        ladder: ladderFrom(earlier, currency, timeZone, 2),
        until: instantFromMillis(START + until * QUARTER_DAY),
      },
    };
  });

/** All that is known, and what is known of one award or order. */
class Book {
  readonly #awards = new Map<string, Contribution & { readonly currency: string }>();
  readonly #orders = new Map<number, Purchase>();
  readonly assigned: Assignment[] = [];

  constructor(private readonly joined: Instant | undefined) {}

  about({ kind, key }: Step): Facts {
    const award = this.#awards.get(`${kind} ${key}`);
    const order = kind === 'order' ? this.#orders.get(key) : undefined;
    return {
      points: new Map(award === undefined ? [] : [[award.currency, [award]]]),
      purchases: order === undefined ? [] : [order],
    };
  }

  put({ kind, key, worth }: Step, at: Instant, now: Instant): void {
    if (kind === 'give') {
      const tier = ['b', 'c', undefined][key % 3];
      if (this.assigned.at(-1)?.at !== now) this.assigned.push({ at: now, tier, until: undefined });
    } else if (kind === 'order') this.#orders.set(key, { at, currency: 'CNY', amount: money(worth * 100) });
    else {
      const currency = kind === 'award' ? 'points' : 'coins';
      this.#awards.set(`${kind} ${key}`, { currency, earnedAt: at, points: points(worth) });
    }
  }

  all(): Facts {
    const earned = (currency: string): Contribution[] =>
      [...this.#awards.values()].filter((award) => award.currency === currency);
    return {
      joined: this.joined,
      points: new Map(['points', 'coins'].map((currency) => [currency, earned(currency)])),
      purchases: [...this.#orders.values()],
      assigned: this.assigned,
    };
  }
}

/** Verdicts of before a milestone were told of when it was made. */
const withoutOld = (position: Position, digest: Digest): Position => ({
  ...position,
  verdicts: position.verdicts.filter(({ decidedAt }) => decidedAt >= digest.milestone.until),
});

describe('a digest of what is known', () => {
  it('says the same as all of it, at every step, of every ladder, whatever comes late or is taken back', () => {
    let [byDigest, byAll] = [0, 0];
    fc.assert(
      fc.property(
        anyLadder,
        fc.array(anyStep, { minLength: 15, maxLength: 40 }),
        fc.constantFrom(undefined, instant('2024-08-15T10:00:00Z')),
        (ladder, steps, joined) => {
          const book = new Book(joined);
          let [digest, now]: [Digest | undefined, number] = [undefined, START];
          for (const step of steps) {
            now += step.passed * QUARTER_DAY;
            const horizon = instantFromMillis(now);
            const was = book.about(step);
            book.put(step, instantFromMillis(now - step.ago * QUARTER_DAY), horizon);
            digest &&= amended(ladder, digest, was, book.about(step));
            const all = book.all();
            const position = standingOf(ladder, all, horizon);
            if (digest === undefined) digest = digestOf(ladder, all, horizon, MOST);
            else {
              byDigest += 1;
              expect(standingBy(ladder, digest, book.assigned, horizon)).toEqual(withoutOld(position, digest));
              const then = instantFromMillis(now + 40 * QUARTER_DAY);
              expect(standingBy(ladder, digest, book.assigned, then)).toEqual(
                withoutOld(standingOf(ladder, all, then), digest),
              );
              digest = movedOn(ladder, digest, horizon, MOST);
            }
            byAll += 1;
            if (digest === undefined) continue;
            expect(standingBy(ladder, digest, book.assigned, horizon)).toEqual(withoutOld(position, digest));
            const asOf = factsBefore(all, horizon);
            expect(standingBy(ladder, digestBefore(digest, horizon), asOf.assigned, horizon)).toEqual(
              withoutOld(standingOf(ladder, asOf, horizon), digest),
            );
          }
        },
      ),
      { numRuns: 60 },
    );
    // Otherwise this says nothing of digests.
    expect(byDigest).toBeGreaterThan(byAll / 4);
  });
});
