import type { SCHEMAS } from './validators.ts';

/** A message of a topic: the CloudEvents type, and the schema of its JSON value. */
export interface ChannelMessage {
  readonly type: string;
  readonly schema: keyof typeof SCHEMAS;
  readonly says: string;
}

/** A topic as those outside may rely on it. */
export interface Channel {
  readonly topic: string;
  readonly title: string;
  readonly description: string;
  /** `send`: we write and you may read; `receive`: you write and we read. */
  readonly action: 'send' | 'receive';
  /** The record key, which also decides the partition (murmur2 of its bytes, as Kafka's default partitioner). */
  readonly key: string;
  /** `delete` without a time: kept whole, so that a new consumer can start at the first position. */
  readonly retention: 'whole' | 'broker default' | 'latest of each key';
  readonly messages: readonly ChannelMessage[];
}

const ledger = (type: string, says: string): ChannelMessage => ({ type, schema: 'ledger-entry', says });

/** Every topic of the contract. What is not here is nobody's business. */
export const CHANNELS: readonly Channel[] = [
  {
    topic: 'jifen.order.v1',
    title: 'Orders of upstream systems',
    description:
      'An ERP or a shop publishes orders here instead of posting them: CloudEvents in binary or structured mode, each a full snapshot with a revision. A record that is wrong is kept with its bytes under /v1/rejected and holds up nobody.',
    action: 'receive',
    key: 'any; orders of one order id under one key keep their order',
    retention: 'broker default',
    messages: [
      { type: 'order', schema: 'order', says: 'An order as it stands now.' },
      {
        type: 'order-refund',
        schema: 'order-refund',
        says: 'A refund of an order that was sent without its snapshot.',
      },
      { type: 'activity', schema: 'activity', says: 'Anything else that a member did.' },
    ],
  },
  {
    topic: 'jifen.activity.v1',
    title: 'What members did',
    description: 'Accepted orders, activities and facts of members, each once, identified and in order of acceptance.',
    action: 'send',
    key: 'program/member',
    retention: 'whole',
    messages: [
      {
        type: 'order.recorded',
        schema: 'order-recorded',
        says: 'An accepted revision of an order, refund notices merged in.',
      },
      { type: 'activity.recorded', schema: 'activity-recorded', says: 'An accepted activity.' },
      { type: 'member.updated', schema: 'member-updated', says: 'The whole new set of facts of a member.' },
    ],
  },
  {
    topic: 'jifen.member.v1',
    title: 'Who takes part',
    description:
      'Members that were deactivated, came back, or were erased. It names nobody: whoever keeps data of a person under a member id reads here when to drop it.',
    action: 'send',
    key: 'program/member',
    retention: 'whole',
    messages: [
      { type: 'member.deactivated', schema: 'member-standing', says: 'A member takes no part for the time being.' },
      { type: 'member.reactivated', schema: 'member-standing', says: 'A member takes part again.' },
      { type: 'member.anonymised', schema: 'member-standing', says: 'Nobody knows any more who the member was.' },
      { type: 'member.removed', schema: 'member-standing', says: 'Anonymised, and its points are taken.' },
    ],
  },
  {
    topic: 'jifen.rating.v1',
    title: 'What it is worth',
    description:
      'One rating for every activity, also when it awards nothing. An award states its target, what it should total now, never a difference.',
    action: 'send',
    key: 'program/member',
    retention: 'whole',
    messages: [{ type: 'rating.made', schema: 'rating-made', says: 'The awards of a cause, with their targets.' }],
  },
  {
    topic: 'jifen.program.v1',
    title: 'Programs',
    description: 'Every published version of every program, with the whole document.',
    action: 'send',
    key: 'program',
    retention: 'whole',
    messages: [{ type: 'program.published', schema: 'program-published', says: 'A version came into force.' }],
  },
  {
    topic: 'jifen.ledger.v1',
    title: 'Points',
    description:
      'Every posting to every account, with the balance after it. Balances can be rebuilt from this topic alone: the last posting of an account states its balance.',
    action: 'send',
    key: 'program/member',
    retention: 'whole',
    messages: [
      ledger('points.earned', 'An award rose: points were granted.'),
      ledger('points.activated', 'Pending points became available.'),
      ledger('points.reversed', 'An award fell: points were taken back.'),
      ledger('points.held', 'Points were set aside for a while.'),
      ledger('points.hold-captured', 'Held points were spent.'),
      ledger('points.hold-released', 'Held points became usable again, or lapsed.'),
      ledger('points.redeemed', 'Points were spent.'),
      ledger('points.redemption-reversed', 'Spent points came back to their lots.'),
      ledger('points.expired', 'Points lapsed.'),
      ledger('points.reinstated', 'Lapsed points came back.'),
      ledger('points.expiry-extended', 'Points lapse later than they would have.'),
      ledger('points.adjusted', 'A person corrected the account, with a reason.'),
      ledger('points.transferred-out', 'Points left for another member.'),
      ledger('points.transferred-in', 'Points came from another member.'),
      ledger('points.transfer-refused', 'The receiver could not take the points: they go back.'),
      ledger('points.transfer-settled', 'The receiver has the points: nothing is in flight any more.'),
      ledger('points.transfer-returned', 'Points that could not be received are back.'),
      ledger('debt.incurred', 'Points that were spent already are owed.'),
      ledger('debt.repaid', 'New points paid debt.'),
      ledger('account.frozen', 'The account may not spend.'),
      ledger('account.unfrozen', 'The account may spend again.'),
    ],
  },
  {
    topic: 'jifen.balance.v1',
    title: 'Balances',
    description:
      'How each account stands, for those who want no history: the balance after the last posting of jifen.ledger.v1, half a second later, compacted. Each account has the key program/member/currency and lies in the partition of program/member; ce_sequence is the position of its posting in jifen.ledger.v1, so it has gaps here. A record may come again, and an older one after a newer one until the newest is written once more: keep the highest version. Only where Jifen runs on Kafka.',
    action: 'send',
    key: 'program/member/currency, in the partition of program/member',
    retention: 'latest of each key',
    messages: [
      { type: 'balance.stated', schema: 'balance-stated', says: 'How an account stands after its last posting.' },
    ],
  },
  {
    topic: 'jifen.tier.v1',
    title: 'Tiers',
    description:
      'The standing of a member whenever its timeline says something else, whole each time; and what members are told besides: a tier kept at its review, the next one near, a lower one to come.',
    action: 'send',
    key: 'program/member',
    retention: 'whole',
    messages: [
      { type: 'tier.changed', schema: 'tier-changed', says: 'The whole timeline of tiers of a member.' },
      { type: 'tier.near-upgrade', schema: 'tier-near-upgrade', says: 'A member came near the next tier.' },
      { type: 'tier.kept', schema: 'tier-kept', says: 'A review left the tier as it is.' },
      {
        type: 'tier.will-downgrade',
        schema: 'tier-will-downgrade',
        says: 'A review is near, and too little is there to keep the tier.',
      },
      { type: 'tier.assigned', schema: 'tier-assigned', says: 'A person gave a tier, or took it back.' },
    ],
  },
];

