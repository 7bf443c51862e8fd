import type { EarnRule } from '@jifen/contracts';
import {
  activityInput,
  document,
  line,
  order,
  program,
  rateOrder,
  reasonOf,
  SIGN_UP,
  SPEND,
  spent,
  targets,
  TIER_BONUS,
} from './examples.ts';
import { rate, withEarlier } from './rate.ts';
import { validateProgram } from './validate-program.ts';

const rateOf = (points: string, per: string, more: object = {}): EarnRule => ({
  ...SPEND,
  earn: { form: 'rate', points, per, ...more },
});

describe('rate', () => {
  it.each([
    ['1', '1.00', '129.90', 129],
    ['1', '1.00', '0.99', 0],
    ['1.5', '1.00', '3.00', 4],
    ['100', '10000.00', '25000.00', 250],
    ['100', '10000.00', '99.99', 0],
    ['100', '10000.00', '100.00', 1],
    ['1', '40.00', '79.99', 1],
    ['0.1', '1.00', '1.00', 0],
    ['0.1', '1.00', '10.00', 1],
  ])('E01, E04: %s points per %s on %s gives %d', (points, per, amount, target) => {
    expect(spent(rateOf(points, per), order([line(amount)]))).toBe(target);
  });

  it.each([
    ['floor', 9],
    ['ceil', 10],
    ['half-up', 10],
    ['half-even', 10],
  ])('U29: 9.50 with rounding %s gives %d', (rounding, target) => {
    expect(spent(rateOf('1', '1.00', { rounding }), order([line('9.50')]))).toBe(target);
  });

  it('U29: a rule that says nothing rounds down', () => {
    expect(spent(SPEND, order([line('9.99')]))).toBe(9);
  });

  it('U30: every 2.50 = 5 points: 3.00 gives 5, not 6', () => {
    const rule = { ...rateOf('5', '2.50', { mode: 'per-full-unit' }), moneyCurrency: 'USD' };
    const paid = (amount: string): number => spent(rule, order([line(amount)], { currency: 'USD' }));
    expect([paid('2.49'), paid('2.50'), paid('3.00'), paid('4.99'), paid('5.00')]).toEqual([0, 5, 5, 5, 10]);
  });

  it.each([
    ['JPY', '1', '1', '1', 1],
    ['CNY', '0.01', '0.01', '1', 1],
    ['KWD', '0.001', '0.001', '1', 1],
  ])('U31: in %s an amount of %s per %s gives %s point, not 0', (currency, amount, per, points, target) => {
    const rule = { ...rateOf(points, per), moneyCurrency: currency };
    expect(spent(rule, order([line(amount)], { currency }))).toBe(target);
  });

  it('U31: a currency with decimals keeps parts of a point', () => {
    const stars = program([{ ...rateOf('1', '40.00'), currency: 'stars' }], {
      currencies: [
        { code: 'points', decimals: 0 },
        { code: 'stars', decimals: 2 },
      ],
    });
    expect(targets(rateOrder(stars, order([line('50.00')])))['spend']).toBe(125);
  });

  it.each([
    [['0.10', '0.20'], '10', '0.01', 300],
    [['268.28'], '100', '1.00', 26828],
    [['1.10', '2.20'], '100', '1.00', 330],
    [['0.07'], '100', '1.00', 7],
    [['90071992547409.91'], '1', '0.01', 9007199254740991],
  ])('U33: %j at %s per %s is exact: %d', (amounts, points, per, target) => {
    expect(spent(rateOf(points, per), order(amounts.map((amount) => line(amount))))).toBe(target);
  });

  it('U35: the currency of the order decides, not the one of the program', () => {
    const rating = rateOrder(program([SPEND]), order([line('100.00')], { currency: 'USD' }));
    expect(rating.awards).toEqual([]);
    expect(reasonOf(rating, 'spend')).toBe('other-currency');
    const dollars = { ...SPEND, id: 'spend-usd', moneyCurrency: 'USD' };
    const both = rateOrder(program([SPEND, dollars]), order([line('100.00')], { currency: 'USD' }));
    expect(targets(both)).toEqual({ 'spend-usd': 100 });
  });
});

describe('order states', () => {
  const completed: EarnRule = { ...SPEND, id: 'done', when: { order: 'completed' } };
  const rules = program([SPEND, completed]);
  const at = (status: 'placed' | 'paid' | 'shipped' | 'completed' | 'cancelled', revision: number) =>
    rateOrder(rules, order([line('100.00')], { status, revision }));

  it('U13: each status change names the same award with the same target', () => {
    const ratings = (['paid', 'shipped', 'completed'] as const).map((status, index) => at(status, index + 1));
    expect(ratings.map((rating) => rating.awards[0])).toEqual(ratings.map(() => ratings[0]?.awards[0]));
    expect(ratings.map((rating) => targets(rating)['done'])).toEqual([undefined, undefined, 100]);
  });

  it('U15: settling a deferred payment names the same award with the same target', () => {
    const settled = { paidAt: '2026-12-20T00:00:00.000Z' };
    const [delivered, paid] = [{}, settled].map((more, index) =>
      rateOrder(rules, order([line('100.00')], { status: 'completed', revision: index + 1, ...more })),
    );
    const named = (rating: typeof paid) => rating?.awards.map(({ awardId, target }) => [awardId, target]);
    expect(named(delivered)).toEqual([
      ['m-1~spend~shop~A-1', 100],
      ['m-1~done~shop~A-1', 100],
    ]);
    expect(named(paid)).toEqual(named(delivered));
  });

  it('U06: cancelled and then completed again is worth what it was worth', () => {
    const [paid, cancelled, again] = [at('completed', 1), at('cancelled', 2), at('completed', 3)];
    expect(cancelled.awards).toEqual([]);
    expect(again).toEqual(paid);
    const named = withEarlier(cancelled.awards, paid.awards);
    expect(named.map(({ awardId, target }) => [awardId, target])).toEqual([
      ['m-1~spend~shop~A-1', 0],
      ['m-1~done~shop~A-1', 0],
    ]);
    expect(withEarlier(again.awards, named)).toEqual(paid.awards);
  });

  it('tells why a state earns nothing', () => {
    expect(reasonOf(at('placed', 1), 'spend')).toBe('not-yet-paid');
    expect(reasonOf(at('paid', 1), 'done')).toBe('not-yet-completed');
    expect(reasonOf(at('cancelled', 1), 'done')).toBe('cancelled');
  });

  it('availability and expiry count from the state that the rule waits for', () => {
    const recorded = order([line('10.00')], { status: 'completed', completedAt: '2026-11-05T00:00:00.000Z' });
    const [paid, done] = rateOrder(rules, recorded).awards;
    expect([paid?.availableAt, done?.availableAt]).toEqual(['2026-11-01T02:00:00.000Z', '2026-11-05T00:00:00.000Z']);
  });
});

