// Generated from schema.json.
/**
 * of the points, once, at the end; floor when absent
 */
export type Rounding = 'floor' | 'ceil' | 'half-up' | 'half-even';
export type Days = number;
/**
 * a period of the calendar in the zone of the program (weeks begin on Monday), all time, or a rolling number of days
 */
export type Period = ('day' | 'week' | 'month' | 'quarter' | 'year' | 'lifetime') | RollingDays;

/**
 * All rules, tiers and policies of a loyalty program; what is published becomes an immutable version
 */
export interface ProgramDocument {
  name: LocalText;
  /**
   * IANA time zone in which days, months, quarters and expiry are computed, e.g. Asia/Shanghai
   */
  timeZone: string;
  /**
   * ISO 4217 currency of the money amounts in rules that name none
   */
  moneyCurrency: string;
  /**
   * @maxItems 20
   */
  currencies: PointCurrency[];
  ladder?: Ladder;
  /**
   * in-force (default): what an earlier order turns out to mean for the tier is made good on later ones; as-known: the tier known when the order was first rated stays
   */
  tierPolicy?: 'in-force' | 'as-known';
  /**
   * @maxItems 500
   */
  rules: EarnRule[];
  /**
   * what points of a currency are worth and how they may be spent, one policy a currency; the first is meant where a request names no currency. Without any, points can be spent in any currency and have no money value
   *
   * @maxItems 20
   */
  redemption?: RedemptionPolicy[];
  holds?: HoldPolicy;
  transfers?: TransferPolicy;
  /**
   * of rules that say nothing: allow-debt when absent
   */
  clawback?: 'award-only' | 'within-balance' | 'allow-debt';
  expiryPolicy?: ExpiryPolicy;
  /**
   * for the liability report, one entry a currency; 0.01 and 0.8 when absent
   *
   * @maxItems 20
   */
  pointValue?: PointValue[];
  /**
   * @maxItems 50
   */
  limits?: SharedLimit[];
}
export interface LocalText {
  en: string;
  zh: string;
}
/**
 * A unit of points with its own precision
 */
export interface PointCurrency {
  code: string;
  name?: LocalText;
  /**
   * how many decimals a balance shows; points are stored in the smallest unit
   */
  decimals: number;
}
/**
 * Tiers from the lowest to the highest; the first one has threshold 0
 */
export interface Ladder {
  currency: string;
  /**
   * lifetime-points: everything ever earned and not taken back; spending does not lower it
   */
  basis: 'lifetime-points';
  /**
   * @maxItems 20
   */
  tiers: Tier[];
}
export interface Tier {
  code: string;
  name: LocalText;
  /**
   * reached when the qualifying points are at least this
   */
  threshold: number;
  /**
   * at least 1, e.g. 1.2
   */
  multiplier: string;
  badge?: Badge;
  /**
   * what the tier gives besides points, for other systems to act on and for members to read
   *
   * @maxItems 50
   */
  benefits?: Benefit[];
}
/**
 * how the tier is shown wherever the member is seen
 */
export interface Badge {
  /**
   * sRGB, e.g. #c0c0c0
   */
  colour: string;
  /**
   * reference to an image, as the showing system understands it
   */
  icon?: string;
}
export interface Benefit {
  /**
   * what other systems go by; of the tiers' benefits every higher one may repeat it with another value
   */
  code: string;
  name: LocalText;
  /**
   * how much of it, e.g. 2 or priority
   */
  value?: string;
}
export interface EarnRule {
  /**
   * part of every award of the rule: an id keeps its meaning for ever
   */
  id: string;
  name?: LocalText;
  /**
   * What the rule rates: orders that reached a state, or activities of a type
   */
  when: OrderTrigger | ActivityTrigger;
  earn: RateEarn | FixedEarn | MultiplierEarn | StreakEarn | TargetEarn;
  currency: string;
  /**
   * orders in another currency do not earn by this rule; the program’s when absent
   */
  moneyCurrency?: string;
  /**
   * at-once, or some days after the order or activity
   */
  availability?: 'at-once' | AvailableAfter;
  /**
   * never, or after days or months, counted from the order or activity in the time zone of the program
   */
  expiry?: 'never' | ExpiryAfterDays | ExpiryAfterMonths;
  /**
   * what is taken back when the points were spent already
   */
  clawback?: 'award-only' | 'within-balance' | 'allow-debt';
  /**
   * @maxItems 10
   */
  limits?: Limit[];
  winBack?: WinBack;
}
export interface OrderTrigger {
  /**
   * paid: paid, shipped or completed; completed: completed only
   */
  order: 'paid' | 'completed';
}
export interface ActivityTrigger {
  activity: string;
}
/**
 * Points per amount of the basis
 */
