// Generated from schema.json.
/**
 * What a cause is worth under the program version in force when it happened: one for every activity, also when it awards nothing. It names every award of the cause; one that is no longer due has target 0. Type rating.made on jifen.rating.v1.
 */
export interface RatingMade {
  program: string;
  member: string;
  cause: Cause;
  origin: Origin;
  /**
   * 0 when no program was in force
   */
  programVersion: number;
  /**
   * when it happened, by the cause
   */
  occurredAt: string;
  tier?: string;
  /**
   * @maxItems 1000
   */
  awards: Award[];
  /**
   * what the rating used, enough to run it again
   */
  inputs?: {
    [k: string]: unknown;
  };
  /**
   * SHA-256 (base64url) of the explanation; running it again gives the same bytes
   */
  trace?: string;
  /**
   * what other systems are to do for the member beside the points; each names what it should be now, 0 when it is withdrawn
   *
   * @maxItems 5000
   */
  effects?: RatedEffect[];
}
export interface Cause {
  source: string;
  id: string;
  revision: number;
}
/**
 * position in the activity log
 */
export interface Origin {
  partition: number;
  position: number;
}
export interface Award {
  currency: string;
  awardId: string;
  revision: number;
  /**
   * what the award should total now
   */
  target: number;
  /**
   * before caps; present when it differs from target
   */
  wished?: number;
  ruleId: string;
  ruleVersion: number;
  availableAt: string;
  expiresAt?: string;
  clawback?: 'award-only' | 'within-balance' | 'allow-debt';
  /**
   * with allow-debt: the debt of the account beyond which the rest is forgiven
   */
  debtLimit?: number;
  approval?: Approval;
}
/**
 * present where somebody approves the points of the rule: the target is the less of due and approved
 */
export interface Approval {
  /**
   * waiting: more is due than was approved; withdrawn: nothing is due and nobody decided
   */
  state: 'waiting' | 'approved' | 'rejected' | 'withdrawn';
  /**
   * what the award would total if all of it were approved
   */
  due: number;
  /**
   * up to how many points were approved
   */
  approved: number;
  decision?: Decision;
}
/**
 * the last one; after a rejection nothing waits any more
 */
export interface Decision {
  verdict: 'approve' | 'reject';
  actor: string;
  reason?: string;
  at: string;
}
export interface RatedEffect {
  /**
   * the same however often the cause is rated
   */
  effectId: string;
  /**
   * e.g. coupon
   */
  kind: string;
  /**
   * what is given, in the words of the other system
   */
  ref: string;
  revision: number;
  /**
   * how many should have been given by now; a higher revision replaces a lower one
   */
  target: number;
  ruleId: string;
  ruleVersion: number;
}
