// Generated from schema.json.
/**
 * A member came near the next tier: at most as many points are missing as the program's ladder says. Once for each tier until it is reached. Type tier.near-upgrade on jifen.tier.v1.
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
  missing: number;
  programVersion: number;
}
