import type { EarnRule, ProgramDocument } from '@jifen/contracts';
import { instant } from '@jifen/kernel';
import { compileProgram } from '../compile.ts';
import { line, order } from '../examples.ts';
import { explain } from '../explain/explain.ts';
import { ratedOrder } from '../order/rated-order.ts';
import { rate, type RatingInput } from '../rate.ts';
import { validateProgram } from '../validate-program.ts';
import { budgetBucket } from './compile-budget.ts';
import type { Funds } from './funding.ts';

const spend: EarnRule = {
  id: 'spend',
  when: { order: 'paid' },
  earn: { form: 'rate', points: '1', per: '1.00' },
  currency: 'points',
};
const document = (rules: readonly EarnRule[], more: Partial<ProgramDocument> = {}): ProgramDocument => ({
  name: { en: 'Budgets', zh: '预算' },
  timeZone: 'Asia/Shanghai',
  moneyCurrency: 'CNY',
  currencies: [{ code: 'points', decimals: 0 }],
  rules: [...rules],
  ...more,
});
const valid = (value: ProgramDocument): ProgramDocument => {
  const validation = validateProgram(value);
  if (!validation.ok) throw new Error(JSON.stringify(validation.violations));
  return validation.document;
};
const placed = (amount: string, funds?: Funds): RatingInput => ({
  kind: 'order',
  member: 'm-1',
  source: 'erp',
  id: 'A',
  order: ratedOrder(order([line(amount)])),
  funds,
});
const rated = (value: ProgramDocument, amount: string, funds?: Funds) =>
  rate(compileProgram(valid(value), 1), placed(amount, funds));
const targets = (value: ProgramDocument, amount: string, funds?: Funds): readonly (readonly [number, number?])[] =>
  rated(value, amount, funds).awards.map(({ target, wished }) => (wished === undefined ? [target] : [target, wished]));

describe('Q23: a budget', () => {
  const capped = document([{ ...spend, budgets: [{ per: 'lifetime', points: 100 }] }]);
  const whole = document([{ ...spend, budgets: [{ per: 'lifetime', points: 100, whole: true }] }]);
  const key = 'spend:lifetime';

  it.each([
    ['is whole where nothing is known of it', capped, '130.00', undefined, [[100, 130]]],
    ['leaves what others do not hold', capped, '80.00', { left: { [key]: 30 }, own: {} }, [[30, 80]]],
    ['Q24: leaves nothing, and the award is recorded', capped, '80.00', { left: { [key]: 0 }, own: {} }, [[0, 80]]],
    [
      'leaves an award what it holds',
      capped,
      '80.00',
      { left: { [key]: 0 }, own: { [key]: { spend: [50, 50] } } },
      [[50, 80]],
    ],
    [
      'gives more when more is wished and there is more',
      capped,
      '80.00',
      { left: { [key]: 10 }, own: { [key]: { spend: [50, 50] } } },
      [[60, 80]],
    ],
    [
      'takes back when less is wished',
      capped,
      '20.00',
      { left: { [key]: 0 }, own: { [key]: { spend: [50, 50] } } },
      [[20]],
    ],
    [
      'below nothing leaves what is held',
      capped,
      '60.00',
      { left: { [key]: -9 }, own: { [key]: { spend: [50, 50] } } },
      [[50, 60]],
    ],
    ['given whole does not give a part', whole, '80.00', { left: { [key]: 79 }, own: {} }, [[0, 80]]],
    ['given whole gives all', whole, '80.00', { left: { [key]: 80 }, own: {} }, [[80]]],
    [
      'given whole takes nothing back from who wishes more',
      whole,
      '80.00',
      { left: { [key]: 0 }, own: { [key]: { spend: [50, 50] } } },
      [[50, 80]],
    ],
  ] as const)('%s', (_, program, amount, funds, expected) => expect(targets(program, amount, funds)).toEqual(expected));

  it('is shared by rules in their order, and what multiplies counts what was granted', () => {
    const double: EarnRule = { ...spend, id: 'double', earn: { form: 'multiplier', of: ['spend'], by: '2' } };
    const program = document([{ ...spend, budgets: [{ per: 'day', points: 50 }] }, double], {
      budgets: [{ id: 'all', currency: 'points', per: 'lifetime', points: 80 }],
    });
    expect(targets(program, '90.00')).toEqual([
      [50, 90],
      [30, 50],
    ]);
  });

  it('comes after the limits of the member, which count what was granted', () => {
    const program = document([
      { ...spend, limits: [{ per: 'lifetime', points: 60 }], budgets: [{ per: 'lifetime', points: 40 }] },
    ]);
    const { awards, part, trace } = rated(program, '90.00');
    expect(awards).toMatchObject([{ target: 40, wished: 90 }]);
    expect(part?.use).toEqual({ 'spend:lifetime/ever': [40, 1] });
    expect(explain(trace, 'en').rules[0]?.sentences.slice(-3)).toEqual([
      'Limit spend:lifetime leaves 60 points: 60 instead of 90.',
      'Budget spend:lifetime leaves 40 points: 40 instead of 60.',
      'Rule spend gives 40 points.',
    ]);
  });

  it('tells why nothing is given, in both languages', () => {
    const { trace } = rated(whole, '130.00');
    expect(explain(trace, 'en').rules[0]?.sentences.slice(-2)).toEqual([
      'Budget spend:lifetime leaves 100 points, and is given whole or not at all: 0 instead of 130.',
      'Rule spend gives nothing: its budget is spent.',
    ]);
    expect(explain(trace, 'zh').rules[0]?.sentences.slice(-2)).toEqual([
      '预算 spend:lifetime 尚余 100 分，且只能整笔发放：应得 130 分，实得 0 分。',
      '规则 spend 未给予积分：预算已用完。',
    ]);
  });

  it('V06: is a share of revenue, by the value of a point', () => {
    const share = (money: string): ProgramDocument =>
      document([{ ...spend, earn: { form: 'fixed', points: 500 }, budgets: [{ per: 'month', share: '0.03' }] }], {
        pointValue: [{ currency: 'points', money }],
      });
    // 3 % of 100.00 is 3.00.
    expect(targets(share('0.01'), '100.00')).toEqual([[300, 500]]);
    expect(targets(share('0.1'), '100.00')).toEqual([[30, 500]]);
    expect(rated(share('0.01'), '100.00').funding?.revenue).toEqual({ 'spend:month:share/2026-11': 10_000 });
  });

  it('has a window on the clock of the program, and one for a campaign, whose end can move', () => {
    const at = instant('2026-11-10T16:30:00Z');
    const bucketOf = (per: 'day' | 'schedule', to: string): readonly string[] => {
      const rule: EarnRule = { ...spend, schedule: { from: '2026-11-01', to }, budgets: [{ per, points: 1 }] };
      const { budgets } = compileProgram(valid(document([rule])), 1);
      return (budgets?.all ?? []).map((budget) => budgetBucket(budget, at, () => undefined));
    };
    expect(bucketOf('day', '2026-11-30')).toEqual(['spend:day/2026-11-11']);
    expect(bucketOf('schedule', '2026-11-30')).toEqual(['spend:schedule/from-2026-11-01']);
    expect(bucketOf('schedule', '2026-12-31')).toEqual(['spend:schedule/from-2026-11-01']);
  });

  it('is absent, with all that it costs, where no rule has one', () => {
    const { funding } = rated(document([spend]), '10.00');
    expect(funding).toBeUndefined();
    expect(compileProgram(valid(document([spend])), 1).budgets).toBeUndefined();
  });
});

