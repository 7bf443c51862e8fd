import type { EarnRule } from '@jifen/contracts';
import { memoryRules } from '../memory/memory-rules.ts';
import { at, bought, day, document, expectCase, returned, spend } from '../../testing/program-cases.ts';
import { arrivalsOf, PROGRAM } from './given.ts';

describe('U21: a cap of times', () => {
  it('is never passed, though 20 check-ins come at once, again and backwards', async () => {
    const capped = document([
      {
        id: 'check-in',
        when: { activity: 'check-in' },
        earn: { form: 'fixed', points: 10 },
        currency: 'points',
        limits: [{ per: 'lifetime', count: 3 }],
      },
    ]);
    const given = Array.from({ length: 20 }, (_, index) => ({
      activity: { id: `C${index}`, type: 'check-in', occurredAt: day(index + 1) },
    }));
    await expectCase(capped, { given, expect: { 'm-1': { points: 30 } } });
  });
});

describe('U42: steps and tiers', () => {
  const stepped = document([
    {
      id: 'spend',
      when: { order: 'paid' },
      earn: {
        form: 'stepped',
        apply: 'whole',
        per: '1.00',
        steps: [
          { from: '0', points: '1' },
          { from: '1000.00', points: '2' },
        ],
      },
      currency: 'points',
    },
  ]);

  it.each([
    ['1.00', 1],
    ['999.99', 999],
    ['1000.00', 2000],
  ])(
    'an order of %s earns %d: the step at 0 is not skipped, the higher one not taken below its minimum',
    async (amount, points) => {
      await expectCase(stepped, { given: [bought('A', amount, day(1))], expect: { 'm-1': { points } } });
    },
  );

  it('the tier at 0 multiplies from the first order on, the next one not before it is reached', async () => {
    const tier = (code: string, threshold: number, multiplier: string) => ({
      code,
      name: { en: code, zh: code },
      threshold,
      multiplier,
    });
    const bonus: EarnRule = {
      id: 'tier',
      when: { order: 'paid' },
      earn: { form: 'multiplier', of: ['spend'], by: 'tier' },
      currency: 'points',
    };
    const ladder = {
      currency: 'points',
      basis: 'lifetime-points' as const,
      tiers: [tier('bronze', 0, '1.1'), tier('silver', 5000, '2')],
    };
    await expectCase(document([spend, bonus], { ladder }), {
      given: [
        { tier: { tier: 'silver', since: day(10) } },
        bought('A', '100.00', day(9)),
        bought('B', '100.00', day(11)),
      ],
      expect: { 'm-1': { points: 310, rules: { spend: 200, tier: 110 } } },
    });
  });
});

describe('Q28: the trace of an award', () => {
  it('names program version, rule, version of the rule, cause and trace on each row, and adds up by rule', async () => {
    const double: EarnRule = {
      id: 'double',
      when: { order: 'paid' },
      earn: { form: 'multiplier', of: ['spend'], by: '2' },
      currency: 'points',
    };
    const program = document([spend, double]);
    const test = {
      name: 'x',
      at,
      given: [bought('A-1', '129.90', day(1)), bought('A-2', '10.00', day(2))],
      expect: {},
    };
    const arrivals = arrivalsOf(test, program);
    if (!arrivals.ok) throw new Error(JSON.stringify(arrivals.refusal));
    const world = memoryRules(PROGRAM, [{ version: 7, document: program }]).world();
    await world.deliver(arrivals.value.flatMap(({ item }) => (item.kind === 'decision' ? [] : [item])));
    const rows = (await world.ratings()).flatMap(({ cause, programVersion, awards, trace }) =>
      awards.map(({ ruleId, ruleVersion, target }) => [
        cause.source,
        cause.id,
        programVersion,
        ruleId,
        ruleVersion,
        target,
        trace?.length,
      ]),
    );
    expect(rows).toEqual([
      ['test', 'A-1', 7, 'spend', 7, 129, 43],
      ['test', 'A-1', 7, 'double', 7, 129, 43],
      ['test', 'A-2', 7, 'spend', 7, 10, 43],
      ['test', 'A-2', 7, 'double', 7, 10, 43],
    ]);
    const byRule: Record<string, number> = {};
    for (const { awards } of await world.ratings())
      for (const { ruleId, target } of awards) byRule[ruleId] = (byRule[ruleId] ?? 0) + target;
    expect(byRule).toEqual({ spend: 139, double: 139 });
  });
});

