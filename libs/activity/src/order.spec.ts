import type { OrderRecorded, RecordedOrder } from '@jifen/contracts';
import { decideOrder, MAX_NOTICES, type OrderCommand, type OrderState } from './order.ts';
import { snapshotOf, type RefundNotice } from './refunds.ts';

const AT = '2026-11-20T00:00:00.000Z';

const order = (revision: number, change: Partial<RecordedOrder> = {}): RecordedOrder => ({
  source: 'shop',
  orderId: 'A-1',
  revision,
  status: 'paid',
  occurredAt: AT,
  placedAt: AT,
  currency: 'CNY',
  lines: [{ lineId: '1', sku: 'TEA', quantity: 2, amount: '100.00' }],
  ...change,
});

const sent = (revision: number, change: Partial<RecordedOrder> = {}, member = 'm-1'): OrderCommand => ({
  type: 'snapshot',
  program: 'demo',
  member,
  order: order(revision, change),
});

const notice = (refundId: string, amount: string): RefundNotice => ({ refundId, occurredAt: AT, amount });
const refunded = (refundId: string, amount: string): OrderCommand => ({
  type: 'refund',
  notice: notice(refundId, amount),
});

/** State after the commands, and what the last one was answered. */
function given(...commands: readonly OrderCommand[]): { state: OrderState; answer: string; events: OrderRecorded[] } {
  let state: OrderState;
  let answer = '';
  const events: OrderRecorded[] = [];
  for (const command of commands) {
    const decision = decideOrder(state, command);
    answer = decision.ok ? decision.value.outcome : decision.refusal.code;
    if (!decision.ok || decision.value.outcome !== 'recorded') continue;
    state = decision.value.event;
    events.push(state);
  }
  return { state, answer, events };
}

describe('an order', () => {
  it.each<[string, readonly OrderCommand[], string, number]>([
    ['is recorded', [sent(1)], 'recorded', 1],
    ['is replaced by a higher revision', [sent(1), sent(5)], 'recorded', 2],
    ['ignores a lower revision', [sent(5), sent(1)], 'stale', 1],
    ['U12: writes nothing for the same event again', [sent(1), sent(1)], 'duplicate', 1],
    [
      'U14: writes nothing for a confirmation repeated later',
      [sent(1), sent(2, { status: 'completed' }), sent(2, { status: 'completed' })],
      'duplicate',
      2,
    ],
    [
      'refuses the same revision with other content',
      [sent(1), sent(1, { status: 'completed' })],
      'revision_conflict',
      1,
    ],
    ['refuses another member', [sent(1), sent(2, {}, 'm-2')], 'member_changed', 1],
    ['takes a refund notice', [sent(1), refunded('r1', '10')], 'recorded', 2],
    ['takes a refund notice once', [sent(1), refunded('r1', '10'), refunded('r1', '10')], 'duplicate', 2],
    [
      'refuses a refund id with other content',
      [sent(1), refunded('r1', '10'), refunded('r1', '11')],
      'content_conflict',
      2,
    ],
    ['refuses a refund in decimals its currency has not', [sent(1), refunded('r1', '0.001')], 'invalid_order', 1],
    ['lets a refund wait that comes first', [refunded('r1', '10')], 'waiting', 0],
    ['knows its snapshot under merged notices', [sent(1), refunded('r1', '10'), sent(1)], 'duplicate', 2],
    [
      'knows a conflict under merged notices',
      [sent(1), refunded('r1', '10'), sent(1, { status: 'shipped' })],
      'revision_conflict',
      2,
    ],
  ])('%s', (_name, commands, answer, events) => {
    const seen = given(...commands);
    expect([seen.answer, seen.events.length]).toEqual([answer, events]);
  });

  it('U13: status changes are revisions of one order, never another one', () => {
    const { state, events } = given(
      sent(1, { status: 'placed' }),
      sent(2, { status: 'paid' }),
      sent(3, { status: 'shipped' }),
      sent(4, { status: 'completed' }),
    );
    expect(events.map((event) => [event.order.orderId, event.order.revision])).toEqual([
      ['A-1', 1],
      ['A-1', 2],
      ['A-1', 3],
      ['A-1', 4],
    ]);
    expect(state?.order.status).toBe('completed');
  });

  it('U15: settling a deferred payment is a later revision with the same placedAt', () => {
    const { state, events } = given(
      sent(1, { status: 'placed' }),
      sent(2, { paidAt: '2026-12-20T00:00:00.000Z', payments: [{ kind: 'cash', amount: '100.00' }] }),
    );
    expect(events).toHaveLength(2);
    expect([state?.order.placedAt, state?.order.paidAt]).toEqual([AT, '2026-12-20T00:00:00.000Z']);
  });

  it('carries notices over to later revisions and lets their totals win', () => {
    const lines = [{ lineId: '1', sku: 'TEA', quantity: 2, amount: '100.00', refundedAmount: '40.00' }];
    const { state } = given(sent(1), refunded('r1', '10'), sent(2, { lines }));
    expect(state?.order.lines[0]?.refundedAmount).toBe('40.00');
    expect(state?.notices).toEqual([notice('r1', '10')]);
    expect(state?.reported).toEqual([{ lineId: '1', refundedQuantity: 0, refundedAmount: '40.00' }]);
    expect(state && snapshotOf(state)).toEqual(order(2, { lines }));
  });

  it('takes so many notices and no more', () => {
    const notices = Array.from({ length: MAX_NOTICES }, (_, index) => notice(`r${index}`, '0.01'));
    const full: OrderRecorded = { program: 'demo', member: 'm-1', order: order(1), notices, reported: [] };
    const decision = decideOrder(full, refunded('one-more', '0.01'));
    expect(decision.ok ? '' : decision.refusal.code).toBe('invalid_request');
  });
});
