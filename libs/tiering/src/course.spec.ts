import { instant, money, points, present, type Instant } from '@jifen/kernel';
import { courseOf, type Course } from './course.ts';
import type { Facts, Purchase } from './facts.ts';
import type { Ladder } from './ladder.ts';
import { ladderOf } from './parse-ladder.ts';
import { BEGINNING } from './timeline.ts';

const tiers = [
  { code: 'bronze', threshold: 0 },
  { code: 'silver', threshold: 1_000, keep: 800 },
  { code: 'gold', threshold: 3_000, keep: 2_500 },
];
const ladder = (change: object): Ladder => {
  const outcome = ladderOf({
    timeZone: 'Asia/Shanghai',
    moneyCurrency: 'CNY',
    ladder: { currency: 'points', basis: 'points', window: { months: 12 }, tiers, ...change },
  });
  return present(outcome.ok ? outcome.value : undefined, 'a ladder');
};

type Earned = readonly (readonly [at: string, count: number])[];
const facts = (earned: Earned, more: Partial<Facts> = {}): Facts => ({
  points: new Map([['points', earned.map(([at, count]) => ({ earnedAt: instant(at), points: points(count) }))]]),
  purchases: [],
  ...more,
});
const course = (change: object, earned: Earned, now: string, more?: Partial<Facts>): Course =>
  courseOf(ladder(change), facts(earned, more), instant(now));
const tiersOf = ({ timeline }: Course): readonly string[] => timeline.map(({ tier, since }) => `${tier} ${since}`);
const start = `bronze ${BEGINNING}`;

describe('Q18: what counts', () => {
  it.each<[string, object, Earned, readonly string[]]>([
    [
      'points of a calendar year, which begins at midnight in the program’s zone',
      { window: { per: 'year' } },
      [
        ['2025-12-31T15:59:59.999Z', 900],
        ['2025-12-31T16:00:00Z', 900],
        ['2026-12-31T15:59:59Z', 100],
      ],
      [start, 'silver 2026-12-31T15:59:59.000Z'],
    ],
    [
      'points of a month',
      { window: { per: 'month' } },
      [
        ['2026-03-31T15:59:59Z', 600],
        ['2026-03-31T16:00:00Z', 600],
        ['2026-04-30T15:00:00Z', 400],
      ],
      [start, 'silver 2026-04-30T15:00:00.000Z'],
    ],
    [
      'points of the last twelve months, by days: the same date a year earlier no longer counts',
      { window: { months: 12 } },
      [
        ['2025-03-10T12:00:00Z', 999],
        ['2026-03-10T12:00:00Z', 1],
      ],
      [start],
    ],
    [
      'and the day after it does',
      { window: { months: 12 } },
      [
        ['2025-03-10T16:00:00Z', 999],
        ['2026-03-10T12:00:00Z', 1],
      ],
      [start, 'silver 2026-03-10T12:00:00.000Z'],
    ],
  ])('%s', (_, change, earned, expected) => {
    expect(tiersOf(course(change, earned, '2027-06-01T00:00:00Z'))).toEqual(expected);
  });

  it('earned since the last change: nothing counts for two steps, nor for two reviews', () => {
    const change = { window: { since: 'change' }, review: { clock: 'tier-start', months: 12 } };
    const first: Earned = [['2026-03-10T04:00:00Z', 1_200]];
    const second: Earned = [...first, ['2026-06-01T04:00:00Z', 2_999]];
    expect(course(change, second, '2026-07-01T00:00:00Z')).toMatchObject({
      counted: 2_999,
      windowStart: '2026-03-10T04:00:00.001Z',
      outlook: { reviewedAt: '2027-03-10T04:00:00.000Z', missing: 0 },
    });
    const third: Earned = [...second, ['2026-08-01T04:00:00Z', 1]];
    expect(tiersOf(course(change, third, '2026-09-01T00:00:00Z')).slice(1)).toEqual([
      'silver 2026-03-10T04:00:00.000Z',
      'gold 2026-08-01T04:00:00.000Z',
    ]);
    const kept = course(change, [...first, ['2026-06-01T04:00:00Z', 800]], '2028-03-10T04:00:00Z');
    expect(kept.verdicts.map(({ kept: is, qualifying }) => [is, qualifying])).toEqual([
      [true, 800],
      [false, 0],
    ]);
  });

  const bought = (at: string, amount: number, currency = 'CNY'): Purchase => ({
    at: instant(at),
    currency,
    amount: money(amount),
  });

  it('T03: spend of the last twelve months, in whole units of money', () => {
    const purchases = [
      bought('2026-01-05T00:00:00Z', 60_000),
      bought('2026-02-05T00:00:00Z', 900_000, 'USD'),
      bought('2026-03-05T00:00:00Z', 39_999),
      bought('2026-04-05T00:00:00Z', 1),
    ];
    const { timeline, counted } = course({ basis: 'spend' }, [], '2026-05-01T00:00:00Z', { purchases });
    expect(timeline.at(-1)).toEqual({ tier: 'silver', since: '2026-04-05T00:00:00.000Z' });
    expect(counted).toBe(1_000);
    const less = course({ basis: 'spend' }, [], '2026-05-01T00:00:00Z', { purchases: purchases.slice(0, 3) });
    expect([less.counted, less.timeline]).toEqual([999, [{ tier: 'bronze', since: BEGINNING }]]);
  });

  it('orders, of which something was paid with money and kept', () => {
    const purchases = ['2026-01-01', '2026-01-02', '2026-01-03'].map((day, place) =>
      bought(`${day}T00:00:00Z`, place === 0 ? 0 : 5),
    );
    const few = [
      { code: 'bronze', threshold: 0 },
      { code: 'silver', threshold: 2 },
    ];
    const { timeline } = course({ basis: 'orders', tiers: few }, [], '2026-05-01T00:00:00Z', { purchases });
    expect(timeline.at(-1)).toEqual({ tier: 'silver', since: '2026-01-03T00:00:00.000Z' });
  });
});

