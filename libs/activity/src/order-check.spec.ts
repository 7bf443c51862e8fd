import type { Order } from '@jifen/contracts';
import { checkOrder } from './order-check.ts';

const NOW = Date.parse('2026-11-22T00:00:00.000Z');

const line = (change: Partial<Order['lines'][number]> = {}): Order['lines'][number] => ({
  lineId: '1',
  sku: 'TEA',
  quantity: 2,
  amount: '100.00',
  ...change,
});

const order = (change: Partial<Order> = {}): Order => ({
  source: 'shop',
  orderId: 'A-1',
  revision: 1,
  status: 'paid',
  occurredAt: '2026-11-20T10:00:00Z',
  placedAt: '2026-11-20T09:00:00Z',
  currency: 'CNY',
  lines: [line()],
  ...change,
});

const pointers = (value: Order): readonly string[] => {
  const checked = checkOrder(value, NOW);
  return checked.ok ? [] : checked.refusal.map(({ pointer }) => pointer);
};

describe('checkOrder', () => {
  it('brings an order into its normal form', () => {
    const checked = checkOrder(
      order({
        placedAt: '2026-11-20T17:00:00+08:00',
        paidAt: '2026-11-20T17:30:00.5+08:00',
        shipping: '0.00',
        orderDiscount: '5',
        payments: [{ kind: 'cash', amount: '95' }],
        attributes: {},
        lines: [line({ amount: '100', discount: '0', tax: '11.5', tags: [], refundedQuantity: 0, isGift: false })],
      }),
      NOW,
    );
    expect(checked).toEqual({
      ok: true,
      value: {
        source: 'shop',
        orderId: 'A-1',
        revision: 1,
        status: 'paid',
        occurredAt: '2026-11-20T10:00:00.000Z',
        placedAt: '2026-11-20T09:00:00.000Z',
        paidAt: '2026-11-20T09:30:00.500Z',
        currency: 'CNY',
        orderDiscount: '5.00',
        payments: [{ kind: 'cash', amount: '95.00' }],
        lines: [{ lineId: '1', sku: 'TEA', quantity: 2, amount: '100.00', tax: '11.50' }],
      },
    });
  });

  it('U35: keeps the currency of the order and its decimals', () => {
    const yen = checkOrder(order({ currency: 'JPY', lines: [line({ amount: '1000' })] }), NOW);
    expect(yen.ok && [yen.value.currency, yen.value.lines[0]?.amount]).toEqual(['JPY', '1000']);
    const dinar = checkOrder(order({ currency: 'KWD', lines: [line({ amount: '1.5' })] }), NOW);
    expect(dinar.ok && [dinar.value.currency, dinar.value.lines[0]?.amount]).toEqual(['KWD', '1.500']);
    expect(pointers(order({ currency: 'JPY', lines: [line({ amount: '10.50' })] }))).toEqual(['/lines/0/amount']);
  });

  it.each<[string, Partial<Order>, readonly string[]]>([
    ['more decimals than the currency', { lines: [line({ amount: '1.005' })] }, ['/lines/0/amount']],
    ['an amount too large', { lines: [line({ amount: '999999999999999.99' })] }, ['/lines/0/amount']],
    [
      'a total too large',
      {
        lines: [line({ amount: '90000000000000.00' }), line({ lineId: '2', amount: '90000000000000.00' })],
      },
      ['/lines/1/amount', '/lines/1/tax'],
    ],
    [
      'U45: a discount that would make the line negative',
      { lines: [line({ discount: '100.01' })] },
      ['/lines/0/discount'],
    ],
    ['U45: an order discount that would make the order negative', { orderDiscount: '100.01' }, ['/orderDiscount']],
    ['a refund above the amount', { lines: [line({ refundedAmount: '100.01' })] }, ['/lines/0/refundedAmount']],
    ['more returned than bought', { lines: [line({ refundedQuantity: 3 })] }, ['/lines/0/refundedQuantity']],
    ['a line twice', { lines: [line(), line()] }, ['/lines/1/lineId']],
    ['included tax above the amount', { pricesIncludeTax: true, lines: [line({ tax: '100.01' })] }, ['/lines/0/tax']],
    ['paid before it was placed', { paidAt: '2026-11-20T08:59:59Z' }, ['/paidAt']],
    ['completed before it was placed', { completedAt: '2026-11-19T09:00:00Z' }, ['/completedAt']],
    ['too far in the future', { occurredAt: '2026-11-23T00:00:01Z' }, ['/occurredAt']],
    ['placed in the future', { placedAt: '2026-11-24T00:00:00Z' }, ['/placedAt']],
    ['more points paid than due', { payments: [{ kind: 'points', amount: '100.01' }] }, ['/payments']],
  ])('%s is refused', (_name, change, expected) => {
    expect(pointers(order(change))).toEqual(expected);
  });

  it.each<[string, Partial<Order>]>([
    ['no lines', { lines: [] }],
    ['tax given back where prices come without it', { lines: [line({ tax: '13.00', refundedAmount: '113.00' })] }],
    ['cash with change to give', { payments: [{ kind: 'cash', amount: '150.00' }] }],
    ['a clock that runs ahead a little', { occurredAt: '2026-11-22T23:59:59Z' }],
    ['a gift for nothing', { lines: [line({ amount: '0', isGift: true })] }],
  ])('%s is accepted', (_name, change) => {
    expect(pointers(order(change))).toEqual([]);
  });

  it('names at most 20 places', () => {
    const lines = Array.from({ length: 50 }, (_, index) => line({ lineId: String(index), amount: '1.001' }));
    expect(pointers(order({ lines }))).toHaveLength(20);
  });
});
