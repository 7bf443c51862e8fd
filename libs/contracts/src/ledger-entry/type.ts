// Generated from schema.json.
/**
 * A posting of the ledger on jifen.ledger.v1; the event type says which: points.earned, points.activated, points.reversed, points.held, points.hold-captured, points.hold-released, points.redeemed, points.redemption-reversed, points.expired, points.reinstated, points.expiry-extended, points.adjusted, points.transferred-out, points.transferred-in, points.transfer-refused, points.transfer-settled, points.transfer-returned, debt.incurred, debt.repaid, account.frozen, account.unfrozen. Points are the change that this posting makes, lots what it touched, balance what stands after it.
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
   * points that changed bucket or paid debt without changing the net: activated, held, released, repaid
   */
  moved?: number;
  /**
   * @maxItems 10000
   */
  lots: LotMovement[];
  /**
   * closed list: earn, re-rating, withdrawn, activation, debt, hold, capture, release, hold-lapsed, redeem, reversal, expiry, extension, reinstatement, transfer, merge, unmerge, import, correction, goodwill, compensation, promotion, fraud, request, audit, breach, migration, member-removed, other
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
  command?: CommandMade;
  /**
   * what the points were held or spent for, e.g. an order id
   */
  reference?: string;
  hold?: HoldMade;
  /**
   * id of the redemption: of a new one, or of the one that is reversed
   */
  redemption?: string;
  transfer?: TransferMade;
}
export interface LotMovement {
  /**
   * <awardId>#<n>
   */
  lot: string;
  /**
   * change of the lot's remainder, held points included
   */
  points: number;
  /**
   * of a lot that opens; of a known lot: its dates are these now, expiresAt included, and never when that is absent
   */
  availableAt?: string;
  /**
   * alone on a known lot: its expiry was put off to it by hand, which no later rating shortens
   */
  expiresAt?: string;
  /**
   * when what earned the lot happened, where it is not the posting's
   */
  earnedAt?: string;
  /**
   * change of what holds keep of the lot. Absent when 0
   */
  held?: number;
  /**
   * change of what lapsed of the lot and can be reinstated. Absent when 0
   */
  expired?: number;
  /**
   * the lot of the other account that it came from
   */
  from?: string;
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
/**
 * the command that this posting answers; the same id again writes nothing
 */
export interface CommandMade {
  id: string;
  kind: string;
  /**
   * that it asked for
   */
  points?: number;
  /**
   * hold, redemption, transfer or member that it was about
   */
  target?: string;
}
export interface HoldMade {
  id: string;
  /**
   * of a new hold: it releases itself then
   */
  expiresAt?: string;
}
export interface TransferMade {
  id: string;
  kind: 'transfer' | 'merge' | 'unmerge';
  /**
   * member at the other end
   */
  peer: string;
  /**
   * the merge that it belongs to
   */
  merge?: string;
  /**
   * that goes with it. Absent when 0
   */
  debt?: number;
  /**
   * of what leaves: the lots in order, with their dates; lot n of the other account comes from the nth
   *
   * @maxItems 10000
   */
  lots?: CarriedLot[];
  /**
   * open holds that go with it, by lots of the account that they are held in after this posting, or before it when they leave
   *
   * @maxItems 1000
   */
  holds?: CarriedHold[];
  /**
   * problem code for which the receiver does not take it
   */
  refused?: string;
}
export interface CarriedLot {
  lot: string;
  points: number;
  availableAt: string;
  expiresAt?: string;
  earnedAt: string;
  /**
   * of an unmerge: the receiver's own lot that it goes back to
   */
  back?: string;
}
export interface CarriedHold {
  id: string;
  /**
   * reserved at first
   */
  points: number;
  at: string;
  expiresAt: string;
  /**
   * what the points were held or spent for, e.g. an order id
   */
  reference?: string;
  /**
   * @maxItems 10000
   */
  lots: Share[];
}
export interface Share {
  lot: string;
  points: number;
}
