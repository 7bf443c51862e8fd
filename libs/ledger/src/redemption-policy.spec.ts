import type { RedemptionPolicy } from '@jifen/contracts';
import { money, points } from '@jifen/kernel';
import fc from 'fast-check';
import { quoteRedemption, redemptionRules, valueRedemption, type RedemptionRule } from './redemption-policy.ts';

const rule = (policy: Partial<RedemptionPolicy> = {}): RedemptionRule => {
  const redemption = [{ currency: 'points', points: 100, money: '1.00', ...policy }];
  const [found] = redemptionRules({ moneyCurrency: 'CNY', redemption });
  if (found === undefined) throw new Error('no rule');
  return found;
};
const order = (minor: number, tier?: string) => ({ order: money(minor), tier });

describe('how many points an order may use', () => {
  it.each<[string, Partial<RedemptionPolicy>, number, number, object]>([
    ['B01: 100 points are 1 yuan', {}, 12_940, 99_999, { points: 12_940, money: 12_940, stays: 0, limitedBy: 'none' }],
    ['the balance', {}, 12_940, 5_000, { points: 5_000, money: 5_000, stays: 7_940, limitedBy: 'balance' }],
    [
      'Q11: at most half of the order',
      { maximumShare: '0.5' },
      12_941,
      99_999,
      { points: 6_470, money: 6_470, stays: 6_471, limitedBy: 'maximum' },
    ],
    [
      'Q11: fewer than the minimum are none',
      { minimumPoints: 500 },
      400,
      99_999,
      { points: 0, money: 0, stays: 400, limitedBy: 'minimum-points' },
    ],
    [
      'a small order takes none',
      { minimumOrder: '50.00' },
      4_999,
      99_999,
      { points: 0, money: 0, stays: 4_999, limitedBy: 'minimum-order' },
    ],
    [
      'whole yuan only: the rest is paid in money, and named',
      { step: '1.00' },
      12_940,
      99_999,
      { points: 12_900, money: 12_900, stays: 40, limitedBy: 'step' },
    ],
    [
      'U33: 90.90 at 0.03 a point takes 3030, not 3031',
      { points: 1, money: '0.03', remainder: 'cover' },
      9_090,
      99_999,
      { points: 3_030, money: 9_090, stays: 0, limitedBy: 'none' },
    ],
    [
      'U32: a rest below the step is covered, nothing stays',
      { step: '1.00', remainder: 'cover' },
      12_940,
      99_999,
      { points: 12_940, money: 12_940, stays: 0, limitedBy: 'none' },
    ],
    [
      'U32: covered with points rounded up where the rate is coarse',
      { points: 1, money: '0.07', remainder: 'cover' },
      100,
      99,
      { points: 15, money: 100, stays: 0, limitedBy: 'none' },
    ],
    [
      'a balance that is no whole number of steps',
      { step: '1.00' },
      12_900,
      250,
      { points: 200, money: 200, stays: 12_700, limitedBy: 'balance' },
    ],
  ])('%s', (_, policy, amount, available, expected) => {
    expect(quoteRedemption(rule(policy), order(amount), points(available))).toEqual(expected);
  });

  it('C04: a higher tier may pay more of it', () => {
    const tiers = [{ tier: 'gold', maximumShare: '0.8', maximumMoney: '70.00' }];
    const capped = rule({ maximumShare: '0.5', tiers });
    expect(quoteRedemption(capped, order(8_000), points(99_999)).money).toBe(4_000);
    expect(quoteRedemption(capped, order(8_000, 'gold'), points(99_999)).money).toBe(6_400);
    expect(quoteRedemption(capped, order(10_000, 'gold'), points(99_999)).money).toBe(7_000);
    expect(quoteRedemption(capped, order(8_000, 'bronze'), points(99_999)).money).toBe(4_000);
  });

  it('U32, U36: never leaves a stray minor unit, and is always accepted as it was quoted', () => {
    const decimal = (minor: number): string => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 20 }),
        fc.boolean(),
        fc.constantFrom('0', '0.1', '0.5', '0.333333', '1'),
        fc.nat({ max: 1_000_000 }),
        fc.nat({ max: 1_000_000 }),
        (rate, worth, steps, cover, maximumShare, amount, available) => {
          const base = rule({ points: rate, money: decimal(worth) });
          const one = rule({
            points: rate,
            money: decimal(worth),
            step: decimal(Number(base.unitMoney) * steps),
            remainder: cover ? 'cover' : 'pay',
            maximumShare,
          });
          const quote = quoteRedemption(one, order(amount), points(available));
          expect(quote.money + quote.stays).toBe(amount);
          expect(quote.points).toBeLessThanOrEqual(available);
          // Compared by multiplication, so that the test divides nothing: the member never pays less than the rate says.
          expect(BigInt(quote.points) * BigInt(worth)).toBeGreaterThanOrEqual(BigInt(quote.money) * BigInt(rate));
          if (quote.points === 0) return;
          const accepted = valueRedemption(one, quote.points, order(amount));
          expect(accepted).toEqual({
            ok: true,
            value: { points: quote.points, money: quote.money, stays: quote.stays },
          });
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('what points asked for are worth', () => {
  it.each<[string, Partial<RedemptionPolicy>, number, number | undefined, object]>([
    [
      'U36: 77 points at 0.05',
      { points: 1, money: '0.05' },
      77,
      undefined,
      { ok: true, value: { points: 77, money: 385 } },
    ],
    [
      'U33: 3030 points at 0.03',
      { points: 1, money: '0.03' },
      3_030,
      undefined,
      { ok: true, value: { points: 3_030, money: 9_090 } },
    ],
    [
      'U36: three points a fen, no fraction of one',
      { points: 3, money: '0.01' },
      4,
      undefined,
      { ok: false, refusal: { reason: 'step', points: 3 } },
    ],
    [
      'Q11: below the minimum',
      { minimumPoints: 500 },
      499,
      undefined,
      { ok: false, refusal: { reason: 'minimum-points', minimum: 500 } },
    ],
    [
      'the minimum itself',
      { minimumPoints: 500 },
      500,
      50_000,
      { ok: true, value: { points: 500, money: 500, stays: 49_500 } },
    ],
    [
      'Q11: more than the share, with the most that may be',
      { maximumShare: '0.5' },
      6_000,
      10_001,
      { ok: false, refusal: { reason: 'maximum', points: 5_000, money: 5_000 } },
    ],
    ['no whole step', { step: '1.00' }, 150, 10_000, { ok: false, refusal: { reason: 'step', points: 100 } }],
    ['more than the order', {}, 101, 100, { ok: false, refusal: { reason: 'maximum', points: 100, money: 100 } }],
    [
      'an order below the least',
      { minimumOrder: '10.00' },
      100,
      999,
      { ok: false, refusal: { reason: 'minimum-order', minimum: 1_000 } },
    ],
  ])('%s', (_, policy, asked, amount, expected) => {
    const to = amount === undefined ? undefined : order(amount);
    expect(valueRedemption(rule(policy), points(asked), to)).toEqual(expected);
  });
});
