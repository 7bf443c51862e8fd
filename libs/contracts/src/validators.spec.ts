import { validateOrder } from './index.ts';

const order = {
  program: 'demo',
  member: 'm-1',
  source: 'shop',
  orderId: 'A-1',
  revision: 1,
  status: 'paid',
  occurredAt: '2026-11-01T10:00:00+08:00',
  placedAt: '2026-11-01T10:00:00+08:00',
  currency: 'CNY',
  lines: [{ lineId: '1', sku: 'S', quantity: 1, amount: '100.00' }],
};

describe('validateOrder', () => {
  it('accepts the smallest order', () => {
    expect(validateOrder(order)).toEqual({ ok: true, value: order });
  });

  it('points at each bad field', () => {
    const answer = validateOrder({
      ...order,
      status: 'lost',
      lines: [{ lineId: '1', sku: 'S', quantity: -1, amount: '1e400' }],
    });
    expect(answer.ok ? [] : answer.violations.map(({ pointer }) => pointer).sort()).toEqual([
      '/lines/0/amount',
      '/lines/0/quantity',
      '/status',
    ]);
  });
});