const told = (trigger: string, says: string): ChannelMessage => ({
  ...{ type: `notification.${trigger}`, schema: 'message-sent', says },
});

/** What webhooks carry besides the events of `jifen.ledger.v1`, `jifen.tier.v1` and `jifen.member.v1`; no topic does. */
export const WEBHOOK_MESSAGES = {
  title: 'Messages to members',
  description:
    'By webhook only, to endpoints that ask for notification.*: what a member is told, in its words and language, for a push service of your own. The body of every webhook is {id, type, time, program, member, data}; those of the events of jifen.ledger.v1, jifen.tier.v1 and jifen.member.v1 have the value of the record as data.',
  messages: [
    told('points-credited', 'Points were earned, at once or pending.'),
    told('points-taken-back', 'Earned points were taken back.'),
    told('points-redeemed', 'Points were spent.'),
    told('points-refunded', 'Spent points came back.'),
    told('points-held', 'Points were set aside.'),
    told('points-adjusted', 'A person corrected the account.'),
    told('points-expiring', 'Points end soon.'),
    told('reward-in-reach', 'The points are enough for a reward.'),
    told('account-frozen', 'The account may not spend.'),
    told('account-unfrozen', 'The account may spend again.'),
    told('tier-changed', 'The tier is another.'),
    told('near-upgrade', 'The next tier is near.'),
    told('tier-kept', 'A review left the tier as it is.'),
    told('tier-will-fall', 'A lower tier is to come.'),
  ],
} as const satisfies Pick<Channel, 'title' | 'description' | 'messages'>;
