import { money, points, present } from '@jifen/kernel';
import { redemptionRules, type RedemptionRefusal } from '@jifen/ledger';
import { problemOf } from './redemption-value.ts';

const [rule] = redemptionRules({
  moneyCurrency: 'CNY',
  redemption: [{ currency: 'points', points: 100, money: '1.00' }],
});

describe('what the redemption policy refuses', () => {
  it.each<readonly [RedemptionRefusal, string, object]>([
    [{ reason: 'minimum-points', minimum: points(500) }, 'below_minimum', { minimum: 500 }],
    [{ reason: 'minimum-order', minimum: money(2_000) }, 'below_minimum', { minimum: '20.00' }],
    [{ reason: 'maximum', points: points(150), money: money(150) }, 'above_maximum', { maximum: 150 }],
    [{ reason: 'step', points: points(100) }, 'not_a_step', { step: 100 }],
  ])('Q11: %j is %s', (refusal, code, figures) => {
    expect(problemOf(present(rule, 'the rule'), refusal)).toMatchObject({ code, figures });
  });
});
