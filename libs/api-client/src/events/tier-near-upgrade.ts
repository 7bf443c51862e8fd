// Generated from the contract.
/**
 * A member came near the next tier: at most as much is missing as the program's ladder says. Once for each tier until it is reached. Type tier.near-upgrade on jifen.tier.v1.
 */
export interface TierNearUpgrade {
  program: string;
  member: string;
  tier: string;
  /**
   * code of the tier that is near
   */
  next: string;
  threshold: number;
  lifetimePoints: number;
  /**
   * closed list: lifetime-points, points, spend, orders. Of spend every figure here is in whole units of the program's money, rounded down
   */
  basis?: string;
  /**
   * what counts by the ladder's basis, in its window
   */
  qualifying?: number;
  missing: number;
  programVersion: number;
}
