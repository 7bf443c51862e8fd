// Generated from the contract.
/**
 * Whether a member takes part: the whole new standing. Types member.deactivated, member.reactivated, member.anonymised and member.removed on jifen.member.v1. Names nobody: whoever keeps data of the person under this member id drops it at anonymised and removed.
 */
export interface MemberStanding {
  program: string;
  member: string;
  /**
   * deactivated: earns, spends and is told nothing until it is active again. anonymised: as well, for good, and nobody knows any more who it was; the points stay in the books. removed: anonymised, and the points are taken
   */
  standing: 'active' | 'deactivated' | 'anonymised' | 'removed';
  reason: 'request' | 'legal' | 'fraud' | 'dormant' | 'other';
  /**
   * who decided it
   */
  actor: string;
  at: string;
}