describe('fixed', () => {
  const review: EarnRule = {
    ...SIGN_UP,
    id: 'review',
    when: { activity: 'review.posted' },
    earn: { form: 'fixed', points: 20 },
  };
  const rules = program([SIGN_UP, review]);

  it('pays each activity by an award of its own', () => {
    const ids = ['r-1', 'r-2'].map(
      (id) => rate(rules, activityInput('review.posted', id, '2026-11-01T00:00:00Z')).awards[0]?.awardId,
    );
    expect(ids).toEqual(['m-1~review~app~r-1', 'm-1~review~app~r-2']);
  });

  it('E06: pays joining once, whatever is sent how often', () => {
    const first = rate(rules, activityInput('member.registered', 'a', '2026-11-01T00:00:00Z'));
    const again = rate(rules, { ...activityInput('member.registered', 'b', '2026-11-02T00:00:00Z'), once: first.once });
    expect(first.awards).toMatchObject([{ awardId: 'm-1~sign-up~w~once', target: 500 }]);
    expect(again.awards).toEqual(first.awards);
    expect(again.once).toEqual(first.once);
  });

  it('E06: the first such activity decides, in whatever order they arrive and under whatever versions', () => {
    const second = program([{ ...SIGN_UP, earn: { form: 'fixed', points: 300, once: true } }], {}, 2);
    const early = activityInput('member.registered', 'a', '2026-11-01T00:00:00Z');
    const late = activityInput('member.registered', 'b', '2026-12-01T00:00:00Z');
    const inOrder = rate(second, { ...late, once: rate(rules, early).once });
    const reversed = rate(rules, { ...early, once: rate(second, late).once });
    expect(reversed.awards).toEqual(inOrder.awards);
    expect(inOrder.awards).toMatchObject([{ target: 500, ruleVersion: 1, availableAt: '2026-11-01T00:00:00.000Z' }]);
  });

  it('tries every rule and says why the others gave nothing', () => {
    const rating = rate(rules, activityInput('login', 'l-1', '2026-11-01T00:00:00Z'));
    expect(rating.trace.rules).toEqual([
      { rule: 'sign-up', why: 'other-activity' },
      { rule: 'review', why: 'other-activity' },
    ]);
  });
});

describe('multiplier', () => {
  const rules = program([TIER_BONUS, SPEND]);

  it.each([
    ['bronze', undefined, 'factor-is-one'],
    ['silver', 20, undefined],
    ['ruby', undefined, 'unknown-tier'],
    [undefined, undefined, 'no-tier'],
  ])('of tier %s adds %s', (tier, bonus, why) => {
    const rating = rateOrder(rules, order([line('100.00')]), tier);
    expect(targets(rating)['tier-bonus']).toBe(bonus);
    expect(reasonOf(rating, 'tier-bonus')).toBe(why);
  });

  it('is exact: 5 points × 1.2 are 6, and what is below a point is cut', () => {
    const bonus = (amount: string): number | undefined =>
      targets(rateOrder(rules, order([line(amount)]), 'silver'))['tier-bonus'];
    expect([bonus('5.00'), bonus('9.00'), bonus('4.00'), bonus('0.50')]).toEqual([1, 1, undefined, undefined]);
  });

  it('takes a number, too', () => {
    const double: EarnRule = { ...TIER_BONUS, id: 'double', earn: { form: 'multiplier', of: ['spend'], by: '2' } };
    expect(targets(rateOrder(program([SPEND, double]), order([line('7.00')])))).toEqual({ spend: 7, double: 7 });
  });
});

describe('validity', () => {
  it('waits and expires by the calendar of the program', () => {
    const rule: EarnRule = { ...SPEND, availability: { after: { days: 14 } }, expiry: { months: 12, endOf: 'month' } };
    const [award] = rateOrder(program([rule]), order([line('1.00')])).awards;
    expect(award).toMatchObject({ availableAt: '2026-11-15T02:00:00.000Z', expiresAt: '2027-11-30T16:00:00.000Z' });
  });
});

it('refuses a rate that cannot be exact', () => {
  expect(validateProgram(document([rateOf('1', '0.001')]))).toEqual({
    ok: false,
    violations: [
      { pointer: '/rules/0/earn/per', message: 'must be an amount greater than 0 with no more decimals than CNY has' },
    ],
  });
});
