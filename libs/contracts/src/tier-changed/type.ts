// Generated from schema.json.
/**
 * The standing of a member, whole: replaces every earlier one. Type tier.changed on jifen.tier.v1.
 */
export interface TierChanged {
  program: string;
  member: string;
  tier: string;
  since: string;
  previous?: string;
  lifetimePoints: number;
  programVersion: number;
  /**
   * tiers from the first to the last, ascending; each holds from since (inclusive) to the next
   *
   * @maxItems 1000
   */
  timeline: TierSince[];
}
export interface TierSince {
  tier: string;
  since: string;
}
