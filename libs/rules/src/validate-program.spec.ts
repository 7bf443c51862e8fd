import type { EarnRule, ProgramDocument } from '@jifen/contracts';
import { readFileSync } from 'node:fs';
import { document, LADDER, SIGN_UP, SPEND, TIER_BONUS } from './examples.ts';
import { LIMITS, validateProgram } from './validate-program.ts';

const pointers = (value: unknown): readonly string[] => {
  const validation = validateProgram(value);
  return validation.ok ? [] : validation.violations.map(({ pointer }) => pointer);
};

const withRule = (rule: unknown): unknown => ({ ...document([]), rules: [SPEND, rule] });
const bonus = (earn: Partial<Extract<EarnRule['earn'], { form: 'multiplier' }>>): unknown =>
  withRule({ ...TIER_BONUS, earn: { ...TIER_BONUS.earn, ...earn } });

describe('a program document', () => {
  it('the demo program is valid', () => {
    const demo: unknown = JSON.parse(readFileSync(new URL('../../../programs/demo.json', import.meta.url), 'utf8'));
    expect(validateProgram(demo)).toEqual({ ok: true, document: demo });
  });

  it.each<[string, unknown, readonly string[]]>([
    ['no object', 7, ['']],
    ['an unknown field', { ...document([]), colour: 'red' }, ['/colour']],
    ['an unknown zone', document([], { timeZone: 'Mars/Olympus' }), ['/timeZone']],
    ['no currency', document([], { currencies: [] }), ['/currencies']],
    [
      'a currency twice',
      document([], {
        currencies: [
          { code: 'points', decimals: 0 },
          { code: 'points', decimals: 1 },
        ],
      }),
      ['/currencies/1/code'],
    ],
    ['a rule twice', document([SPEND, SPEND]), ['/rules/1/id']],
    ['an unknown form', withRule({ ...SPEND, id: 'x', earn: { form: 'magic' } }), ['/rules/1/earn']],
    ['an unknown currency', withRule({ ...SPEND, id: 'x', currency: 'stars' }), ['/rules/1/currency']],
    [
      'a rate of nothing',
      withRule({ ...SPEND, id: 'x', earn: { form: 'rate', points: '0', per: '0.00' } }),
      ['/rules/1/earn/points', '/rules/1/earn/per'],
    ],
    ['a rate for an activity', withRule({ ...SPEND, id: 'x', when: { activity: 'login' } }), ['/rules/1/earn']],
    ['once for an order', withRule({ ...SIGN_UP, when: { order: 'paid' } }), ['/rules/1/earn/once']],
    ['a multiplier of no rule', bonus({ of: ['none'] }), ['/rules/1/earn/of/0']],
    ['a multiplier of itself', bonus({ of: ['tier-bonus'] }), ['/rules/1/earn/of/0']],
    ['a factor below 1', bonus({ by: '0.99' }), ['/rules/1/earn/by']],
    [
      'a tier multiplier without a ladder',
      { ...document([SPEND, TIER_BONUS]), ladder: undefined },
      ['/rules/1/earn/by'],
    ],
    ['a ladder that does not start at 0', withLadder([{ threshold: 1 }]), ['/ladder/tiers/0/threshold']],
    ['a ladder that falls', withLadder([{ threshold: 0 }, { threshold: 0 }]), ['/ladder/tiers/1/threshold']],
    ['a tier that is harder to keep than to reach', withLadder([{ keep: 1 }]), ['/ladder/tiers/0/keep']],
    ['points without a window', withReview('points', undefined), ['/ladder/window']],
    ['lifetime points in a window', withReview('lifetime-points', { months: 12 }), ['/ladder/window']],
    ['a review of what never lapses', withReview('spend', undefined, { clock: 'anniversary' }), ['/ladder/review']],
    [
      'a calendar year that is reviewed on an anniversary',
      withReview('points', { per: 'year' }, { clock: 'anniversary' }),
      ['/ladder/review/clock'],
    ],
    [
      'a calendar quarter that is reviewed once a year',
      withReview('points', { per: 'quarter' }, { clock: 'calendar', months: 12 }),
      ['/ladder/review/months'],
    ],
    [
      'a calendar of two months',
      withReview('orders', { months: 12 }, { clock: 'calendar', months: 2 }),
      ['/ladder/review/months'],
    ],
    [
      'a grace as long as the time to the next review',
      withReview('points', { months: 12 }, { clock: 'tier-start', months: 1, graceDays: 28 }),
      ['/ladder/review/graceDays'],
    ],
    [
      'a rolling review of a calendar year',
      withReview('points', { per: 'year' }, { clock: 'rolling' }),
      ['/ladder/review/clock'],
    ],
    [
      'a rolling review every month',
      withReview('points', { months: 12 }, { clock: 'rolling', months: 1, graceDays: 28 }),
      ['/ladder/review/months'],
    ],
    ['a window that is two', withReview('points', { months: 12, per: 'year' }), ['/ladder/window']],
    ['a tier that takes', withLadder([{ multiplier: '0.5' }]), ['/ladder/tiers/0/multiplier']],
    [
      'points that expire before they are available',
      withRule({ ...SPEND, id: 'x', availability: { after: { days: 14 } }, expiry: { days: 14 } }),
      ['/rules/1/expiry'],
    ],
    ['an expiry after nothing', withRule({ ...SPEND, id: 'x', expiry: { months: 0 } }), ['/rules/1/expiry/months']],
    [
      'too many rules',
      document(Array.from({ length: LIMITS.rules + 1 }, (_, index) => ({ ...SPEND, id: `r-${index}` }))),
      ['/rules'],
    ],
  ])('refuses %s', (_, value, expected) => {
    expect(pointers(value)).toEqual(expected);
  });

  it('takes as many rules as the limit says', () => {
    const rules = Array.from({ length: LIMITS.rules }, (_, index) => ({ ...SPEND, id: `r-${index}` }));
    expect(pointers(document(rules))).toEqual([]);
  });
});

function withReview(basis: string, window: object | undefined, review?: object): unknown {
  const ladder = { ...LADDER, basis, ...(window && { window }), ...(review && { review }) };
  return { ...document([SPEND]), ladder };
}

function withLadder(steps: readonly Partial<NonNullable<ProgramDocument['ladder']>['tiers'][number]>[]): unknown {
  const [tier] = LADDER.tiers;
  return document([], {
    ladder: { ...LADDER, tiers: steps.map((step, index) => ({ ...tier, ...step, code: `t-${index}` })) as never },
  });
}
