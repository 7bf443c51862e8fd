import type { Condition, EarnRule, ProgramDocument } from '@jifen/contracts';
import { withEarlierEffects } from './award/effects.ts';
import { fallsOn } from './condition/yearly.ts';
import { activityInput, line, order, orderInput, program, rateOrder, reasonOf, SPEND, targets } from './examples.ts';
import { explain } from './explain/explain.ts';
import { factsAt, withFacts, type Data, type Facts } from './facts.ts';
import { packActivity, packOrder, unpackOrder } from './inputs.ts';
import { armOf, placeOf } from './gate/audience.ts';
import { instant } from '@jifen/kernel';
import { rate, type Rating } from './rate.ts';
import { ratedOrder } from './order/rated-order.ts';
import { traceText } from './trace.ts';

const times = (id: string, by: string, more: Partial<EarnRule> = {}): EarnRule => ({
  id,
  when: { order: 'paid' },
  earn: { form: 'multiplier', of: ['spend'], by },
  currency: 'points',
  ...more,
});
const bonus = (id: string, points: number, more: Partial<EarnRule> = {}): EarnRule => ({
  id,
  when: { order: 'paid' },
  earn: { form: 'fixed', points },
  currency: 'points',
  ...more,
});
const YUAN_100 = order([line('100.00')]);
const rated = (rules: EarnRule[], more: Partial<ProgramDocument> = {}, recorded = YUAN_100): Rating =>
  rateOrder(program(rules, more), recorded);

