import fc from 'fast-check';
import { redemptionRules } from './redemption-policy.ts';
import { apportion, formatMinor, liabilityRates, memberRate, worthOf, type ValuePolicies } from './worth.ts';

const policies = (over: Partial<ValuePolicies> = {}): ValuePolicies => ({
  moneyCurrency: 'CNY',
  redemption: undefined,
  pointValue: [],
  ...over,
});
const hundred = redemptionRules({
  moneyCurrency: 'CNY',
  redemption: [{ currency: 'points', points: 100, money: '1.00' }],
});

describe('V08: what points are worth to a member', () => {
  it.each([
    [0, 0],
    [1, 1],
    [100, 100],
    [-250, -250],
  ])('by the redemption policy, 100 points = 1 yuan: %d are worth %d fen', (amount, fen) => {
    const rate = memberRate(policies({ redemption: hundred }), 'points');
    expect(Number(rate && worthOf(amount, rate))).toBe(fen);
  });

  it.each([
    ['0.015', 1, 1],
    ['0.015', 3, 4],
    ['0.015', -3, -4],
    ['0.0001', 99, 0],
    ['2', 7, 1400],
  ])('by a stated value of %s: %d are worth %d fen, rounded towards zero', (value, amount, fen) => {
    const rate = memberRate(policies({ pointValue: [{ currency: 'points', money: value }] }), 'points');
    expect(Number(rate && worthOf(amount, rate))).toBe(fen);
  });

  it('nothing is said where the program says nothing', () => {
    expect(memberRate(policies({ redemption: hundred }), 'growth')).toBeUndefined();
    expect(memberRate(policies({ pointValue: [{ currency: 'points' }] }), 'points')).toBeUndefined();
  });
});

describe('V07: liability', () => {
  it.each([
    ['CNY', [], 1_000_000n, '8000.00'],
    ['JPY', [], 1_000n, '8'],
    ['CNY', [{ currency: 'points', money: '0.02', expectedRedemption: '0.5' }], 12_345n, '123.45'],
    ['CNY', [{ currency: 'points', expectedRedemption: '0' }], 12_345n, '0.00'],
    // 0.625 fen rounds to 1; 0.5 of an even number of fen to the even one.
    ['CNY', [{ currency: 'points', money: '0.00625', expectedRedemption: '1' }], 1n, '0.01'],
    ['CNY', [{ currency: 'points', money: '0.005', expectedRedemption: '1' }], 5n, '0.02'],
    ['CNY', [], 2n ** 80n, '9671406556917033397649.41'],
  ])('in %s with %j: %d points are %s', (moneyCurrency, pointValue, amount, expected) => {
    const { expected: rate } = liabilityRates(policies({ moneyCurrency, pointValue }), 'points');
    expect(formatMinor(apportion([amount], rate).total, moneyCurrency)).toBe(expected);
  });

  it('parts add up to the total, each within a minor unit of its own', () => {
    const part = fc.bigInt({ min: 0n, max: 10n ** 12n });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), fc.integer({ min: 1, max: 99_999 }), (parts, value) => {
        const pointValue = [{ currency: 'points', money: `0.${String(value).padStart(5, '0')}` }];
        const { expected: rate } = liabilityRates(policies({ pointValue }), 'points');
        const valued = apportion(parts, rate);
        expect(valued.parts.reduce((sum, one) => sum + one, 0n)).toBe(valued.total);
        for (const [index, one] of valued.parts.entries()) {
          const error = one * rate.points - (parts[index] ?? 0n) * rate.money;
          expect(error < rate.points && error > -rate.points).toBe(true);
        }
      }),
    );
  });
});