export interface RateEarn {
  form: 'rate';
  points: string;
  /**
   * money in major units, e.g. 1.00
   */
  per: string;
  /**
   * proportional (default): the share of an incomplete unit counts before rounding; per-full-unit: only whole units count
   */
  mode?: 'proportional' | 'per-full-unit';
  rounding?: Rounding;
  basis?: EarnBasis;
}
/**
 * Which part of an order earns; refunded parts and gift lines never do
 */
export interface EarnBasis {
  /**
   * include when absent
   */
  tax?: 'include' | 'exclude';
  /**
   * exclude when absent; included shipping is spread over the lines by what was paid for them
   */
  shipping?: 'include' | 'exclude';
  /**
   * after when absent: what was paid after line and order discounts
   */
  discount?: 'after' | 'before';
  /**
   * none: an order partly paid so earns nothing; net (default): the rest earns; gross: all of it earns
   */
  pointsPaid?: 'none' | 'net' | 'gross';
  /**
   * none: an order partly paid so earns nothing; net (default): the rest earns; gross: all of it earns
   */
  giftCardPaid?: 'none' | 'net' | 'gross';
  only?: LineFilter;
  except?: LineFilter;
}
/**
 * Lines that have any of these
 */
export interface LineFilter {
  /**
   * @maxItems 1000
   */
  skus?: string[];
  /**
   * @maxItems 1000
   */
  products?: string[];
  /**
   * @maxItems 1000
   */
  categories?: string[];
  /**
   * @maxItems 1000
   */
  tags?: string[];
}
export interface FixedEarn {
  form: 'fixed';
  /**
   * in the smallest unit of the currency
   */
  points: number;
  /**
   * one award per member for ever, by the first such activity; only for activities
   */
  once?: boolean;
}
export interface MultiplierEarn {
  form: 'multiplier';
  /**
   * @maxItems 100
   */
  of: string[];
  /**
   * tier, or a number of at least 1; what it adds is an award of its own
   */
  by: string;
  rounding?: Rounding;
}
/**
 * Points for the first activity of each day, and more on certain days of an unbroken run; a missed day begins the run anew
 */
export interface StreakEarn {
  form: 'streak';
  points: number;
  /**
   * @maxItems 50
   */
  bonuses?: StreakBonus[];
  /**
   * the day after this one counts as day 1 again
   */
  cycle?: number;
}
export interface StreakBonus {
  day: number;
  points: number;
}
/**
 * When a metric summed over a window passes a threshold: fixed points, or × on everything that the window earned
 */
export interface TargetEarn {
  form: 'target';
  window: ('week' | 'month' | 'quarter' | 'year' | 'lifetime') | FromEnrolment;
  /**
   * amount: money of the basis; points: what the rules in “of” gave; count: orders or activities; days: distinct days with one
   */
  metric: 'amount' | 'points' | 'count' | 'days';
  basis?: EarnBasis;
  /**
   * @maxItems 100
   */
  of?: string[];
  /**
   * at least this much (money in major units)
   */
  reach?: string;
  /**
   * strictly more than this (money in major units)
   */
  exceed?: string;
  /**
   * in the smallest unit of the currency
   */
  points?: number;
  /**
   * at least 1; what it adds is the award
   */
  by?: string;
  rounding?: Rounding;
}
/**
 * days from the first activity of a type: a challenge that members join
 */