describe('if', () => {
  const facts: Facts = { birthday: '1992-02-29', level: 3, tags: ['vip', 'tea'], city: 'Shanghai' };
  const recorded = order(
    [line('80.00', { sku: 'TEA', category: 'tea', quantity: 2 }), line('20.00', { sku: 'CUP', tags: ['new'] })],
    {
      channel: 'app',
      shipping: '5.00',
      store: 'SH-01',
      attributes: { coupon: 'X1', express: true },
      payments: [{ kind: 'cash', amount: '60.00' }],
    },
  );
  const holds = (condition: Condition): boolean => {
    const compiled = program([bonus('b', 1, { if: condition })]);
    const input = { ...orderInput(recorded, 'silver'), facts };
    const first = rate(compiled, input);
    const packed = JSON.parse(JSON.stringify(packOrder(compiled, ratedOrder(recorded), facts))) as { f?: Facts };
    const again = rate(compiled, {
      ...orderInput(recorded, 'silver'),
      kind: 'order',
      facts: packed.f,
      order: unpackOrder(compiled, packed, ratedOrder(recorded).at),
    });
    expect(traceText(again.trace)).toBe(traceText(first.trace));
    for (const language of ['en', 'zh'] as const)
      expect(JSON.stringify(explain(first.trace, language))).not.toMatch(/undefined|NaN|\[object/);
    return first.awards.length === 1;
  };

  it.each<[boolean, Condition]>([
    [true, { order: { amount: { atLeast: '100.00' } } }],
    [false, { order: { amount: { moreThan: '100.00' } } }],
    [true, { order: { amount: { is: '80.00', basis: { only: { skus: ['TEA'] } } } } }],
    [true, { order: { quantity: { is: 3 }, channel: { in: ['app', 'web'] }, store: { startsWith: 'SH-' } } }],
    [false, { order: { channel: { isNot: 'app' } } }],
    [true, { order: { attributes: { coupon: { exists: true }, express: { is: true }, gift: { exists: false } } } }],
    [true, { order: { paid: { cash: { atLeast: '60.00' }, points: { is: '0.00' } } } }],
    [true, { lines: { where: { categories: ['tea'], quantity: { atLeast: 2 } } } }],
    [false, { lines: { where: { skus: ['TEA'] }, match: 'all' } }],
    [true, { lines: { where: { tags: ['new'] }, count: { is: 1 }, amount: { is: '20.00' } } }],
    [true, { lines: { where: { skus: ['POT'] }, count: { is: 0 } } }],
    [true, { member: { facts: { level: { atLeast: 3, lessThan: 4 }, city: { in: ['Shanghai'] } } } }],
    [true, { member: { tags: { any: ['vip', 'gold'], all: ['tea'], none: ['staff'] } } }],
    [false, { member: { segments: { any: ['loyal'] } } }],
    [true, { member: { tier: { in: ['silver'] } } }],
    [true, { member: { benefits: { all: ['birthday-gift'] } } }],
    [false, { member: { benefits: { none: ['birthday-gift'] } } }],
    [true, { cel: '"birthday-gift" in benefits' }],
    [false, { member: { birthday: { in: 'month' } } }],
    [true, { all: [{ member: { tier: { is: 'silver' } } }, { not: { order: { channel: { is: 'pos' } } } }] }],
    [true, { any: [{ order: { channel: { is: 'pos' } } }, { lines: { where: { skus: ['CUP'] } } }] }],
    [false, { any: [{ order: { channel: { is: 'pos' } } }, { lines: { where: { skus: ['POT'] } } }] }],
    [true, { cel: 'order.left >= 100.0 && lines.exists(l, l.sku == "TEA" && l.quantity >= 2) && "vip" in tags' }],
    [true, { cel: 'facts.level == 3 && tier == "silver" && month == 11 && weekday == 7 && date.startsWith("2026-")' }],
    [true, { cel: 'order.due == 105.0 && order.attributes.coupon == "X1" && has(order.store)' }],
    [false, { cel: 'facts.nothing == 1' }],
    [false, { cel: '1 / (facts.level == 3 ? 0 : 1) == 1' }],
  ])('%s: %j', (expected, condition) => {
    expect(holds(condition)).toBe(expected);
  });

  it('T05: rules read the benefits of the tier in force, and those of no tier are none', () => {
    const gift = program([bonus('gift', 5, { if: { member: { benefits: { any: ['birthday-gift'] } } } })]);
    expect(gift.usesTier).toBe(true);
    const under = (tier?: string): unknown => targets(rateOrder(gift, YUAN_100, tier));
    expect([under('silver'), under('bronze'), under()]).toEqual([{ gift: 5 }, {}, {}]);
  });

  it('U03: a refunded line counts in no condition, and a refund does not block what is still due', () => {
    const rule = bonus('b', 10, { if: { order: { amount: { atLeast: '100.00' } } } });
    const given = (refundedAmount: string): Rating =>
      rated([rule], {}, order([line('100.00'), line('50.00', { lineId: '2', refundedAmount })]));
    expect([targets(given('50.00')), targets(given('0.00'))]).toEqual([{ b: 10 }, { b: 10 }]);
    const less = rated([rule], {}, order([line('100.00', { refundedAmount: '0.01' })]));
    expect(reasonOf(less, 'b')).toBe('condition-not-met');
    expect(explain(less.trace, 'en').rules[0]?.sentences[0]).toBe(
      'The amount of the order is 99.99 CNY; it must be at least 100.00 CNY: no.',
    );
  });

  it.each([
    ['1992-02-29', '2027-02-28', true],
    ['1992-02-29', '2028-02-28', false],
    ['1992-02-29', '2028-02-29', true],
    ['02-29', '2027-03-01', false],
    ['1992-13-01', '2027-01-01', false],
  ])('U52: %s falls on %s: %s', (birthday, date, expected) => {
    expect(fallsOn(birthday, date, 'day')).toBe(expected);
  });

  it('what an activity tells is kept as far as it is looked at', () => {
    const compiled = program([
      { ...bonus('b', 2), when: { activity: 'review.posted' }, if: { activity: { data: { stars: { atLeast: 4 } } } } },
    ]);
    const data: Data = { stars: 5, text: 'long' };
    const input = { ...activityInput('review.posted', 'r', '2026-11-01T00:00:00Z'), data };
    expect(targets(rate(compiled, input))).toEqual({ b: 2 });
    expect(packActivity(compiled, input)).toEqual({ a: 'review.posted', v: { stars: 5 } });
  });

  it('facts count from the instant that they were known: a corrected birthday changes nothing that was', () => {
    const [may, june] = [instant('2026-05-01T00:00:00Z'), instant('2026-06-01T00:00:00Z')];
    const timeline = withFacts(withFacts([], { since: june, facts: { a: 2 } }), { since: may, facts: { a: 1 } });
    const at = (text: string): Facts | undefined => factsAt(timeline, instant(text));
    expect([at('2026-04-30T00:00:00Z'), at('2026-05-31T00:00:00Z'), at('2026-06-01T00:00:00Z')]).toEqual([
      undefined,
      { a: 1 },
      { a: 2 },
    ]);
  });
});

describe('schedule', () => {
  it.each<[NonNullable<EarnRule['schedule']>, string, string | undefined]>([
    [{ from: '2026-11-01', to: '2026-11-01' }, '2026-10-31T16:00:00.000Z', undefined],
    [{ from: '2026-11-01', to: '2026-11-01' }, '2026-11-01T15:59:59.999Z', undefined],
    [{ from: '2026-11-01', to: '2026-11-01' }, '2026-11-01T16:00:00.000Z', 'over'],
    [{ from: '2026-11-01T08:00:00+08:00' }, '2026-10-31T23:59:59.999Z', 'not-begun'],
    [{ weekdays: ['sun'] }, '2026-11-01T04:00:00.000Z', undefined],
    [{ weekdays: ['sun'] }, '2026-11-01T16:00:00.000Z', 'other-day'],
    [{ daysOfMonth: [-1] }, '2026-11-30T04:00:00.000Z', undefined],
    [{ dates: ['11-11'], weekdays: ['sat'] }, '2027-11-11T04:00:00.000Z', undefined],
    [{ hours: [{ from: '22:00', to: '02:00' }] }, '2026-11-01T17:59:00.000Z', undefined],
    [{ hours: [{ from: '22:00', to: '02:00' }] }, '2026-11-01T18:00:00.000Z', 'other-hour'],
    [{ hours: [{ from: '09:00', to: '10:00' }], timeZone: 'Europe/Paris' }, '2026-11-01T08:30:00.000Z', undefined],
  ])('%j at %s: %s', (schedule, paidAt, why) => {
    const recorded = order([line('1.00')], { paidAt });
    expect(reasonOf(rated([bonus('b', 1, { schedule })], {}, recorded), 'b')).toBe(why);
  });
});

describe('audience', () => {
  it('P11, P18: a share of the members is stable, even, and grows without losing anybody', () => {
    const members = Array.from({ length: 2_000 }, (_, index) => `member-${index}`);
    const among = (percent: number): string[] => members.filter((member) => placeOf(member, '') < percent * 100);
    expect(among(10).length / members.length).toBeCloseTo(0.1, 1);
    expect(among(20)).toEqual(expect.arrayContaining(among(10)));
    const rule = bonus('b', 1, { audience: { share: { to: 0 } } });
    expect(
      reasonOf(rateOrder(program([{ ...rule, audience: { share: { to: 100 } } }]), YUAN_100), 'b'),
    ).toBeUndefined();
  });

  it('Q27: every member is in one arm of an experiment', () => {
    const experiment = {
      id: 'x',
      arms: [
        { id: 'a', percent: 30 },
        { id: 'b', percent: 70 },
      ],
    };
    const arm = armOf(experiment, 'm-1');
    const rules = ['a', 'b'].map((id) => bonus(id, 1, { audience: { experiment: { id: 'x', arm: id } } }));
    expect(targets(rated(rules, { experiments: [experiment] }))).toEqual({ [arm]: 1 });
    const members = Array.from({ length: 2_000 }, (_, index) => armOf(experiment, `m-${index}`));
    expect(members.filter((each) => each === 'a').length / 2_000).toBeCloseTo(0.3, 1);
  });
});

describe('Q22: stacking', () => {
  const inGroup = (group: string): Partial<EarnRule> => ({ stacking: { group } });
  const modes = (mode: 'stack' | 'best' | 'first' | 'exclusive') =>
    targets(
      rated([bonus('a', 5, inGroup('g')), bonus('b', 7, inGroup('g')), bonus('c', 3)], { groups: [{ id: 'g', mode }] }),
    );

  it.each([
    ['stack', { a: 5, b: 7, c: 3 }],
    ['best', { b: 7, c: 3 }],
    ['first', { a: 5, c: 3 }],
    ['exclusive', { a: 5, b: 7 }],
  ] as const)('%s', (mode, expected) => {
    expect(modes(mode)).toEqual(expected);
  });

  it('groups stand in groups, and the best may be several rules together', () => {
    const groups: ProgramDocument['groups'] = [
      { id: 'top', mode: 'best' },
      { id: 'pair', mode: 'stack', in: 'top' },
    ];
    const rules = [bonus('a', 5, inGroup('top')), bonus('b', 3, inGroup('pair')), bonus('c', 4, inGroup('pair'))];
    const rating = rated(rules, { groups });
    expect(targets(rating)).toEqual({ b: 3, c: 4 });
    expect(explain(rating.trace, 'en').rules[0]?.sentences).toEqual([
      'A fixed 5 points.',
      'It would give 5, but rule b comes before it.',
      'Rule a gives nothing: another rule of its group pays instead.',
    ]);
  });

  it('a rule may end the list, for multipliers after it, too', () => {
    const stop = bonus('a', 5, { stacking: { stop: true } });
    expect(targets(rated([SPEND, stop, bonus('b', 7), times('x', '2')]))).toEqual({ spend: 100, a: 5 });
    const never = { ...stop, if: { order: { amount: { atLeast: '500.00' } } } };
    expect(targets(rated([SPEND, never, bonus('b', 7)]))).toEqual({ spend: 100, b: 7 });
  });

  it('the better of two multipliers; a multiplier of what lost has nothing to multiply', () => {
    const groups: ProgramDocument['groups'] = [{ id: 'g', mode: 'best' }];
    expect(targets(rated([SPEND, times('x', '2', inGroup('g')), times('y', '3', inGroup('g'))], { groups }))).toEqual({
      spend: 100,
      y: 200,
    });
    const rules = [{ ...SPEND, ...inGroup('g') }, bonus('big', 500, inGroup('g')), times('x', '2')];
    expect(targets(rated(rules, { groups }))).toEqual({ big: 500 });
  });

  it('multipliers add or multiply by a stated choice', () => {
    const second = (combine: 'add' | 'multiply'): EarnRule =>
      times('y', '1.5', { earn: { form: 'multiplier', of: ['spend'], by: '1.5', combine } });
    expect(targets(rated([SPEND, times('x', '2'), second('add')]))).toEqual({ spend: 100, x: 100, y: 50 });
    expect(targets(rated([SPEND, times('x', '2'), second('multiply')]))).toEqual({ spend: 100, x: 100, y: 100 });
  });
});

describe('U35: currencies', () => {
  const exchange: NonNullable<ProgramDocument['exchange']> = {
    rounding: 'half-even',
    rates: [
      { from: 'USD', to: 'CNY', on: '2026-11-01', rate: '7.1235' },
      { from: 'USD', to: 'CNY', on: '2026-01-01', rate: '7' },
      { from: 'JPY', to: 'CNY', on: '2026-01-01', rate: '0.047' },
    ],
  };
  const convert: EarnRule = { ...SPEND, otherCurrency: 'convert' };
  const paid = (amount: string, currency: string, paidAt: string) =>
    rated([convert], { exchange }, order([line(amount)], { currency, paidAt }));

  it.each([
    ['10.10', 'USD', '2026-11-01T02:00:00.000Z', { spend: 71 }],
    ['10.10', 'USD', '2026-10-31T15:59:59.000Z', { spend: 70 }],
    ['1000', 'JPY', '2026-11-01T02:00:00.000Z', { spend: 47 }],
    ['10.10', 'EUR', '2026-11-01T02:00:00.000Z', {}],
    ['10.10', 'USD', '2025-12-31T00:00:00.000Z', {}],
  ])('%s %s paid at %s', (amount, currency, at, expected) => {
    expect(targets(paid(amount, currency, at))).toEqual(expected);
  });

  it('says what it did', () => {
    const sentences = explain(paid('10.10', 'USD', '2026-11-01T02:00:00.000Z').trace, 'en').rules[0]?.sentences;
    expect(sentences).toContain('Amounts in USD are converted at 7.1235 CNY, the rate of 2026-11-01.');
    expect(sentences).toContain('Converted it is 71.95 CNY.');
    expect(reasonOf(paid('1.00', 'EUR', '2026-11-01T02:00:00.000Z'), 'spend')).toBe('no-exchange-rate');
    expect(reasonOf(rated([SPEND], { exchange }, order([line('9')], { currency: 'USD' })), 'spend')).toBe(
      'other-currency',
    );
  });
});

describe('earn', () => {
  it('E03: by the whole amount, where that is the choice', () => {
    const steps = [
      { from: '0.00', points: '1' },
      { from: '100.00', points: '1.5' },
    ];
    const rule: EarnRule = { ...SPEND, earn: { form: 'stepped', per: '1.00', apply: 'whole', steps } };
    const spend = (amount: string) => targets(rated([rule], {}, order([line(amount)])))['spend'];
    expect([spend('99.99'), spend('100.00')]).toEqual([99, 150]);
  });

  it('pays by a number that an activity tells', () => {
    const rule: EarnRule = {
      ...bonus('b', 3, { when: { activity: 'scanned' } }),
      earn: { form: 'fixed', points: 3, times: { data: 'count', max: 5 } },
    };
    const given = (count: Data[string]) =>
      targets(rate(program([rule]), { ...activityInput('scanned', 's', '2026-11-01T00:00:00Z'), data: { count } }));
    expect([given(2), given(9.9), given('4'), given(0), given(-1), given('x')]).toEqual([
      { b: 6 },
      { b: 15 },
      { b: 12 },
      {},
      {},
      {},
    ]);
  });

  it('E23: an effect has an id of its own and is withdrawn by a refund', () => {
    const rule = bonus('b', 10, { effects: [{ kind: 'coupon', ref: 'tea-10', quantity: 2 }] });
    const due = rated([rule]).effects;
    expect(due).toEqual([
      {
        effectId: 'm-1~b~shop~A-1~coupon~tea-10',
        kind: 'coupon',
        ref: 'tea-10',
        target: 2,
        ruleId: 'b',
        ruleVersion: 1,
      },
    ]);
    const after = rated([rule], {}, order([line('100.00', { refundedAmount: '100.00' })])).effects;
    expect(withEarlierEffects(after, due)).toMatchObject([{ target: 0 }]);
    const only = rated([{ ...rule, earn: { form: 'none' } }]);
    expect([only.awards, only.effects.length]).toEqual([[], 1]);
  });
});

describe('availability and expiry', () => {
  it.each<[NonNullable<EarnRule['availability']>, string]>([
    [{ after: { days: 3, roundUpTo: 'day' } }, '2026-11-04T16:00:00.000Z'],
    [{ after: { days: 1, roundUpTo: 'week' } }, '2026-11-08T16:00:00.000Z'],
    [{ after: { weeks: 2, roundUpTo: 'month' } }, '2026-11-30T16:00:00.000Z'],
    [{ after: { months: 1 } }, '2026-12-01T02:00:00.000Z'],
  ])('Q01: %j', (availability, at) => {
    expect(rated([{ ...SPEND, availability }]).awards[0]?.availableAt).toBe(at);
  });

  it('waits for the completion of an order', () => {
    const rule: EarnRule = { ...SPEND, availability: 'at-completion' };
    expect(reasonOf(rated([rule]), 'spend')).toBe('not-yet-completed');
    const completedAt = '2026-11-05T00:00:00.000Z';
    const done = rated([rule], {}, order([line('10.00')], { status: 'completed', completedAt }));
    expect(done.awards[0]?.availableAt).toBe(completedAt);
  });

  it('lapses at the end of a date, and gives nothing that would lapse at once', () => {
    expect(rated([{ ...SPEND, expiry: { on: '2027-12-31' } }]).awards[0]?.expiresAt).toBe('2027-12-31T16:00:00.000Z');
    expect(reasonOf(rated([{ ...SPEND, expiry: { on: '2026-10-31' } }]), 'spend')).toBe('lapses-first');
  });
});
