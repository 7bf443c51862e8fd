// Generated from the contract.
/**
 * The standing of a member, whole: replaces every earlier one. Type tier.changed on jifen.tier.v1.
 */
export interface TierChanged {
  program: string;
  member: string;
  tier: string;
  since: string;
  previous?: string;
  /**
   * closed list: upgraded, downgraded; absent where the tier is the one that was told of before and only its past reads otherwise
   */
  change?: string;
  /**
   * closed list: earned, review, correction (what was known of the past changed), program (another ladder), manual. What made it the tier
   */
  reason?: string;
  /**
   * earned of the ladder's currency and not taken back, ever
   */
  lifetimePoints: number;
  /**
   * closed list: lifetime-points, points, spend, orders. Of spend every figure here is in whole units of the program's money, rounded down
   */
  basis?: string;
  /**
   * what counts by the ladder's basis, in its window
   */
  qualifying?: number;
  programVersion: number;
  /**
   * tiers from the first to the last, ascending; each holds for every instant after since, until after the next one
   *
   * @maxItems 1000
   */
  timeline: TierSince[];
}
export interface TierSince {
  tier: string;
  since: string;
}