describe('a budget is refused', () => {
  const once: EarnRule = {
    ...spend,
    id: 'once',
    when: { activity: 'member.registered' },
    earn: { form: 'fixed', points: 5, once: true },
  };
  it.each([
    ['without an amount', [{ ...spend, budgets: [{ per: 'day' }] }], {}, '/rules/0/budgets/0'],
    ['with two', [{ ...spend, budgets: [{ per: 'day', points: 1, share: '0.1' }] }], {}, '/rules/0/budgets/0'],
    [
      'twice for a period',
      [
        {
          ...spend,
          budgets: [
            { per: 'day', points: 1 },
            { per: 'day', points: 2 },
          ],
        },
      ],
      {},
      '/rules/0/budgets/1/per',
    ],
    [
      'of a campaign that has no end',
      [{ ...spend, budgets: [{ per: 'schedule', points: 1 }] }],
      {},
      '/rules/0/budgets/0/per',
    ],
    ['of what pays once', [{ ...once, budgets: [{ per: 'day', points: 1 }] }], {}, '/rules/0/budgets'],
    [
      'of an unknown rule',
      [spend],
      { budgets: [{ id: 'a', currency: 'points', per: 'day', points: 1, rules: ['other'] }] },
      '/budgets/0/rules/0',
    ],
    [
      'of an unknown currency',
      [spend],
      { budgets: [{ id: 'a', currency: 'miles', per: 'day', points: 1 }] },
      '/budgets/0/currency',
    ],
    [
      'as a share where points are worth nothing',
      [{ ...spend, budgets: [{ per: 'day', share: '0.03' }] }],
      { pointValue: [{ currency: 'points', money: '0' }] },
      '/rules/0/budgets/0/share',
    ],
  ] as const)('%s', (_, rules, more, pointer) => {
    const value = JSON.parse(JSON.stringify({ ...document([]), rules, ...more })) as unknown;
    const validation = validateProgram(value);
    expect(validation.ok ? [] : validation.violations.map((each) => each.pointer)).toEqual([pointer]);
  });
});
