// Generated from the contracts.
import type { MemberStanding } from './member-standing.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import type { TierChanged } from './tier-changed.ts';
import type { TierNearUpgrade } from './tier-near-upgrade.ts';
import type { TierKept } from './tier-kept.ts';
import type { TierWillDowngrade } from './tier-will-downgrade.ts';
import type { TierAssigned } from './tier-assigned.ts';
import type { MessageSent } from './message-sent.ts';

export type {
  MemberStanding,
  LedgerEntry,
  TierChanged,
  TierNearUpgrade,
  TierKept,
  TierWillDowngrade,
  TierAssigned,
  MessageSent,
};

/** What `data` of a webhook is, by its `type`. */
export interface EventData {
  /** A member takes no part for the time being. */
  readonly 'member.deactivated': MemberStanding;
  /** A member takes part again. */
  readonly 'member.reactivated': MemberStanding;
  /** Nobody knows any more who the member was. */
  readonly 'member.anonymised': MemberStanding;
  /** Anonymised, and its points are taken. */
  readonly 'member.removed': MemberStanding;
  /** An award rose: points were granted. */
  readonly 'points.earned': LedgerEntry;
  /** Pending points became available. */
  readonly 'points.activated': LedgerEntry;
  /** An award fell: points were taken back. */
  readonly 'points.reversed': LedgerEntry;
  /** Points were set aside for a while. */
  readonly 'points.held': LedgerEntry;
  /** Held points were spent. */
  readonly 'points.hold-captured': LedgerEntry;
  /** Held points became usable again, or lapsed. */
  readonly 'points.hold-released': LedgerEntry;
  /** Points were spent. */
  readonly 'points.redeemed': LedgerEntry;
  /** Spent points came back to their lots. */
  readonly 'points.redemption-reversed': LedgerEntry;
  /** Points lapsed. */
  readonly 'points.expired': LedgerEntry;
  /** Lapsed points came back. */
  readonly 'points.reinstated': LedgerEntry;
  /** Points lapse later than they would have. */
  readonly 'points.expiry-extended': LedgerEntry;
  /** A person corrected the account, with a reason. */
  readonly 'points.adjusted': LedgerEntry;
  /** Points left for another member. */
  readonly 'points.transferred-out': LedgerEntry;
  /** Points came from another member. */
  readonly 'points.transferred-in': LedgerEntry;
  /** The receiver could not take the points: they go back. */
  readonly 'points.transfer-refused': LedgerEntry;
  /** The receiver has the points: nothing is in flight any more. */
  readonly 'points.transfer-settled': LedgerEntry;
  /** Points that could not be received are back. */
  readonly 'points.transfer-returned': LedgerEntry;
  /** Points that were spent already are owed. */
  readonly 'debt.incurred': LedgerEntry;
  /** New points paid debt. */
  readonly 'debt.repaid': LedgerEntry;
  /** The account may not spend. */
  readonly 'account.frozen': LedgerEntry;
  /** The account may spend again. */
  readonly 'account.unfrozen': LedgerEntry;
  /** The whole timeline of tiers of a member. */
  readonly 'tier.changed': TierChanged;
  /** A member came near the next tier. */
  readonly 'tier.near-upgrade': TierNearUpgrade;
  /** A review left the tier as it is. */
  readonly 'tier.kept': TierKept;
  /** A review is near, and too little is there to keep the tier. */
  readonly 'tier.will-downgrade': TierWillDowngrade;
  /** A person gave a tier, or took it back. */
  readonly 'tier.assigned': TierAssigned;
  /** Points were earned, at once or pending. */
  readonly 'notification.points-credited': MessageSent;
  /** Earned points were taken back. */
  readonly 'notification.points-taken-back': MessageSent;
  /** Points were spent. */
  readonly 'notification.points-redeemed': MessageSent;
  /** Spent points came back. */
  readonly 'notification.points-refunded': MessageSent;
  /** Points were set aside. */
  readonly 'notification.points-held': MessageSent;
  /** A person corrected the account. */
  readonly 'notification.points-adjusted': MessageSent;
  /** Points end soon. */
  readonly 'notification.points-expiring': MessageSent;
  /** The points are enough for a reward. */
  readonly 'notification.reward-in-reach': MessageSent;
  /** The account may not spend. */
  readonly 'notification.account-frozen': MessageSent;
  /** The account may spend again. */
  readonly 'notification.account-unfrozen': MessageSent;
  /** The tier is another. */
  readonly 'notification.tier-changed': MessageSent;
  /** The next tier is near. */
  readonly 'notification.near-upgrade': MessageSent;
  /** A review left the tier as it is. */
  readonly 'notification.tier-kept': MessageSent;
  /** A lower tier is to come. */
  readonly 'notification.tier-will-fall': MessageSent;
}
