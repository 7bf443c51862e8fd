import type { ProgramDocument, RedemptionPolicy } from '@jifen/contracts';
import {
  accept,
  divideRounded,
  money,
  parseDecimal,
  parseMoney,
  pointsFromBigInt,
  powerOfTen,
  present,
  refuse,
  ZERO,
  type Money,
  type Outcome,
  type Points,
} from '@jifen/kernel';

/** How much of an order points may pay; money in minor units of the program's currency. */
interface Cap {
  /** As a fraction. */
  readonly share: { readonly of: bigint; readonly in: bigint } | undefined;
  readonly money: Money | undefined;
}

/** One currency's redemption policy, in exact numbers. */
export interface RedemptionRule {
  readonly currency: string;
  readonly moneyCurrency: string;
  /** `ratePoints` are worth `rateMoney`. */
  readonly ratePoints: bigint;
  readonly rateMoney: bigint;
  /** The fewest points that are worth a whole number of minor units, and what they are worth. */
  readonly unitPoints: bigint;
  readonly unitMoney: bigint;
  /** A multiple of `unitMoney`. */
  readonly step: bigint;
  readonly cover: boolean;
  readonly minimumPoints: Points;
  readonly minimumOrder: Money;
  readonly cap: Cap;
  readonly tiers: ReadonlyMap<string, Cap>;
}

export type RedemptionPart = Pick<ProgramDocument, 'moneyCurrency' | 'redemption'>;

/** The rules of a document that was validated; `step` is the one that its validation held to the rate. */
export const redemptionRules = (document: RedemptionPart): readonly RedemptionRule[] =>
  (document.redemption ?? []).map((policy) => redemptionRule(policy, document.moneyCurrency));

function redemptionRule(policy: RedemptionPolicy, moneyCurrency: string): RedemptionRule {
  const amount = (text: string): Money => {
    const parsed = parseMoney(text, moneyCurrency);
    return present(parsed.ok ? parsed.value : undefined, `${text} as ${moneyCurrency}`);
  };
  const capOf = ({ maximumShare, maximumMoney }: Pick<RedemptionPolicy, 'maximumShare' | 'maximumMoney'>): Cap => ({
    share: maximumShare === undefined ? undefined : fraction(maximumShare),
    money: maximumMoney === undefined ? undefined : amount(maximumMoney),
  });
  const ratePoints = BigInt(policy.points);
  const rateMoney = BigInt(amount(policy.money));
  const common = greatestCommonDivisor(ratePoints, rateMoney);
  const unitMoney = rateMoney / common;
  return {
    currency: policy.currency,
    moneyCurrency,
    ratePoints,
    rateMoney,
    unitPoints: ratePoints / common,
    unitMoney,
    step: policy.step === undefined ? unitMoney : BigInt(amount(policy.step)),
    cover: policy.remainder === 'cover',
    minimumPoints: pointsFromBigInt(BigInt(policy.minimumPoints ?? 0)),
    minimumOrder: policy.minimumOrder === undefined ? money(0) : amount(policy.minimumOrder),
    cap: capOf(policy),
    tiers: new Map((policy.tiers ?? []).map((tier) => [tier.tier, capOf(tier)])),
  };
}

/** What a redemption comes to. `money` + `stays` is the order, to the last minor unit. */
export interface RedemptionValue {
  readonly points: Points;
  readonly money: Money;
  /** Of the order, to be paid otherwise; absent without an order. */
  readonly stays?: Money;
}

export interface OrderToPay {
  readonly order: Money;
  readonly tier: string | undefined;
}

/** Why a quote is not the whole order. */
export type QuoteLimit = 'none' | 'minimum-order' | 'minimum-points' | 'maximum' | 'balance' | 'step';

export interface RedemptionQuote extends Required<RedemptionValue> {
  readonly limitedBy: QuoteLimit;
}

