import type { EarnRule, ProgramDocument } from '@jifen/contracts';
import { activityInput, line, order, orderInput, program, SIGN_UP, SPEND } from '../examples.ts';
import { rate } from '../rate.ts';

const CURRENCIES = [
  { code: 'points', decimals: 0 },
  { code: 'stars', decimals: 0 },
];
const TIERED = [{ currency: 'points', points: 200, tiers: [{ tier: 'silver', points: 1_000 }] }];
const PLAIN = [{ currency: 'points', points: 200 }];
const limitsOf = (rule: EarnRule, more: Partial<ProgramDocument>, tier?: string) =>
  rate(
    program([rule], { currencies: CURRENCIES, ...more }),
    orderInput(order([line('10.00')]), tier ?? 'bronze'),
  ).awards.map(({ clawback, debtLimit }) => [clawback, debtLimit]);

describe('Q12: the debt that a return may leave', () => {
  it.each<[string, EarnRule, Partial<ProgramDocument>, string, unknown]>([
    ['no limit where the program says nothing', SPEND, {}, 'silver', [undefined, undefined]],
    ['for all alike', SPEND, { debtLimits: PLAIN }, 'silver', [undefined, 200]],
    ['by tier', SPEND, { debtLimits: TIERED }, 'silver', [undefined, 1_000]],
    ['of a tier that is not named', SPEND, { debtLimits: TIERED }, 'bronze', [undefined, 200]],
    ['none at all', SPEND, { debtLimits: [{ currency: 'points', points: 0 }] }, 'silver', [undefined, 0]],
    [
      'of another currency',
      SPEND,
      { debtLimits: [{ currency: 'stars', points: 5 }] },
      'silver',
      [undefined, undefined],
    ],
    [
      'of a rule whose points may become debt, in a program in which those of others may not',
      { ...SPEND, clawback: 'allow-debt' },
      { clawback: 'award-only', debtLimits: TIERED },
      'silver',
      ['allow-debt', 1_000],
    ],
    [
      'not where they never become debt',
      { ...SPEND, clawback: 'within-balance' },
      { debtLimits: TIERED },
      'silver',
      ['within-balance', undefined],
    ],
    ['nor by the program', SPEND, { clawback: 'award-only', debtLimits: TIERED }, 'silver', ['award-only', undefined]],
  ])('%s', (_, rule, more, tier, expected) => {
    expect(limitsOf(rule, more, tier)).toEqual([expected]);
  });

  it('makes a rating depend on the tier only where tiers differ', () => {
    expect(program([SPEND], { debtLimits: TIERED }).usesTier).toBe(true);
    expect(program([SPEND], { debtLimits: PLAIN }).usesTier).toBe(false);
  });

  it('goes along with what is paid once', () => {
    const signUp = activityInput('member.registered', 's', '2026-11-01T00:00:00Z');
    const compiled = program([SIGN_UP], { debtLimits: TIERED });
    const first = rate(compiled, { ...signUp, tier: 'silver' });
    expect(first.awards).toMatchObject([{ target: 500, debtLimit: 1_000 }]);
    // A later one is not the first, and changes nothing of it.
    const later = { ...activityInput('member.registered', 't', '2026-11-02T00:00:00Z'), tier: 'bronze' };
    expect(rate(compiled, { ...later, once: first.once }).awards).toEqual(first.awards);
  });
});
