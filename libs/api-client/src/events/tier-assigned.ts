// Generated from the contract.
/**
 * A person gave the member a tier, or took back what was given: replaces what was said before. While it holds the member stands on it, or higher where that was earned; what it makes of the member's tier shows in tier.changed. Type tier.assigned on jifen.tier.v1.
 */
export interface TierAssigned {
  program: string;
  member: string;
  /**
   * absent: no tier is given any more
   */
  tier?: string;
  /**
   * from here on it holds
   */
  at: string;
  /**
   * from here on it no longer holds; absent: for ever
   */
  until?: string;
  reason: string;
  /**
   * key:<id of the API key>
   */
  actor: string;
}
