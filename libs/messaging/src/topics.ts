/** Published logs and the topics that carry them. The number in the name is the contract's major version. */
export const TOPIC_OF_LOG = {
  activity: 'jifen.activity.v1',
  member: 'jifen.member.v1',
  rating: 'jifen.rating.v1',
  program: 'jifen.program.v1',
  ledger: 'jifen.ledger.v1',
  tier: 'jifen.tier.v1',
} as const;

export type PublishedLog = keyof typeof TOPIC_OF_LOG;

/** Logs that no topic carries: `notification` only keeps the cursors of its service. */
export type LogName = PublishedLog | 'notification';

/** The service that owns a log: the last part of `ce_source`. */
export const SERVICE_OF_LOG: Readonly<Record<LogName, string>> = {
  activity: 'ingestion',
  member: 'ingestion',
  rating: 'rules',
  program: 'rules',
  ledger: 'ledger',
  tier: 'tiering',
  notification: 'notifications',
};

/** The last balance of each account: the ledger log, compacted. Of a deployment on Kafka. */
export const BALANCE_TOPIC = 'jifen.balance.v1';

/** Orders that upstream systems publish themselves. */
export const SOURCE_ORDER_TOPIC = 'jifen.order.v1';

/** Number of logical partitions of a new deployment; fixed from then on. */
export const DEFAULT_PARTITIONS = 16;