/** The most that points may and can pay of an order. */
export function quoteRedemption(rule: RedemptionRule, { order, tier }: OrderToPay, available: Points): RedemptionQuote {
  const none = (limitedBy: QuoteLimit): RedemptionQuote => ({ points: ZERO, money: money(0), stays: order, limitedBy });
  if (order < rule.minimumOrder) return none('minimum-order');
  const most = mostOf(rule, { order, tier });
  const whole = pointsToCover(rule, BigInt(order));
  if (rule.cover && most >= BigInt(order) && whole <= BigInt(available) && whole >= BigInt(rule.minimumPoints)) {
    return { points: pointsFromBigInt(whole), money: order, stays: money(0), limitedBy: 'none' };
  }
  const affordable = (BigInt(available) / rule.unitPoints) * rule.unitMoney;
  const bound = most < affordable ? most : affordable;
  const taken = bound - (bound % rule.step);
  const points = (taken * rule.ratePoints) / rule.rateMoney;
  if (points < BigInt(rule.minimumPoints)) return none('minimum-points');
  const stays = BigInt(order) - taken;
  const limitedBy = stays === 0n ? 'none' : affordable < most ? 'balance' : most < BigInt(order) ? 'maximum' : 'step';
  return { points: pointsFromBigInt(points), money: money(Number(taken)), stays: money(Number(stays)), limitedBy };
}

export type RedemptionRefusal =
  | { readonly reason: 'minimum-points'; readonly minimum: Points }
  | { readonly reason: 'minimum-order'; readonly minimum: Money }
  | { readonly reason: 'maximum'; readonly points: Points; readonly money: Money }
  | { readonly reason: 'step'; readonly points: Points };

/**
 * What these points are worth, if the program lets them be spent so. Multiplies by the rate and divides exactly: points
 * that are worth a fraction of a minor unit are refused, never rounded.
 */
export function valueRedemption(
  rule: RedemptionRule,
  points: Points,
  to: OrderToPay | undefined,
): Outcome<RedemptionValue, RedemptionRefusal> {
  if (points < rule.minimumPoints) return refuse({ reason: 'minimum-points', minimum: rule.minimumPoints });
  const asked = BigInt(points);
  if (to === undefined) {
    if (asked % rule.unitPoints !== 0n) return refuse({ reason: 'step', points: pointsFromBigInt(rule.unitPoints) });
    return accept({ points, money: money(Number((asked * rule.rateMoney) / rule.ratePoints)) });
  }
  const { order } = to;
  if (order < rule.minimumOrder) return refuse({ reason: 'minimum-order', minimum: rule.minimumOrder });
  const most = mostOf(rule, to);
  if (rule.cover && most >= BigInt(order) && asked === pointsToCover(rule, BigInt(order))) {
    return accept({ points, money: order, stays: money(0) });
  }
  const stepPoints = (rule.step * rule.ratePoints) / rule.rateMoney;
  if (asked % stepPoints !== 0n) return refuse({ reason: 'step', points: pointsFromBigInt(stepPoints) });
  const value = (asked * rule.rateMoney) / rule.ratePoints;
  if (value > most) {
    const down = most - (most % rule.step);
    const fewer = pointsFromBigInt((down * rule.ratePoints) / rule.rateMoney);
    return refuse({ reason: 'maximum', points: fewer, money: money(Number(down)) });
  }
  return accept({ points, money: money(Number(value)), stays: money(Number(BigInt(order) - value)) });
}

/** What points given back are worth, rounded down: of a part that is no whole number of minor units. */
export const moneyOf = (rule: RedemptionRule, points: Points): Money =>
  money(Number(divideRounded(BigInt(points) * rule.rateMoney, rule.ratePoints, 'floor')));

function mostOf(rule: RedemptionRule, { order, tier }: OrderToPay): bigint {
  const { share, money: most } = (tier === undefined ? undefined : rule.tiers.get(tier)) ?? rule.cap;
  const whole = BigInt(order);
  const shared = share === undefined ? whole : (whole * share.of) / share.in;
  return most !== undefined && BigInt(most) < shared ? BigInt(most) : shared;
}

const pointsToCover = (rule: RedemptionRule, amount: bigint): bigint =>
  divideRounded(amount * rule.ratePoints, rule.rateMoney, 'ceil');

function fraction(text: string): { readonly of: bigint; readonly in: bigint } {
  const decimal = present(parseDecimal(text), `${text} as a share`);
  return { of: decimal.units, in: powerOfTen(decimal.scale) };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b];
  while (smaller > 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
