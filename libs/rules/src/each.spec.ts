import type { Budget, EarnRule, Limit, ProgramDocument } from '@jifen/contracts';
import { instant } from '@jifen/kernel';
import { together, valueOfBucket, valuesIn } from './each.ts';
import { activityInput, document, line, order, orderInput, program, SPEND } from './examples.ts';
import { explain } from './explain/explain.ts';
import { rate } from './rate.ts';
import { validateProgram } from './validate-program.ts';

const limited = (...limits: Limit[]): EarnRule => ({ ...SPEND, limits });
const budgeted = (...budgets: Budget[]): EarnRule => ({ ...SPEND, budgets });
const bought = (store?: string) => orderInput(order([line('80.00')], store === undefined ? {} : { store }));

describe('Q23: what a limit or budget counts apart by', () => {
  it.each([
    ['store', 'north', 'north'],
    ['channel', 'app', 'app'],
    ['source', 'shop', 'shop'],
    ['session', 's-1', 's-1'],
    ['number', 7, '7'],
    ['flag', false, 'false'],
    ['empty', '', undefined],
    ['nothing', null, undefined],
    ['absent', undefined, undefined],
    ['long', 'x'.repeat(128), 'x'.repeat(128)],
    ['longer', 'x'.repeat(129), undefined],
  ])('%s of an order and of an activity', (each, told, value) => {
    const attributes = told === undefined ? {} : { [each]: told };
    const fields = { store: 'north', channel: 'app', attributes };
    expect(valuesIn({ kind: 'order', source: 'shop', order: fields })(each)).toBe(value);
    expect(valuesIn({ kind: 'activity', source: 'shop', data: attributes })(each)).toBe(value);
  });

  it('a window and a member have nothing but a source', () => {
    expect(valuesIn({ kind: 'window', source: 'jifen' })('store')).toBeUndefined();
  });

  it('is a bucket of its own that no value can pretend to be', () => {
    const { part, funding } = rate(
      program([
        {
          ...limited({ per: 'month', each: 'store', points: 50 }),
          budgets: [{ per: 'day', each: 'store', points: 20 }],
        },
      ]),
      bought('a/rolling="'),
    );
    const [limit = ''] = Object.keys(part?.use ?? {});
    const [budget = ''] = Object.keys(funding?.held ?? {});
    expect([together(limit), together(budget)]).toEqual([
      'spend:month:each-store/2026-11',
      'spend:day:each-store/2026-11-01',
    ]);
    expect([valueOfBucket(limit), valueOfBucket(budget)]).toEqual(['a/rolling="', 'a/rolling="']);
    expect(part?.use?.[limit]).toEqual([20, 1]);
  });

  it.each([
    ['north', 'Limit spend:day:each-store (store "north") leaves 10 points: 10 instead of 80.', '（store "north"）'],
    [undefined, 'Limit spend:day:each-store (without store) leaves 10 points: 10 instead of 80.', '（无 store）'],
  ])('is told in both languages: store %s', (store, en, zh) => {
    const { trace } = rate(program([limited({ per: 'day', each: 'store', points: 10 })]), bought(store));
    expect(explain(trace, 'en').rules[0]?.sentences).toContain(en);
    expect(explain(trace, 'zh').rules[0]?.sentences.join('')).toContain(zh);
  });

  it('is kept with the rating, so that it can be run again', () => {
    const rule = budgeted({ per: 'day', each: 'session', points: 10 }, { per: 'month', each: 'store', points: 20 });
    const compiled = program([rule]);
    expect([...compiled.use.attributes, compiled.use.place]).toEqual(['session', true]);
  });
});

describe('Q23: limits in money', () => {
  const first = (rule: EarnRule, more: Partial<ProgramDocument> = {}): number | undefined =>
    rate(program([rule], more), bought()).awards[0]?.target;

  it.each([
    ['limit', limited({ per: 'day', worth: '0.50' })],
    ['budget', budgeted({ per: 'day', worth: '0.50' })],
  ])('a %s of 0.50 yuan is 50 points of 0.01, 16 of 0.03, and 500 tenths of points', (_, rule) => {
    expect(first(rule)).toBe(50);
    expect(first(rule, { pointValue: [{ currency: 'points', money: '0.03' }] })).toBe(16);
    expect(first(rule, { currencies: [{ code: 'points', decimals: 1 }] })).toBe(500);
  });

  it('bounds an activity as well', () => {
    const rule: EarnRule = {
      ...limited({ per: 'day', worth: '0.05' }),
      when: { activity: 'share' },
      earn: { form: 'fixed', points: 9 },
    };
    const input = activityInput('share', 'A', instant('2026-11-01T00:00:00Z'));
    expect(rate(program([rule]), input).awards[0]?.target).toBe(5);
  });
});

describe('Q23: a limit or budget that says too much or too little is refused', () => {
  const target: EarnRule = {
    ...SPEND,
    earn: { form: 'target', window: 'month', metric: 'count', reach: '1', points: 5 },
  };
  const withBudget: EarnRule = { ...target, budgets: [{ per: 'month', each: 'store', points: 1 }] };
  it.each([
    ['points and worth', [limited({ per: 'day', points: 1, worth: '1.00' })], {}, '/rules/0/limits/0/worth'],
    ['too many decimals', [limited({ per: 'day', worth: '1.001' })], {}, '/rules/0/limits/0/worth'],
    [
      'points worth nothing',
      [limited({ per: 'day', worth: '1.00' })],
      { pointValue: [{ currency: 'points', money: '0' }] },
      '/rules/0/limits/0/worth',
    ],
    [
      'more points than there can be',
      [budgeted({ per: 'day', worth: '100000000000.00' })],
      {},
      '/rules/0/budgets/0/worth',
    ],
    ['points and worth of a budget', [budgeted({ per: 'day', points: 1, worth: '1.00' })], {}, '/rules/0/budgets/0'],
    [
      'twice for a store',
      [limited({ per: 'day', each: 'store', points: 1 }, { per: 'day', each: 'store', count: 1 })],
      {},
      '/rules/0/limits/1/per',
    ],
    ['a target by store', [withBudget], {}, '/rules/0/budgets/0/each'],
    ['no name of a field', [limited({ per: 'day', each: 'a b', points: 1 })], {}, '/rules/0/limits/0/each'],
    [
      'a shared one of a target by store',
      [target],
      { budgets: [{ id: 'a', currency: 'points', per: 'month', each: 'store', points: 1, rules: ['spend'] }] },
      '/budgets/0/rules/0',
    ],
    ['a shared limit of nothing', [SPEND], { limits: [{ id: 'a', currency: 'points', per: 'day' }] }, '/limits/0'],
  ])('%s', (_, rules, more, pointer) => {
    const validation = validateProgram(document(rules, more as Partial<ProgramDocument>));
    expect(validation.ok ? [] : validation.violations.map((each) => each.pointer)).toEqual([pointer]);
  });

  it('but not one for each store beside one for all', () => {
    const rule = limited(
      { per: 'day', points: 5 },
      { per: 'day', each: 'store', points: 1 },
      { per: 'day', each: 'channel', points: 1 },
    );
    expect(validateProgram(document([rule])).ok).toBe(true);
  });
});
