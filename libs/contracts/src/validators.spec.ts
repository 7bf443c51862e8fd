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

  it.each<[string, object, readonly string[]]>([
    ['a field too many', { surprise: 1 }, ['/surprise']],
    ['a field that is missing', { lines: [{ lineId: '1', sku: 'S', quantity: 1 }] }, ['/lines/0/amount']],
    ['a name that is none', { attributes: { '1st/x': 1 } }, ['/attributes/1st~1x', '/attributes/1st~1x']],
    ['U45: a negative amount', { shipping: '-1.00' }, ['/shipping']],
    ['an instant without an offset', { occurredAt: '2026-11-01T10:00:00' }, ['/occurredAt']],
    ['a day that does not exist', { placedAt: '2026-02-30T10:00:00Z' }, ['/placedAt']],
  ])('points at %s', (_name, change, pointers) => {
    const answer = validateOrder({ ...order, ...change });
    expect(answer.ok ? [] : answer.violations.map(({ pointer }) => pointer)).toEqual(pointers);
  });

  it('names at most 20 places', () => {
    const lines = Array.from({ length: 40 }, () => ({}));
    const answer = validateOrder({ ...order, lines });
    expect(answer.ok ? [] : answer.violations).toHaveLength(20);
  });
});