describe('Q19: when a tier is reviewed', () => {
  const reached: Earned = [['2026-03-10T04:00:00Z', 1_000]];
  it.each<[string, object, Partial<Facts>, Instant]>([
    [
      'at the end of the calendar year',
      { window: { per: 'year' }, review: { clock: 'calendar' } },
      {},
      instant('2026-12-31T16:00:00Z'),
    ],
    [
      'at the end of the half year, of what the last three months had',
      { window: { months: 3 }, review: { clock: 'calendar', months: 6 } },
      {},
      instant('2026-06-30T16:00:00Z'),
    ],
    [
      'a year after it was reached',
      { review: { clock: 'tier-start', months: 12 } },
      {},
      instant('2027-03-10T04:00:00Z'),
    ],
    [
      'on the anniversary of joining; 29 February is the 28th in other years',
      { window: { months: 6 }, review: { clock: 'anniversary' } },
      { joined: instant('2024-02-29T04:00:00Z') },
      instant('2027-02-27T16:00:00Z'),
    ],
    [
      'on the anniversary of the first points, where nobody said when the member joined',
      { window: { months: 6 }, review: { clock: 'anniversary' } },
      {},
      instant('2027-03-09T16:00:00Z'),
    ],
  ])('%s', (_, change, more, at) => {
    const before = course(change, reached, new Date(Date.parse(at) - 1).toISOString(), more);
    expect(before.outlook).toMatchObject({ reviewedAt: at, decidedAt: at });
    expect(before.timeline).toHaveLength(2);
    const after = course(change, reached, at, more);
    const [verdict] = after.verdicts;
    expect(verdict).toMatchObject({ reviewedAt: at, tier: 'silver', keep: 800 });
    const entry = { tier: 'bronze', since: new Date(Date.parse(at) - 1).toISOString() };
    if (verdict?.kept === false) expect(after.timeline.at(-1)).toEqual(entry);
    else expect([verdict?.qualifying, after.timeline.length]).toEqual([1_000, 2]);
  });
});

describe('Q19: in real time, a rolling review', () => {
  const rolling = { review: { clock: 'rolling', noticeDays: 30 } };

  it('ends a tier when what kept it lapses, and the next one when that does', () => {
    const earned: Earned = [
      ['2026-03-10T04:00:00Z', 2_000],
      ['2026-05-01T04:00:00Z', 1_000],
      ['2026-06-01T04:00:00Z', 800],
    ];
    expect(tiersOf(course(rolling, earned, '2030-01-01T00:00:00Z')).slice(1)).toEqual([
      'silver 2026-03-10T04:00:00.000Z',
      'gold 2026-05-01T04:00:00.000Z',
      'silver 2027-03-10T15:59:59.999Z',
      'bronze 2027-06-01T15:59:59.999Z',
    ]);
  });

  it('one step a day, or to fit at once', () => {
    const earned: Earned = [['2026-03-10T04:00:00Z', 3_000]];
    const falls = (fall: string): readonly string[] =>
      tiersOf(course({ review: { ...rolling.review, fall } }, earned, '2030-01-01T00:00:00Z')).slice(2);
    expect(falls('one-step')).toEqual(['silver 2027-03-10T15:59:59.999Z', 'bronze 2027-03-11T15:59:59.999Z']);
    expect(falls('to-fit')).toEqual(['bronze 2027-03-10T15:59:59.999Z']);
  });

  it('31 August is in the window of six months until the last day of February', () => {
    const earned: Earned = [['2026-08-31T04:00:00Z', 1_000]];
    const { outlook } = course({ ...rolling, window: { months: 6 } }, earned, '2026-09-01T00:00:00Z');
    expect(outlook?.reviewedAt).toBe('2027-03-01T16:00:00.000Z');
  });

  it('a grace in which what is missing is earned keeps the tier, once for all the days of it', () => {
    const grace = { review: { ...rolling.review, graceDays: 20 } };
    const earned: Earned = [
      ['2026-03-10T04:00:00Z', 1_000],
      ['2027-03-20T04:00:00Z', 800],
    ];
    const { verdicts, outlook } = course(grace, earned, '2027-06-01T00:00:00Z');
    expect(verdicts).toMatchObject([{ reviewedAt: '2027-03-10T16:00:00.000Z', kept: true, qualifying: 800 }]);
    expect(outlook).toMatchObject({ reviewedAt: '2028-03-20T16:00:00.000Z', missing: 800 });
  });

  it('a tier that is kept by nothing is never short', () => {
    const free = [tiers[0], { code: 'silver', threshold: 1_000, keep: 0 }];
    expect(
      course({ ...rolling, tiers: free }, [['2026-03-10T04:00:00Z', 1_000]], '2030-01-01T00:00:00Z'),
    ).toMatchObject({
      step: 1,
      outlook: undefined,
    });
  });
});

