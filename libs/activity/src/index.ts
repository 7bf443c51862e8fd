export { ACTIVITY_RECORDED, activityStream, checkActivity, decideActivity, type CheckedActivity } from './activity.ts';
export { decideFacts, MEMBER_UPDATED, memberStream } from './member.ts';
export { checkOrder } from './order-check.ts';
export { decideOrder, MAX_NOTICES, ORDER_RECORDED, orderStream, type OrderCommand, type OrderState } from './order.ts';
export { checkRefund, type RefundNotice } from './refunds.ts';
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
