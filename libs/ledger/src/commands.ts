import type { Award, Cause, Origin, TransferMade } from '@jifen/contracts';
import type { Instant, Points } from '@jifen/kernel';
import type { AdjustmentReason, FreezeReason } from './reasons.ts';

/** What an award should total now, according to a rating. */
export interface PostAward {
  readonly kind: 'post-award';
  readonly award: Award;
  readonly cause: Cause;
  readonly origin: Origin;
  /** When what earned the points happened. */
  readonly earnedAt: Instant;
}

/** Books the activation of the pending lots in hand whose time has come. */
export interface BookActivations {
  readonly kind: 'book-activations';
}

/**
 * Books all that time alone has done by now: holds whose time is over, then activations, then expiries. `limit` bounds the
 * holds and lots of one decision (`DEFAULT_DUE` when absent); what is left keeps the account's due instants in the past.
 */
export interface BookDue {
  readonly kind: 'book-due';
  readonly limit?: number;
}

/** Commands that are never refused. */
export type Booking = PostAward | BookActivations | BookDue;

/** `id` is the caller's name for what is asked, one space of names per account: the same one again writes nothing. */
interface Named {
  readonly id: string;
  readonly note?: string;
}

/** Reserves points, soonest expiry first, until `expiresAt`; an exact capture or release ends it before. */
export interface HoldPoints extends Named {
  readonly kind: 'hold';
  readonly points: Points;
  readonly expiresAt: Instant;
  /** What for, e.g. an order id. */
  readonly reference?: string;
}

/** Spends all that is held, or a part; `id` names the redemption that it makes. The rest is released, unless it is to be kept. */
export interface CaptureHold extends Named {
  readonly kind: 'capture';
  readonly hold: string;
  readonly points?: Points;
  readonly rest?: 'release' | 'keep';
  readonly reference?: string;
}

export interface ReleaseHold extends Named {
  readonly kind: 'release';
  readonly hold: string;
}

export interface RedeemPoints extends Named {
  readonly kind: 'redeem';
  readonly points: Points;
  readonly reference?: string;
}

/** Gives back all that is left of a redemption, or a part pro rata, to the very lots that it took. */
export interface ReverseRedemption extends Named {
  readonly kind: 'reverse-redemption';
  readonly redemption: string;
  readonly points?: Points;
  /** Points whose lot has lapsed meanwhile are good until then; without it they lapse at once. */
  readonly graceUntil?: Instant;
  readonly actor?: string;
}

/** Positive: opens a lot, which pays debt first. Negative: takes usable points, then pending ones. */
export interface AdjustPoints extends Named {
  readonly kind: 'adjust';
  readonly points: Points;
  /** `member-removed` is the platform's own: nothing is left to a member who was removed. */
  readonly reason: AdjustmentReason | 'member-removed';
  readonly actor: string;
  /** Of a credit; now when absent. */
  readonly availableAt?: Instant;
  /** Of a credit; never when absent. */
  readonly expiresAt?: Instant;
  /** Of a debit beyond the balance; refused when absent. */
  readonly beyond?: 'debt';
}

/** An opening lot, as another system had it. */
export interface ImportLot extends Named {
  readonly kind: 'import';
  readonly points: Points;
  readonly earnedOn: Instant;
  /** Now when absent. */
  readonly availableAt?: Instant;
  readonly expiresAt?: Instant;
  readonly actor: string;
}

/** Puts off the expiry of open lots that would lapse before it: of those named, or of all. */
export interface ExtendExpiry extends Named {
  readonly kind: 'extend-expiry';
  readonly expiresAt: Instant;
  readonly lots?: readonly string[];
  readonly actor: string;
}

/** Gives expired points back to their lots, the last to expire first: all of them, or so many. */
export interface ReinstateExpired extends Named {
  readonly kind: 'reinstate';
  readonly expiresAt: Instant;
  readonly points?: Points;
  readonly lots?: readonly string[];
  readonly actor: string;
}

export interface FreezeAccount extends Named {
  readonly kind: 'freeze';
  readonly reason: FreezeReason;
  readonly actor: string;
}

export interface UnfreezeAccount extends Named {
  readonly kind: 'unfreeze';
  readonly reason: FreezeReason;
  readonly actor: string;
}

/** C03. The edge works out where the period begins, in the program's time zone. */
export interface TransferLimits {
  readonly minimum?: Points;
  readonly maximum?: Points;
  readonly perPeriod?: { readonly points: Points; readonly since: Instant };
}

/** First leg, at the sender. Its posting carries all that the second leg needs (`entry.transfer`). */
export interface TransferOut extends Named {
  readonly kind: 'transfer-out';
  readonly to: string;
  readonly points: Points;
  readonly limits?: TransferLimits;
  readonly actor?: string;
}

/**
 * Second leg, at the receiver, for the `transfer` of any `points.transferred-out`: a transfer, a merge or an unmerge. It is
 * never refused as a command: what the receiver may not take is posted as `points.transfer-refused`, so that the answer is
 * decided once.
 */
export interface ReceiveTransfer {
  readonly kind: 'receive-transfer';
  readonly from: string;
  readonly leg: TransferMade;
  /** What the receiver may take in. */
  readonly limits?: TransferLimits;
  /** The receiver takes no part. */
  readonly inactive?: boolean;
}

/** Third leg, back at the sender: it was received, or its points return to the very lots. Never refused for a known transfer. */
export interface SettleTransfer {
  readonly kind: 'settle-transfer';
  readonly transfer: string;
  readonly received: boolean;
}

/** All open lots, open holds and the debt go to another member by the legs of a transfer; from then on, so does whatever comes later. */
export interface MergeOut extends Named {
  readonly kind: 'merge-out';
  readonly into: string;
  readonly actor: string;
}

/** At the member that was merged into: what came with the merge goes back, as far as it is unspent. */
export interface UnmergeOut extends Named {
  readonly kind: 'unmerge-out';
  readonly merge: string;
  readonly actor: string;
}

export type LedgerCommand =
  | Booking
  | HoldPoints
  | CaptureHold
  | ReleaseHold
  | RedeemPoints
  | ReverseRedemption
  | AdjustPoints
  | ImportLot
  | ExtendExpiry
  | ReinstateExpired
  | FreezeAccount
  | UnfreezeAccount
  | TransferOut
  | ReceiveTransfer
  | SettleTransfer
  | MergeOut
  | UnmergeOut;

export type NamedCommand = Extract<LedgerCommand, Named>;
