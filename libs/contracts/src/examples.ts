import order from './order/examples.json' with { type: 'json' };
import orderRefund from './order-refund/examples.json' with { type: 'json' };
import activity from './activity/examples.json' with { type: 'json' };
import orderRecorded from './order-recorded/examples.json' with { type: 'json' };
import activityRecorded from './activity-recorded/examples.json' with { type: 'json' };
import memberStanding from './member-standing/examples.json' with { type: 'json' };
import memberUpdated from './member-updated/examples.json' with { type: 'json' };
import ratingMade from './rating-made/examples.json' with { type: 'json' };
import messageSent from './message-sent/examples.json' with { type: 'json' };
import ledgerEntry from './ledger-entry/examples.json' with { type: 'json' };
import balanceStated from './balance-stated/examples.json' with { type: 'json' };
import tierNearUpgrade from './tier-near-upgrade/examples.json' with { type: 'json' };
import tierKept from './tier-kept/examples.json' with { type: 'json' };
import tierWillDowngrade from './tier-will-downgrade/examples.json' with { type: 'json' };
import tierAssigned from './tier-assigned/examples.json' with { type: 'json' };
import tierChanged from './tier-changed/examples.json' with { type: 'json' };
import programPublished from './program-published/examples.json' with { type: 'json' };

export interface Example {
  /** The CloudEvents type. */
  readonly type: string;
  readonly value: unknown;
}

/** One example of every message, by the type that it is sent under. */
export const EXAMPLES: readonly Example[] = [
  order,
  orderRefund,
  activity,
  orderRecorded,
  activityRecorded,
  memberUpdated,
  memberStanding,
  ratingMade,
  ledgerEntry,
  tierChanged,
  balanceStated,
  tierNearUpgrade,
  tierKept,
  tierWillDowngrade,
  tierAssigned,
  programPublished,
  messageSent,
].flatMap((of) => Object.entries(of).map(([type, value]) => ({ type, value })));
