// Generated from the contract.
/**
 * A review is near and, as things stand, the member will fall to a lower tier. Once for each review. Type tier.will-downgrade on jifen.tier.v1.
 */
export interface TierWillDowngrade {
  program: string;
  member: string;
  tier: string;
  /**
   * code of the tier that the member would fall to
   */
  to: string;
  /**
   * the instant that the lower tier would hold from: the review, or the end of its grace; what is missing may be earned until then
   */
  at: string;
  /**
   * closed list: lifetime-points, points, spend, orders. Of spend every figure here is in whole units of the program's money, rounded down
   */
  basis: string;
  /**
   * what counts towards keeping the tier so far
   */
  qualifying: number;
  /**
   * what has to be reached to keep the tier
   */
  keep: number;
  /**
   * keep less qualifying
   */
  missing: number;
  programVersion: number;
}
