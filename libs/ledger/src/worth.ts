import type { PointValue } from '@jifen/contracts';
import { currencyDecimals, divideRounded, parseDecimal, powerOfTen, present } from '@jifen/kernel';
import type { RedemptionRule } from './redemption-policy.ts';

/** What a program says of the worth of points. */
export interface ValuePolicies {
  readonly moneyCurrency: string;
  readonly redemption: readonly RedemptionRule[] | undefined;
  readonly pointValue: readonly PointValue[];
}

/** `points` in the smallest unit are worth `money` in minor units. */
export interface Rate {
  readonly moneyCurrency: string;
  readonly money: bigint;
  readonly points: bigint;
}

/** V07: what finance sets aside where a program states nothing: 0.01 a point, of which four in five are redeemed. */
const DEFAULT_POINT_VALUE = { money: '0.01', expectedRedemption: '0.8' } as const;

/** What points are worth to a member: by the redemption policy, else by the stated value; `undefined` where neither says. */
export function memberRate(policies: ValuePolicies, currency: string): Rate | undefined {
  const { moneyCurrency } = policies;
  const rule = policies.redemption?.find((one) => one.currency === currency);
  if (rule !== undefined) return { moneyCurrency, money: rule.rateMoney, points: rule.ratePoints };
  const stated = policies.pointValue.find((one) => one.currency === currency)?.money;
  return stated === undefined ? undefined : rateOf([stated], moneyCurrency);
}

export interface LiabilityRates {
  /** As the program states them: money a point, and the share that will be redeemed. */
  readonly perPoint: string;
  readonly expectedRedemption: string;
  /** If all were redeemed. */
  readonly face: Rate;
  /** What is expected to be. */
  readonly expected: Rate;
}

export function liabilityRates(policies: ValuePolicies, currency: string): LiabilityRates {
  const stated = policies.pointValue.find((one) => one.currency === currency);
  const perPoint = stated?.money ?? DEFAULT_POINT_VALUE.money;
  const expectedRedemption = stated?.expectedRedemption ?? DEFAULT_POINT_VALUE.expectedRedemption;
  const { moneyCurrency } = policies;
  return {
    perPoint,
    expectedRedemption,
    face: rateOf([perPoint], moneyCurrency),
    expected: rateOf([perPoint, expectedRedemption], moneyCurrency),
  };
}

/** The product of decimals in major units, as minor units a point. */
function rateOf(factors: readonly string[], moneyCurrency: string): Rate {
  let amount = powerOfTen(currencyDecimals(moneyCurrency));
  let of = 1n;
  for (const factor of factors) {
    const { units, scale } = present(parseDecimal(factor), `${factor} as a decimal`);
    amount *= units;
    of *= powerOfTen(scale);
  }
  return { moneyCurrency, money: amount, points: of };
}

/** Minor units, rounded towards zero: a member is never told more than there is, and never owes more. */
export function worthOf(points: number, rate: Rate): bigint {
  const size = divideRounded(BigInt(Math.abs(points)) * rate.money, rate.points, 'floor');
  return points < 0 ? -size : size;
}

export interface Valued {
  readonly total: bigint;
  readonly parts: readonly bigint[];
}

/**
 * Minor units of the total, rounded half to even once, and of its parts such that they add up to it: each is rounded down,
 * and what is left goes a minor unit each to those that lost most, the earlier first.
 */
export function apportion(parts: readonly bigint[], rate: Rate): Valued {
  const sum = parts.reduce((total, part) => total + part, 0n);
  const total = divideRounded(sum * rate.money, rate.points, 'half-even');
  const exact = parts.map((part) => part * rate.money);
  const floors = exact.map((value) => divideRounded(value, rate.points, 'floor'));
  const lost = exact.map((value, index) => ({ index, by: value - (floors[index] ?? 0n) * rate.points }));
  lost.sort((a, b) => (a.by === b.by ? a.index - b.index : a.by > b.by ? -1 : 1));
  const left = total - floors.reduce((all, part) => all + part, 0n);
  const lifted = new Set(lost.slice(0, Number(left)).map(({ index }) => index));
  return { total, parts: floors.map((part, index) => (lifted.has(index) ? part + 1n : part)) };
}

/** Minor units in major ones, without the bounds of `Money`: a program's total may pass them. */
export function formatMinor(minor: bigint, currency: string): string {
  const decimals = currencyDecimals(currency);
  const sign = minor < 0n ? '-' : '';
  const digits = String(minor < 0n ? -minor : minor).padStart(decimals + 1, '0');
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
