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
 * every value counts for itself: store, channel or source of the order or activity, or else an attribute of the order or a field of the activity’s data, e.g. session or device; what has none, or one of more than 128 characters, counts together
 */
export type Each = string;
/**
 * what the points are worth, in the money of the program and by its pointValue; in place of points
 */
export type Worth = string;
/**
 * a period of the calendar in the zone of the program (weeks begin on Monday), all time, or the schedule of the rule from its begin to its end
 */
export type BudgetPeriod = 'day' | 'week' | 'month' | 'quarter' | 'year' | 'lifetime' | 'schedule';

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
  /**
   * one entry a currency: the debt that points taken back may leave at most, where clawback is allow-debt; no limit when absent
   *
   * @maxItems 20
   */
  debtLimits?: DebtLimit[];
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
  /**
   * each for several rules or all of a currency, over all members together
   *
   * @maxItems 20
   */
  budgets?: SharedBudget[];
  /**
   * that schedules name
   *
   * @maxItems 20
   */
  holidays?: HolidayList[];
  /**
   * that audiences name
   *
   * @maxItems 50
   */
  experiments?: Experiment[];
  /**
   * that rules name
   *
   * @maxItems 100
   */
  groups?: StackingGroup[];
  exchange?: ExchangeRates;
  referral?: Referral;
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
  /**
   * points of it count where the basis is points
   */
  currency: string;
  /**
   * lifetime-points: everything ever earned and not taken back; points: the same in a window; spend: what was paid with money for orders and kept, in the program's money; orders: orders of which something was. Spending points lowers none of it
   */
  basis: 'lifetime-points' | 'points' | 'spend' | 'orders';
  window?: QualificationWindow;
  review?: Review;
  /**
   * @maxItems 20
   */
  tiers: Tier[];
  /**
   * a member is told once when at most so much is missing to the next tier; nobody is told when absent
   */
  nearUpgrade?: number;
}
/**
 * one of per, a period of the calendar, months, that day and those before it back to the day after the same date so many months earlier, and since, from when the tier was last reached, kept or lost; all that ever was when absent
 */
export interface QualificationWindow {
  per?: 'month' | 'quarter' | 'half' | 'year';
  /**
   * a rolling window of so many months
   */
  months?: number;
  /**
   * change: from when the tier was last reached, kept or lost
   */
  since?: 'change';
}
/**
 * when a tier is looked at again, which is the only time that it can fall; tiers never fall when absent
 */
