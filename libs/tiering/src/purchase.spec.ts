import { EXAMPLES, type OrderRecorded, type RecordedOrder } from '@jifen/contracts';
import { present } from '@jifen/kernel';
import { purchaseOf } from './purchase.ts';

const example = present(
  EXAMPLES.find(({ type }) => type === 'order.recorded'),
  'an order',
).value as OrderRecorded;
const line = (lineId: string, amount: string, more: object = {}): RecordedOrder['lines'][number] => ({
  lineId,
  sku: lineId,
  quantity: 1,
  amount,
  ...more,
});
const bare: RecordedOrder = {
  source: 'shop',
  orderId: 'A-1',
  revision: 1,
  status: 'paid',
  occurredAt: '2026-03-01T08:00:00Z',
  placedAt: '2026-03-01T07:00:00Z',
  paidAt: '2026-03-01T16:00:00+08:00',
  currency: 'CNY',
  lines: [line('a', '100.00')],
};
const amountOf = (change: Partial<RecordedOrder>): number => purchaseOf({ ...bare, ...change }).amount;

describe('what an order counts as', () => {
  it('counts at the instant it was paid, or was placed when nobody says', () => {
    expect(purchaseOf(bare)).toEqual({ at: '2026-03-01T08:00:00.000Z', currency: 'CNY', amount: 10_000 });
    const { paidAt: _, ...unsaid } = bare;
    expect(purchaseOf(unsaid).at).toBe('2026-03-01T07:00:00.000Z');
    expect(purchaseOf(example.order).currency).toBe(example.order.currency);
  });

  it.each<[string, Partial<RecordedOrder>, number]>([
    ['what is only placed is nothing', { status: 'placed' }, 0],
    ['what is cancelled is nothing', { status: 'cancelled' }, 0],
    ['shipping is none of it', { shipping: '12.00' }, 10_000],
    ['a gift is none of it', { lines: [line('a', '100.00'), line('g', '40.00', { isGift: true })] }, 10_000],
    ['discounts go off', { lines: [line('a', '100.00', { discount: '10.00' })], orderDiscount: '20.00' }, 7_000],
    ['tax on top is paid, too', { pricesIncludeTax: false, lines: [line('a', '100.00', { tax: '13.00' })] }, 11_300],
    ['U44: what was paid with points is no spend', { payments: [{ kind: 'points', amount: '100.00' }] }, 0],
    ['U44: nor is a part of it', { payments: [{ kind: 'points', amount: '30.00' }] }, 7_000],
    ['nor what was paid by gift card', { payments: [{ kind: 'gift-card', amount: '25.00' }] }, 7_500],
    ['store credit is money', { payments: [{ kind: 'store-credit', amount: '25.00' }] }, 10_000],
    ['what was returned is gone', { lines: [line('a', '100.00', { refundedAmount: '40.00' })] }, 6_000],
    ['also by the piece', { lines: [line('a', '100.00', { quantity: 4, refundedQuantity: 1 })] }, 7_500],
    [
      'everything returned leaves nothing, to the last cent of the discount',
      {
        orderDiscount: '0.01',
        lines: ['a', 'b', 'c'].map((id) => line(id, '0.33', { quantity: 3, refundedQuantity: 3 })),
      },
      0,
    ],
  ])('%s', (_, change, amount) => {
    expect(amountOf(change)).toBe(amount);
  });
});
