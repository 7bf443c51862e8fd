import type { OrderRecorded, Problem, RecordedOrder } from '@jifen/contracts';
import { accept, canonicalJson, refuse, unreachable, type Outcome } from '@jifen/kernel';
import { checkAgainst, effectiveLines, reportedRefunds, snapshotOf, type RefundNotice } from './refunds.ts';

// Names

/** Consistency boundary of an order, within the activity log. */
export const orderStream = (program: string, source: string, orderId: string): string =>
  `${program}/${source}/order/${orderId}`;

export const ORDER_RECORDED = 'order.recorded';

/** Notices that one order takes: as many as its contract carries. */
export const MAX_NOTICES = 1000;

// State: the last event says all of an order.

export type OrderState = OrderRecorded | undefined;

// Commands, already valid by themselves: `checkOrder`, `checkRefund`.

export type OrderCommand =
  | { readonly type: 'snapshot'; readonly program: string; readonly member: string; readonly order: RecordedOrder }
  | { readonly type: 'refund'; readonly notice: RefundNotice };

// Decisions

export type OrderDecision =
  | { readonly outcome: 'recorded'; readonly event: OrderRecorded }
  /** Known with the same content: nothing to write. */
  | { readonly outcome: 'duplicate' }
  /** A higher revision is known: nothing to write. */
  | { readonly outcome: 'stale' }
  /** A notice for an order that is not known yet: to be decided again when it is. */
  | { readonly outcome: 'waiting' };

const same = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

const merged = (
  program: string,
  member: string,
  snapshot: RecordedOrder,
  notices: readonly RefundNotice[],
): OrderRecorded =>
  notices.length === 0
    ? { program, member, order: snapshot }
    : {
        program,
        member,
        order: { ...snapshot, lines: effectiveLines(snapshot, notices) },
        notices: [...notices],
        reported: reportedRefunds(snapshot),
      };

function decideSnapshot(
  state: OrderState,
  program: string,
  member: string,
  order: RecordedOrder,
): Outcome<OrderDecision, Problem> {
  if (state === undefined) return accept({ outcome: 'recorded', event: { program, member, order } });
  if (state.member !== member) {
    return refuse({ code: 'member_changed', detail: `order ${order.orderId} is known with another member` });
  }
  if (order.revision < state.order.revision) return accept({ outcome: 'stale' });
  if (order.revision === state.order.revision) {
    if (same(snapshotOf(state), order)) return accept({ outcome: 'duplicate' });
    return refuse({
      code: 'revision_conflict',
      detail: `order ${order.orderId} revision ${order.revision} is known with other content`,
    });
  }
  return accept({ outcome: 'recorded', event: merged(program, member, order, state.notices ?? []) });
}

const byRefundId = (a: RefundNotice, b: RefundNotice): number => (a.refundId < b.refundId ? -1 : 1);

function decideRefund(state: OrderState, notice: RefundNotice): Outcome<OrderDecision, Problem> {
  if (state === undefined) return accept({ outcome: 'waiting' });
  const notices = state.notices ?? [];
  const known = notices.find(({ refundId }) => refundId === notice.refundId);
  if (known !== undefined) {
    if (same(known, notice)) return accept({ outcome: 'duplicate' });
    return refuse({ code: 'content_conflict', detail: `refund ${notice.refundId} is known with other content` });
  }
  if (notices.length >= MAX_NOTICES) {
    return refuse({ code: 'invalid_request', detail: `the order has ${MAX_NOTICES} refund notices already` });
  }
  const errors = checkAgainst(notice, state.order);
  if (errors.length > 0) {
    return refuse({ code: 'invalid_order', detail: 'the refund does not fit its order', errors });
  }
  const all = [...notices, notice].sort(byRefundId);
  return accept({ outcome: 'recorded', event: merged(state.program, state.member, snapshotOf(state), all) });
}

export function decideOrder(state: OrderState, command: OrderCommand): Outcome<OrderDecision, Problem> {
  switch (command.type) {
    case 'snapshot':
      return decideSnapshot(state, command.program, command.member, command.order);
    case 'refund':
      return decideRefund(state, command.notice);
    default:
      return unreachable(command);
  }
}