describe('Q39: the basis of an order', () => {
  const line = { lineId: '1', sku: 'TEA', quantity: 1, amount: '113.00', tax: '13.00', discount: '10.00' };
  const card = { lineId: '2', sku: 'CARD', category: 'gift-card', quantity: 1, amount: '200.00' };
  const order = { orderId: 'A', occurredAt: day(1), shipping: '12.00', lines: [line, card] };

  it.each([
    ['with tax, after discount, without shipping', {}, 303],
    ['without what gift cards cost', { except: { categories: ['gift-card'] } }, 103],
    ['before discount', { except: { categories: ['gift-card'] }, discount: 'before' }, 113],
    ['with shipping', { shipping: 'include' }, 315],
    ['of a list of skus', { only: { skus: ['CARD'] } }, 200],
  ] as const)('is a switch of the rule: %s', async (_, basis, points) => {
    const earn = {
      form: 'rate',
      points: '1',
      per: '1.00',
      basis: JSON.parse(JSON.stringify(basis)) as object,
    } as const;
    await expectCase(document([{ ...spend, earn }]), { given: [{ order }], expect: { 'm-1': { points } } });
  });
});

describe('U35: a target in another money', () => {
  const target = (otherCurrency: 'convert' | 'refuse') =>
    document(
      [
        {
          ...spend,
          id: 'month',
          otherCurrency,
          earn: { form: 'target', window: 'month', metric: 'amount', reach: '700.00', points: 50 },
        },
      ],
      { exchange: { rates: [{ from: 'USD', to: 'CNY', on: '2026-01-01', rate: '7.1' }] } },
    );
  const dollars = (orderId: string, amount: string) => ({
    order: { orderId, occurredAt: day(1), amount, currency: 'USD' },
  });

  it.each([
    ['convert', ['100.00'], 50],
    ['convert', ['98.00'], 0],
    ['convert', ['49.00', '49.60'], 50],
    ['refuse', ['100.00'], 0],
    ['refuse', ['700.00'], 0],
  ] as const)('%s: %j dollars at 7.1 of 700.00 yuan give %d', async (otherCurrency, amounts, points) => {
    const given = amounts.map((amount, index) => dollars(`O${index}`, amount));
    await expectCase(target(otherCurrency), { given, expect: { 'm-1': { points } } });
  });
});

describe('Q40: rounding', () => {
  const rounded = (decimals: number, rounding?: 'floor' | 'half-up' | 'ceil') =>
    document([{ ...spend, earn: { form: 'rate', points: '1', per: '3.00', ...(rounding ? { rounding } : {}) } }], {
      currencies: [{ code: 'points', decimals }],
    });

  it.each([
    [0, undefined, 3],
    [0, 'half-up', 4],
    [2, undefined, 366],
    [2, 'ceil', 367],
    [4, 'half-up', 36_667],
  ] as const)(
    'keeps %d decimals, rounded %s (down when it says nothing): 11.00 gives %d',
    async (decimals, how, points) => {
      const given = [bought('A', '11.00', day(1))];
      await expectCase(rounded(decimals, how), { given, expect: { 'm-1': { points } } });
    },
  );

  it('takes back with the precision of the award: part by part, and all of it in the end', async () => {
    const part = (refundedAmount: string, date: number) => ({
      order: { orderId: 'A', occurredAt: day(1), revision: date, lines: [{ amount: '11.00', refundedAmount }] },
    });
    const two = rounded(2);
    const given = [bought('A', '11.00', day(1)), part('1.00', 2), part('2.00', 3)];
    await expectCase(two, { given: given.slice(0, 2), expect: { 'm-1': { points: 333 } } });
    await expectCase(two, { given, expect: { 'm-1': { points: 300 } } });
    await expectCase(two, { given: [...given, part('11.00', 4)], expect: { 'm-1': { points: 0 } } });
  });
});

describe('Q41: achievements', () => {
  const achievement = document([
    {
      id: 'three-orders',
      when: { order: 'paid' },
      schedule: { from: '2026-10-01T00:00:00+08:00', to: '2026-12-01T00:00:00+08:00' },
      earn: { form: 'target', window: 'month', metric: 'count', reach: '3', points: 100 },
      currency: 'points',
    },
  ]);
  const three = (month: number) => [1, 2, 3].map((date) => bought(`${month}-${date}`, '10.00', day(date + 9, month)));

  it('are reached by their target, and again in the next period', async () => {
    await expectCase(achievement, { given: three(10).slice(1), expect: { 'm-1': { points: 0 } } });
    await expectCase(achievement, { given: [...three(10), ...three(11)], expect: { 'm-1': { points: 200 } } });
  });

  it('count nothing outside of their schedule', async () => {
    await expectCase(achievement, { given: [...three(11), ...three(12)], expect: { 'm-1': { points: 100 } } });
  });

  it('are rolled back after completion when an order comes back, and completed again by another', async () => {
    const back = [...three(11), returned('11-2', '10.00', day(11))];
    await expectCase(achievement, { given: back, expect: { 'm-1': { points: 0 } } });
    const again = [...back, bought('11-4', '10.00', day(20))];
    await expectCase(achievement, { given: again, expect: { 'm-1': { points: 100 } } });
  });
});
