// Generated from the contract.
/**
 * A review left the member's tier as it is. Once for each review; what becomes known of a past review later shows in tier.changed. Type tier.kept on jifen.tier.v1.
 */
export interface TierKept {
  program: string;
  member: string;
  tier: string;
  /**
   * the instant of the review; the tier is kept from it on
   */
  reviewedAt: string;
  /**
   * closed list: lifetime-points, points, spend, orders. Of spend every figure here is in whole units of the program's money, rounded down
   */
  basis: string;
  /**
   * what counted in the reviewed window
   */
  qualifying: number;
  /**
   * what had to be reached to keep the tier
   */
  keep: number;
  /**
   * when the tier is reviewed next
   */
  nextReviewAt?: string;
  programVersion: number;
}
