// Generated from schema.json.
/**
 * A posting of the ledger on jifen.ledger.v1; the event type says which: points.earned, points.activated, points.reversed, points.held, points.hold-captured, points.hold-released, points.redeemed, points.redemption-reversed, points.expired, points.transferred-out, points.transferred-in, points.transfer-returned, points.adjusted, points.expiry-extended, debt.incurred, debt.repaid, account.frozen, account.unfrozen. Points are the change that this posting makes, lots what it touched, balance what stands after it.
 */
export interface LedgerEntry {
  program: string;
  member: string;
  currency: string;
  /**
   * change of available + pending + held − debt; 0 for a move between buckets
   */
  points: number;
  /**
   * points that changed bucket or paid debt without changing the net: activated, repaid
   */
  moved?: number;
  /**
   * @maxItems 10000
   */
  lots: LotMovement[];
  /**
   * closed list: earn, re-rating, refund, activation, expiry, debt, adjustment, …
   */
  reason: string;
  award?: string;
  /**
   * revision of the award that this posting answers
   */
  revision?: number;
  /**
   * what the award totals after this posting
   */
  granted?: number;
  /**
   * what of the award's falls its clawback policy left with the member; a later rise gives it first. Absent when 0
   */
  forgiven?: number;
  rule?: string;
  cause?: Cause;
  origin?: Origin;
  balance: Balance;
  /**
   * when what earned the points happened
   */
  earnedAt?: string;
  actor?: string;
  note?: string;
}
export interface LotMovement {
  /**
   * <awardId>#<n>
   */
  lot: string;
  /**
   * change of the lot's remainder
   */
  points: number;
  availableAt?: string;
  expiresAt?: string;
}
export interface Cause {
  source: string;
  id: string;
  revision: number;
}
export interface Origin {
  partition: number;
  position: number;
}
export interface Balance {
  available: number;
  pending: number;
  held: number;
  debt: number;
}
