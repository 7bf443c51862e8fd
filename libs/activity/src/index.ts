export {
  ACTIVITY_RECORDED,
  activityStream,
  checkActivity,
  decideActivity,
  type ActivityDecision,
  type ActivityState,
  type CheckedActivity,
} from './activity.ts';
export { MAX_FUTURE_MILLIS } from './instant-field.ts';
export { decideFacts, MEMBER_UPDATED, memberStream, type MemberState } from './member.ts';
export { checkOrder, type OrderLine } from './order-check.ts';
export {
  decideOrder,
  evolveOrder,
  initialOrder,
  MAX_NOTICES,
  ORDER_RECORDED,
  orderStream,
  type OrderCommand,
  type OrderDecision,
  type OrderState,
} from './order.ts';
export { checkRefund, snapshotOf, type RefundNotice } from './refunds.ts';
export {
  decideStanding,
  inactive,
  isErased,
  STANDING_EVENTS,
  STANDING_REASONS,
  STANDINGS,
  type Standing,
  type StandingReason,
} from './standing.ts';