describe('Q20: keeping a tier and losing it', () => {
  const year = { window: { per: 'year' }, review: { clock: 'calendar', noticeDays: 30 } };
  const newYear = '2026-12-31T16:00:00Z';
  const gold: Earned = [['2025-05-01T00:00:00Z', 3_000]];

  it('T04: what the keep condition asks for keeps it, and one less does not', () => {
    expect(tiersOf(course(year, [...gold, ['2026-05-01T00:00:00Z', 2_500]], newYear))).toHaveLength(2);
    expect(tiersOf(course(year, [...gold, ['2026-05-01T00:00:00Z', 2_499]], newYear)).at(-1)).toBe(
      'silver 2026-12-31T15:59:59.999Z',
    );
  });

  it.each([
    ['one-step', 0, 'silver'],
    ['to-fit', 0, 'bronze'],
    ['to-fit', 799, 'bronze'],
    ['to-fit', 800, 'silver'],
  ])('%s with %d leads to %s', (fall, count, tier) => {
    const change = { ...year, review: { ...year.review, fall } };
    const { timeline } = course(change, [...gold, ['2026-05-01T00:00:00Z', count]], newYear);
    expect(timeline.at(-1)?.tier).toBe(tier);
  });

  it('a grace gives time to earn what is missing, and ends with the tier', () => {
    const change = { ...year, review: { ...year.review, graceDays: 31 } };
    const earned: Earned = [...gold, ['2026-05-01T00:00:00Z', 2_400]];
    const waiting = course(change, earned, '2027-01-15T00:00:00Z');
    expect(waiting.timeline).toHaveLength(2);
    expect(waiting.outlook).toMatchObject({
      reviewedAt: '2026-12-31T16:00:00.000Z',
      decidedAt: '2027-01-31T16:00:00.000Z',
      missing: 100,
      projected: 'silver',
    });
    const late: Earned = [...earned, ['2027-01-31T15:59:59Z', 100]];
    expect(tiersOf(course(change, late, '2027-02-01T00:00:00Z'))).toHaveLength(2);
    expect(tiersOf(course(change, earned, '2027-02-01T00:00:00Z')).at(-1)).toBe('silver 2027-01-31T15:59:59.999Z');
  });

  it('Q21: says a month before what is missing and where it leads', () => {
    const { outlook } = course(year, [...gold, ['2026-05-01T00:00:00Z', 900]], '2026-12-01T00:00:00Z');
    expect(outlook).toEqual({
      reviewedAt: '2026-12-31T16:00:00.000Z',
      decidedAt: '2026-12-31T16:00:00.000Z',
      noticeAt: '2026-12-01T16:00:00.000Z',
      qualifying: 900,
      keep: 2_500,
      missing: 1_600,
      projected: 'silver',
    });
  });

  it('a late order moves the review that it should have been there for', () => {
    const late: Earned = [...gold, ['2026-12-31T15:00:00Z', 2_500]];
    const { timeline, verdicts } = course(year, late, '2027-06-01T00:00:00Z');
    expect(timeline.at(-1)?.tier).toBe('gold');
    expect(verdicts.map(({ kept }) => kept)).toEqual([true, true]);
  });

  it('nobody loses the first tier, and no review is held of it', () => {
    const { verdicts, outlook } = course(year, [['2026-05-01T00:00:00Z', 5]], '2036-01-01T00:00:00Z');
    expect([verdicts, outlook]).toEqual([[], undefined]);
  });

  it('another ladder with reviews leaves a member the tier that it has, and reviews it when it is due', () => {
    const before = { ladder: ladder(year), until: instant('2026-06-30T16:00:00Z') };
    const dearer = ladder({ ...year, tiers: tiers.map((tier) => ({ ...tier, threshold: tier.threshold * 2 })) });
    const changed = (now: string): readonly string[] =>
      tiersOf(courseOf({ ...dearer, before }, facts([...gold, ['2026-05-01T00:00:00Z', 100]]), instant(now)));
    expect(changed('2026-12-01T00:00:00Z')).toEqual([start, 'gold 2025-05-01T00:00:00.000Z']);
    expect(changed('2027-01-01T00:00:00Z').at(-1)).toBe('silver 2026-12-31T15:59:59.999Z');
  });
});
