import { validateProgramTest, type EarnRule, type ProgramDocument, type ProgramTest } from '@jifen/contracts';
import { runProgramTest, type CaseReport } from './run.ts';
import { PLAIN_PROGRAM, ladderTo } from '../../testing/program.ts';

const rules: EarnRule[] = [
  {
    id: 'spend',
    when: { order: 'paid' },
    earn: { form: 'rate', points: '1', per: '1.00' },
    currency: 'points',
  },
  {
    id: 'tier-bonus',
    when: { order: 'paid' },
    earn: { form: 'multiplier', of: ['spend'], by: 'tier' },
    currency: 'points',
  },
  {
    id: 'sign-up',
    when: { activity: 'member.registered' },
    earn: { form: 'fixed', points: 500, once: true },
    currency: 'points',
    availability: { after: { days: 7 } },
  },
];
const document: ProgramDocument = {
  ...PLAIN_PROGRAM,
  ladder: ladderTo('gold', 5000, '1.5'),
  rules,
};
const AT = '2026-11-01T00:00:00Z';

const run = async (
  given: readonly unknown[],
  expect: Readonly<Record<string, object>>,
  more: object = {},
): Promise<CaseReport> => {
  const test: unknown = { cases: [{ name: 'a case', at: AT, given, expect, ...more }] };
  const validation = validateProgramTest(test);
  if (!validation.ok) throw new Error(JSON.stringify(validation.violations));
  const [report] = await runProgramTest(document, validation.value satisfies ProgramTest);
  if (report === undefined) throw new Error('no report');
  return report;
};

describe('N14: a test of a program', () => {
  it('passes when members have what is expected', async () => {
    const given = [
      { tier: { tier: 'gold', since: '2026-10-01T00:00:00Z' } },
      { order: { orderId: 'A-1', amount: '100.00' } },
      { member: 'm-2', activity: { type: 'member.registered' } },
    ];
    const expected = {
      'm-1': { points: 150, rules: { spend: 100, 'tier-bonus': 50 }, available: { points: 150 } },
      'm-2': { points: { points: 500 }, available: 0 },
    };
    expect(await run(given, expected)).toMatchObject({ passed: true, mismatches: [] });
  });

  it('takes what a later revision leaves out from the one before', async () => {
    const given = [
      { order: { orderId: 'A-1', amount: '100.00' } },
      { order: { orderId: 'A-1', lines: [{ amount: '100.00', refundedAmount: '40.00' }] } },
      { order: { orderId: 'A-2', amount: '10.00', status: 'placed' } },
      { order: { orderId: 'A-2', status: 'completed' } },
    ];
    expect(await run(given, { 'm-1': { points: 70 } })).toMatchObject({ passed: true });
  });

  it('says what was expected, what there is, where and why', async () => {
    const report = await run([{ order: { orderId: 'A-1', amount: '100.00' } }], {
      'm-1': { points: 120, rules: { spend: 100, 'tier-bonus': 20 } },
    });
    expect(report.passed).toBe(false);
    expect(report.mismatches).toMatchObject([
      { pointer: '/cases/0/expect/m-1/points', of: 'points', expected: 120, actual: 100 },
      {
        pointer: '/cases/0/expect/m-1/rules/tier-bonus',
        expected: 20,
        actual: 0,
        because: {
          en: ['A-1: Rule tier-bonus gives nothing: the multiplier is 1.'],
          zh: [expect.stringContaining('tier-bonus')],
        },
      },
    ]);
  });

  it('does not overlook points that nobody expected', async () => {
    const report = await run([{ order: { amount: '5.00' } }, { activity: { type: 'member.registered' } }], {
      'm-1': { rules: { spend: 5 } },
    });
    expect(report.mismatches).toMatchObject([{ of: 'sign-up', expected: 0, actual: 500 }]);
  });

  it.each<[string, object, string, string]>([
    ['an order without an amount', { order: { lines: [{}] } }, '/cases/0/given/0/order/lines/0/amount', 'required'],
    ['too many decimals', { order: { lines: [{ amount: '1.001' }] } }, '/cases/0/given/0/order', 'no amount of CNY'],
    ['nothing', { member: 'm-1' }, '/cases/0/given/0', 'give one of'],
    ['two things', { facts: {}, activity: { type: 'check-in' } }, '/cases/0/given/0', 'give one of'],
    ['a fact that is none', { facts: { a: { b: 1 } } }, '/cases/0/given/0/facts/a', 'must be a text'],
  ])('points at %s', async (_, step, pointer, message) => {
    const report = await run([step], { 'm-1': { points: 0 } });
    expect(report).toMatchObject({ passed: false, violations: [{ pointer }] });
    expect(report.violations[0]?.message).toContain(message);
  });

  it('needs an instant for what has none', async () => {
    const report = await run([{ activity: { type: 'check-in' } }], { 'm-1': { points: 0 } }, { at: undefined });
    expect(report.violations).toMatchObject([{ pointer: '/cases/0/given/0/activity/occurredAt' }]);
  });

  it('finds totals that depend on the order of arrival', async () => {
    const asKnown: ProgramDocument = { ...document, tierPolicy: 'as-known' };
    const given = [
      { order: { orderId: 'A-1', amount: '100.00' } },
      { tier: { tier: 'gold', since: '2026-10-01T00:00:00Z' } },
    ];
    const test = { cases: [{ name: 'late tier', at: AT, given, expect: { 'm-1': { points: 100 } } }] };
    expect(await runProgramTest(asKnown, test)).toMatchObject([{ passed: true }]);
    const inForce = { cases: [{ name: 'late tier', at: AT, given, expect: { 'm-1': { points: 150 } } }] };
    expect(await runProgramTest(document, inForce)).toMatchObject([{ passed: true }]);
  });
});