export interface Review {
  /**
   * calendar: at the start of a calendar period; anniversary: of joining; tier-start: so long after the tier was reached or last kept; rolling: on the first day before which a window of months no longer held what keeps the tier. A calendar window is reviewed at its end
   */
  clock: 'calendar' | 'anniversary' | 'tier-start' | 'rolling';
  /**
   * how often; of a calendar 1, 3, 6 or 12. That of the calendar window, else 12, when absent; a rolling one has none
   */
  months?: number;
  /**
   * of a tier that is not kept: one-step (default), or to-fit, the highest lower one that what counts would keep
   */
  fall?: 'one-step' | 'to-fit';
  /**
   * after the review, in which what is missing may still be earned; 0 when absent
   */
  graceDays?: number;
  /**
   * before the review, from which on a member is told what is missing; when absent only a grace is told of
   */
  noticeDays?: number;
}
export interface Tier {
  code: string;
  name: LocalText;
  /**
   * reached when what counts is at least this: points, orders, or whole units of money
   */
  threshold: number;
  /**
   * what a review asks for to keep the tier, at most the threshold, which it is when absent
   */
  keep?: number;
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
  earn: RateEarn | SteppedRateEarn | FixedEarn | MultiplierEarn | StreakEarn | TargetEarn | NoPoints;
  currency: string;
  /**
   * of the rule’s amounts, the program’s when absent; otherCurrency says what becomes of orders in another one
   */
  moneyCurrency?: string;
  /**
   * at-once, at-completion of the order, on-approval by somebody, or some time after the order or activity
   */
  availability?: 'at-once' | 'at-completion' | 'on-approval' | AvailableAfter;
  /**
   * never, after days or months counted from the order or activity in the time zone of the program, or on a date
   */
  expiry?: 'never' | ExpiryAfterDays | ExpiryAfterMonths | ExpiryOnADate;
  /**
   * what is taken back when the points were spent already
   */
  clawback?: 'award-only' | 'within-balance' | 'allow-debt';
  /**
   * @maxItems 10
   */
  limits?: Limit[];
  /**
   * of the rule over all members together; each window has its own
   *
   * @maxItems 5
   */
  budgets?: Budget[];
  winBack?: WinBack;
  /**
   * refuse (default): they earn nothing by this rule; convert: by the exchange rates of the program
   */
  otherCurrency?: 'refuse' | 'convert';
  if?: Condition;
  /**
   * beside the points, whenever the rule pays
   *
   * @maxItems 10
   */
  effects?: Effect[];
  schedule?: Schedule;
  audience?: Audience;
  stacking?: Stacking;
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
  /**
   * rate
   */
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
  /**
   * for activities: key of the data that holds the amount, instead of the basis of an order; data.currency is its currency
   */
  data?: string;
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
  where?: LineTest;
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
/**
 * every part that is given must hold
 */
export interface LineTest {
  /**
   * one of these
   *
   * @maxItems 1000
   */
  skus?: string[];
  /**
   * one of these
   *
   * @maxItems 1000
   */
  products?: string[];
  /**
   * one of these
   *
   * @maxItems 1000
   */
  categories?: string[];
  /**
   * one of these
   *
   * @maxItems 1000
   */
  tags?: string[];
  /**
   * key of a member fact that lists categories
   */
  categoriesFrom?: string;
  quantity?: NumberTest;
  amount?: MoneyTest;
}
/**
 * every bound that is given must hold
 */
export interface NumberTest {
  /**
   * a number
   */
  is?: number;
  /**
   * a number
   */
  atLeast?: number;
  /**
   * a number
   */
  moreThan?: number;
  /**
   * a number
   */
  atMost?: number;
  /**
   * a number
   */
  lessThan?: number;
}
/**
 * every bound that is given must hold
 */
export interface MoneyTest {
  /**
   * money in major units, e.g. 500.00
   */
  is?: string;
  /**
   * money in major units, e.g. 500.00
   */
  atLeast?: string;
  /**
   * money in major units, e.g. 500.00
   */
  moreThan?: string;
  /**
   * money in major units, e.g. 500.00
   */
  atMost?: string;
  /**
   * money in major units, e.g. 500.00
   */
  lessThan?: string;
}
/**
 * points per amount that grow with the amount (E03)
 */
export interface SteppedRateEarn {
  /**
   * stepped
   */
  form: 'stepped';
  /**
   * money in major units, e.g. 1.00
   */
  per: string;
  /**
   * marginal: each part of the amount by its own step; whole: all of it by the step that it reaches
   */
  apply: 'marginal' | 'whole';
  /**
   * from the lowest, which starts at 0
   *
   * @maxItems 50
   */
  steps: Step[];
  /**
   * proportional (default): the share of an incomplete unit counts before rounding; per-full-unit: only whole units count
   */
  mode?: 'proportional' | 'per-full-unit';
  rounding?: Rounding;
  basis?: EarnBasis;
  /**
   * for activities: key of the data that holds the amount, instead of the basis of an order; data.currency is its currency
   */
  data?: string;
}
/**
 * holds from an amount on
 */
export interface Step {
  /**
   * money in major units, e.g. 500.00
   */
  from: string;
  points: string;
}
export interface FixedEarn {
  /**
   * fixed
   */
  form: 'fixed';
  /**
   * in the smallest unit of the currency
   */
  points: number;
  /**
   * one award per member for ever, by the first such activity; only for activities
   */
  once?: boolean;
  times?: Times;
}
/**
 * the points are given so many times
 */
export interface Times {
  /**
   * key of the data that holds a whole number
   */
  data?: string;
  lines?: LineTest;
  /**
   * as many times at most
   */
  max?: number;
}
export interface MultiplierEarn {
  /**
   * multiplier
   */
  form: 'multiplier';
  /**
   * @maxItems 100
   */
  of: string[];
  /**
   * tier, or a number of at least 1; what it adds is an award of its own
   */
  by?: string;
  rounding?: Rounding;
  /**
   * a factor for each tier that has one, instead of by
   */
  byTier?: {
    [k: string]: string;
  };
  /**
   * add (default): each multiplier on the points of the rules alone; multiply: also on what multipliers before it in the list gave on the same rules
   */
  combine?: 'add' | 'multiply';
}
/**
 * Points for the first activity of each day, and more on certain days of an unbroken run; a missed day begins the run anew
 */
export interface StreakEarn {
  /**
   * streak
   */
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
  /**
   * target
   */
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
/**
 * only the effects of the rule
 */
export interface NoPoints {
  /**
   * none
   */
  form: 'none';
}
export interface AvailableAfter {
  after: AvailableAfter1;
}
/**
 * one of days, weeks and months
 */
export interface AvailableAfter1 {
  days?: Days;
  /**
   * counted on the wall clock
   */
  weeks?: number;
  /**
   * counted on the wall clock
   */
  months?: number;
  /**
   * the start of the next day, week (Monday) or month
   */
  roundUpTo?: 'day' | 'week' | 'month';
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
 * the last date that the points can be used
 */
export interface ExpiryOnADate {
  /**
   * YYYY-MM-DD
   */
  on: string;
}
/**
 * What a rule may award a member within a period; who comes first by the time it happened is served first
 */
export interface Limit {
  per: Period;
  each?: Each;
  worth?: Worth;
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
 * What a rule may award to all members together within a window; who is rated first is served first, and what is taken back can be spent again
 */
export interface Budget {
  per: BudgetPeriod;
  each?: Each;
  worth?: Worth;
  /**
   * in the smallest unit of the currency; one of points, worth and share
   */
  points?: number;
  /**
   * what the points may cost of the revenue rated in the window, e.g. 0.03; the value of a point is that of pointValue
   */
  share?: string;
  /**
   * an award that does not fit is refused as a whole; by default it gets what is left
   */
  whole?: boolean;
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
 * everything that is given must hold
 */
export interface Condition {
  /**
   * every one of these holds
   *
   * @maxItems 32
   */
  all?: Condition[];
  /**
   * at least one of these holds
   *
   * @maxItems 32
   */
  any?: Condition[];
  not?: Condition;
  activity?: ActivityTest;
  order?: OrderTest;
  lines?: LinesTest;
  member?: MemberTest;
  /**
   * an expression of the Common Expression Language that is true or false; its variables and functions are in docs/rules.md
   */
  cel?: string;
}
/**
 * every part that is given must hold
 */
export interface ActivityTest {
  source?: TextTest;
  /**
   * by key
   */
  data?: {
    [k: string]: ValueTest;
  };
}
/**
 * every part that is given must hold; what is missing is none of anything
 */
export interface TextTest {
  /**
   * exactly this text
   */
  is?: string;
  /**
   * any other text, or none
   */
  isNot?: string;
  /**
   * one of these texts
   *
   * @maxItems 1000
   */
  in?: string[];
  /**
   * none of these texts, or none at all
   *
   * @maxItems 1000
   */
  notIn?: string[];
  /**
   * begins with this text
   */
  startsWith?: string;
  /**
   * true: there is a value; false: there is none
   */
  exists?: boolean;
}
/**
 * every part that is given must hold; what is missing is none of anything
 */
export interface ValueTest {
  /**
   * exactly this value
   */
  is?: string | number | boolean;
  /**
   * any other value, or none
   */
  isNot?: string | number | boolean;
  /**
   * one of these values
   *
   * @maxItems 1000
   */
  in?: (string | number | boolean)[];
  /**
   * none of these values, or none at all
   *
   * @maxItems 1000
   */
  notIn?: (string | number | boolean)[];
  /**
   * a number, or a text that is compared as a text, e.g. a date
   */
  atLeast?: number | string;
  /**
   * a number, or a text that is compared as a text, e.g. a date
   */
  moreThan?: number | string;
  /**
   * a number, or a text that is compared as a text, e.g. a date
   */
  atMost?: number | string;
  /**
   * a number, or a text that is compared as a text, e.g. a date
   */
  lessThan?: number | string;
  /**
   * begins with this text
   */
  startsWith?: string;
  /**
   * a list that has this text
   */
  contains?: string;
  /**
   * true: there is a value; false: there is none
   */
  exists?: boolean;
}
/**
 * every part that is given must hold
 */
export interface OrderTest {
  amount?: OrderAmount;
  quantity?: NumberTest;
  source?: TextTest;
  channel?: TextTest;
  store?: TextTest;
  status?: TextTest;
  paid?: PaidWith;
  /**
   * by key
   */
  attributes?: {
    [k: string]: ValueTest;
  };
}
/**
 * what the basis comes to, less refunds
 */
export interface OrderAmount {
  basis?: EarnBasis;
  /**
   * money in major units, e.g. 500.00
   */
  is?: string;
  /**
   * money in major units, e.g. 500.00
   */
  atLeast?: string;
  /**
   * money in major units, e.g. 500.00
   */
  moreThan?: string;
  /**
   * money in major units, e.g. 500.00
   */
  atMost?: string;
  /**
   * money in major units, e.g. 500.00
   */
  lessThan?: string;
}
/**
 * amounts by kind of payment
 */
export interface PaidWith {
  cash?: MoneyTest;
  points?: MoneyTest;
  giftCard?: MoneyTest;
  storeCredit?: MoneyTest;
}
/**
 * about the lines that pass where; without a bound there must be at least one. Gifts and lines that were given back do not count
 */
export interface LinesTest {
  where?: LineTest;
  /**
   * any (default): some line passes; all: every line does
   */
  match?: 'any' | 'all';
  count?: NumberTest;
  quantity?: NumberTest;
  amount?: MoneyTest;
}
/**
 * what was known of the member at the instant of the order or activity; every part that is given must hold
 */
export interface MemberTest {
  /**
   * by key
   */
  facts?: {
    [k: string]: ValueTest;
  };
  tags?: ListTest;
  segments?: ListTest;
  tier?: TextTest;
  benefits?: ListTest;
  birthday?: Birthday;
  anniversary?: Anniversary;
}
/**
 * every part that is given must hold
 */
export interface ListTest {
  /**
   * has at least one of these
   *
   * @maxItems 100
   */
  any?: string[];
  /**
   * has all of these
   *
   * @maxItems 100
   */
  all?: string[];
  /**
   * has none of these
   *
   * @maxItems 100
   */
  none?: string[];
}
/**
 * the fact is a date (YYYY-MM-DD or MM-DD) in the program’s zone; 29 February counts as the 28th in other years
 */
export interface Birthday {
  /**
   * key of the fact; birthday when absent
   */
  fact?: string;
  /**
   * day: on the day itself; month: in its month
   */
  in: 'day' | 'month';
}
/**
 * of a date that is a fact, in the program’s zone, from the first year on
 */
export interface Anniversary {
  /**
   * key of the fact; joinedAt when absent
   */
  fact?: string;
  /**
   * day: on the day itself; month: in its month
   */
  in: 'day' | 'month';
  years?: NumberTest;
}
/**
 * something that another system does for the member, e.g. grants a coupon; withdrawn when the rule no longer holds
 */
export interface Effect {
  /**
   * e.g. coupon
   */
  kind: string;
  /**
   * what is given, in the words of the other system
   */
  ref: string;
  /**
   * 1 when absent
   */
  quantity?: number;
}
/**
 * by the instant of the order or activity. Days that are named in any way count; dates and hours must both fit
 */
export interface Schedule {
  /**
   * the first date (YYYY-MM-DD), or an instant
   */
  from?: string;
  /**
   * the last date, itself included, or the first instant after
   */
  to?: string;
  /**
   * days of the week
   *
   * @maxItems 7
   */
  weekdays?: ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[];
  /**
   * 1 to 31; -1 is the last day
   *
   * @maxItems 31
   */
  daysOfMonth?: number[];
  /**
   * YYYY-MM-DD, or MM-DD for every year
   *
   * @maxItems 400
   */
  dates?: string[];
  /**
   * ids of the program’s holiday lists
   *
   * @maxItems 20
   */
  holidays?: string[];
  /**
   * any of these
   *
   * @maxItems 24
   */
  hours?: Hours[];
  /**
   * the program’s when absent
   */
  timeZone?: string;
}
/**
 * on the wall clock; the end is not included, and may be on the next day
 */
export interface Hours {
  /**
   * HH:MM
   */
  from: string;
  /**
   * HH:MM
   */
  to: string;
}
/**
 * every part that is given must hold
 */
export interface Audience {
  member?: MemberTest;
  share?: ShareOfMembers;
  experiment?: ExperimentArm;
}
/**
 * a stable part of all members: who is among 10 % is among 20 %
 */
export interface ShareOfMembers {
  /**
   * whole percent
   */
  from?: number;
  /**
   * whole percent
   */
  to: number;
  /**
   * another text deals the members anew; the same text gives the same members in every rule
   */
  salt?: string;
}
/**
 * members of one arm of an experiment of the program
 */
export interface ExperimentArm {
  /**
   * its id
   */
  id: string;
  /**
   * its id
   */
  arm: string;
}
/**
 * how the rule combines with others; without it, it stacks
 */
export interface Stacking {
  /**
   * id of a group of the program
   */
  group?: string;
  /**
   * when the rule pays, rules after it in the list do not
   */
  stop?: boolean;
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
export interface DebtLimit {
  currency: string;
  /**
   * of the account; what is beyond it is forgiven
   */
  points: number;
  /**
   * of the tier that the member had at the order or activity
   *
   * @maxItems 20
   */
  tiers?: DebtLimitOfATier[];
}
export interface DebtLimitOfATier {
  tier: string;
  points: number;
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
  each?: Each;
  worth?: Worth;
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
 * A budget that several rules share
 */
export interface SharedBudget {
  /**
   * keeps its meaning for ever, as ids of rules do
   */
  id: string;
  name?: LocalText;
  currency: string;
  /**
   * every rule of the currency when absent
   *
   * @maxItems 500
   */
  rules?: string[];
  per: BudgetPeriod;
  each?: Each;
  worth?: Worth;
  /**
   * in the smallest unit of the currency; one of points, worth and share
   */
  points?: number;
  /**
   * what the points may cost of the revenue rated in the window, e.g. 0.03; the value of a point is that of pointValue
   */
  share?: string;
  /**
   * an award that does not fit is refused as a whole; by default it gets what is left
   */
  whole?: boolean;
}
/**
 * dates that schedules name together
 */
export interface HolidayList {
  /**
   * as schedules name it
   */
  id: string;
  /**
   * YYYY-MM-DD, or MM-DD for every year
   *
   * @maxItems 1000
   */
  dates: string[];
}
/**
 * deals all members to its arms, each for good
 */
export interface Experiment {
  /**
   * an id keeps its members for ever
   */
  id: string;
  /**
   * their shares add up to 100
   *
   * @maxItems 20
   */
  arms: Arm[];
}
/**
 * a share of the members
 */
export interface Arm {
  /**
   * as rules name it
   */
  id: string;
  /**
   * whole percent
   */
  percent: number;
}
/**
 * how rules combine on one order or activity: stack: all pay; best: the one that pays most; first: the first that pays; exclusive: all of them, and nothing outside the group. Multipliers are combined apart from other rules
 */
export interface StackingGroup {
  /**
   * as rules name it
   */
  id: string;
  /**
   * how what is in the group combines
   */
  mode: 'stack' | 'best' | 'first' | 'exclusive';
  /**
   * id of the group that this one is in
   */
  in?: string;
}
/**
 * for rules that convert orders in other currencies
 */
export interface ExchangeRates {
  rounding?: Rounding;
  /**
   * in any order
   *
   * @maxItems 2000
   */
  rates: ExchangeRate[];
}
/**
 * holds from a date on until the next
 */
export interface ExchangeRate {
  /**
   * ISO 4217
   */
  from: string;
  /**
   * ISO 4217
   */
  to: string;
  /**
   * the first date that it holds
   */
  on: string;
  /**
   * major units of "to" for one of "from", e.g. 7.1234
   */
  rate: string;
}
/**
 * When a member who was referred qualifies: then the activity referral.qualified happens to the referrer, and referral.accepted to the referee, for rules to pay
 */
export interface Referral {
  /**
   * one of these is enough
   *
   * @maxItems 10
   *
   * Items: An order or an activity of the referee
   */
  qualifyBy: (QualifyingOrder | ActivityTrigger)[];
  /**
   * days from the registration; without end when absent
   */
  withinDays?: number;
  /**
   * whoever had bought before the registration is no new customer, and nobody earns for referring them
   */
  newCustomersOnly?: boolean;
}
/**
 * an order of the referee, by what was paid for it in money and kept
 */
export interface QualifyingOrder {
  /**
   * paid: paid, shipped or completed; completed: completed only
   */
  order: 'paid' | 'completed';
  /**
   * money in major units, after discounts and refunds, without shipping and what points or gift cards paid; any amount above 0 when absent
   */
  minAmount?: string;
}
