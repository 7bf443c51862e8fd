// Generated from schema.json.
export type Count = number;

/**
 * Cases of a program: what is given, in the order in which it arrives, and what members must have earned by it. A file *.program-test.yaml
 */
export interface ProgramTest {
  /**
   * path from this file; when absent the file of the same name: spend.yaml for spend.program-test.yaml
   */
  program?: string;
  /**
   * @maxItems 500
   */
  cases: Case[];
}
export interface Case {
  /**
   * one sentence, or one in each language
   */
  name: string | CaseName;
  /**
   * the instant of what names none of its own, and the one by which available points are counted
   */
  at?: string;
  /**
   * what arrives, in this order; the runner also delivers it backwards, and all of it twice
   *
   * @maxItems 1000
   */
  given: Step[];
  /**
   * member → what it must have earned; other members are not looked at
   */
  expect: {
    [k: string]: Expectation;
  };
  /**
   * any (default): the totals must not depend on the order of arrival; as-given: they may, as with a budget that members share
   */
  arrival?: 'any' | 'as-given';
}
export interface CaseName {
  en: string;
  zh: string;
}
/**
 * One of order, activity, facts, tier and decision, of the member m-1 when none is named
 */
export interface Step {
  member?: string;
  order?: OrderOfAStep;
  activity?: ActivityOfAStep;
  /**
   * facts of the member, the whole new set
   */
  facts?: {
    [k: string]: unknown;
  };
  tier?: TierOfAStep;
  decision?: DecisionOfAStep;
}
/**
 * An order as the API takes it, with defaults: amount stands for one line; a later step with the same orderId is its next revision and changes only what it names
 */
export interface OrderOfAStep {
  amount?: string;
  /**
   * @maxItems 1000
   */
  lines?: {
    [k: string]: unknown;
  }[];
  [k: string]: unknown;
}
/**
 * An activity as the API takes it, with defaults for all but its type
 */
export interface ActivityOfAStep {
  type: string;
  [k: string]: unknown;
}
/**
 * a tier of the member since an instant
 */
export interface TierOfAStep {
  tier: string;
  since: string;
}
/**
 * somebody approves an award of a rule, up to so many points, or rejects it; of names the orderId of its order or the id of its activity
 */
export interface DecisionOfAStep {
  rule: string;
  of: string;
  approve?: Count;
  reject?: string;
}
/**
 * points: in all; available: what can be spent at the case’s instant; waiting: what waits for approval; rules: by rule, those that are not named must give nothing
 */
export interface Expectation {
  /**
   * by currency, or a number for a program of one currency; in smallest units. Currencies that are not named must be 0
   */
  points?: Count | Counts;
  /**
   * points that can be spent at the case's instant, as for points in all
   */
  available?: Count | Counts;
  /**
   * as for points in all
   */
  waiting?: Count | Counts;
  rules?: Counts;
}
export interface Counts {
  [k: string]: Count;
}