export interface FromEnrolment {
  enrolment: string;
  days: number;
}
export interface AvailableAfter {
  after: {
    days: Days;
  };
}
export interface ExpiryAfterDays {
  days: Days;
}
export interface ExpiryAfterMonths {
  months: number;
  /**
   * the end of that month, quarter or year
   */
  endOf?: 'month' | 'quarter' | 'year';
}
/**
 * What a rule may award a member within a period; who comes first by the time it happened is served first
 */
export interface Limit {
  per: Period;
  /**
   * in the smallest unit of the currency
   */
  points?: number;
  /**
   * how many orders or activities may be awarded
   */
  count?: number;
}
/**
 * the last N × 24 hours up to the instant of the order or activity
 */
export interface RollingDays {
  days: number;
}
/**
 * only for an order or activity that ends a silence of the member
 */
export interface WinBack {
  /**
   * at least so many days since the order or activity before; a first one ends no silence
   */
  silentDays: number;
}
/**
 * Points for money at a fixed rate, in steps, within limits
 */
export interface RedemptionPolicy {
  currency: string;
  /**
   * this many points, in the smallest unit
   */
  points: number;
  /**
   * are worth this much money of the program, e.g. 100 points = 1.00
   */
  money: string;
  /**
   * orders are paid in multiples of this amount; the finest exact amount when absent
   */
  step?: string;
  /**
   * of an order that would be paid in full but for less than a step: pay (default): in money; cover: in points, the points rounded up
   */
  remainder?: 'pay' | 'cover';
  /**
   * of one redemption
   */
  minimumPoints?: number;
  /**
   * orders below it take no points
   */
  minimumOrder?: string;
  /**
   * of an order that points may pay, 0 to 1
   */
  maximumShare?: string;
  /**
   * that one redemption may pay of an order
   */
  maximumMoney?: string;
  /**
   * replace the maximum share and money for members of the tier
   *
   * @maxItems 20
   */
  tiers?: CapOfATier[];
}
export interface CapOfATier {
  tier: string;
  maximumShare?: string;
  maximumMoney?: string;
}
/**
 * How long points can be reserved
 */
export interface HoldPolicy {
  /**
   * of holds that ask for none; 900 when absent
   */
  defaultSeconds?: number;
  /**
   * 1 when absent
   */
  minimumSeconds?: number;
  /**
   * 604800 when absent
   */
  maximumSeconds?: number;
}
/**
 * Members may give points to each other, within limits; nobody may where it is absent
 */
export interface TransferPolicy {
  /**
   * @maxItems 20
   */
  currencies: string[];
  minimumPoints?: number;
  maximumPoints?: number;
  perDay?: TransferLimit;
  perMonth?: TransferLimit1;
}
/**
 * in the time zone of the program
 */
export interface TransferLimit {
  points?: number;
  count?: number;
}
/**
 * in the time zone of the program
 */
export interface TransferLimit1 {
  points?: number;
  count?: number;
}
export interface ExpiryPolicy {
  /**
   * days for which points that expired while they were spent can be used once they are given back; without it they lapse
   */
  reinstatementGraceDays?: number;
}
export interface PointValue {
  currency: string;
  /**
   * in the money of the program; 0.01 when absent
   */
  money?: string;
  /**
   * 0 to 1; 0.8 when absent
   */
  expectedRedemption?: string;
}
/**
 * A limit that several rules share: of a behaviour, or of all that a member may earn
 */
export interface SharedLimit {
  /**
   * keeps its meaning for ever, as ids of rules do
   */
  id: string;
  currency: string;
  /**
   * every rule of the currency when absent
   *
   * @maxItems 500
   */
  rules?: string[];
  per: Period;
  /**
   * in the smallest unit of the currency
   */
  points?: number;
  /**
   * how many orders or activities may be awarded
   */
  count?: number;
}
