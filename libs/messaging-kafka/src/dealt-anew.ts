/** Answers after which kafkajs joins the group again, so that an assignment follows (its runner.js, `scheduleFetchManager`). */
const DEALT_ANEW = new Set([
  'REBALANCE_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
]);

/** Whether the group is dealt anew after this failure of a heartbeat. */
export const isDealtAnew = (error: Error): boolean => 'type' in error && DEALT_ANEW.has(String(error.type));
