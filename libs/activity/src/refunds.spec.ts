import type { OrderRefund, RecordedOrder } from '@jifen/contracts';
import { allocate, checkRefund, effectiveLines, type RefundNotice } from './refunds.ts';

const NOW = Date.parse('2026-11-22T00:00:00.000Z');
const AT = '2026-11-21T00:00:00.000Z';

const snapshot = (...refunded: readonly (string | undefined)[]): RecordedOrder => ({
  source: 'shop',
  orderId: 'A-1',
  revision: 1,
  status: 'paid',
  occurredAt: AT,
  placedAt: AT,
  currency: 'CNY',
  lines: refunded.map((amount, index) => ({
    lineId: String(index + 1),
    sku: 'TEA',
    quantity: 2,
    amount: '100.00',
    ...(amount === undefined ? {} : { refundedAmount: amount }),
  })),
});

const whole = (refundId: string, amount: string): RefundNotice => ({ refundId, occurredAt: AT, amount });
const lines = (refundId: string, lineId: string, amount: string, quantity = 0): RefundNotice => ({
  refundId,
  occurredAt: AT,
  lines: [{ lineId, amount, quantity }],
});

describe('effectiveLines', () => {
  it.each<[string, RecordedOrder, readonly RefundNotice[], readonly (string | undefined)[]]>([
    ['adds distinct notices', snapshot(undefined), [lines('r1', '1', '10'), lines('r2', '1', '5.5')], ['15.50']],
    ['never counts twice what the snapshot reports too', snapshot('10.00'), [lines('r1', '1', '10')], ['10.00']],
    ['takes the larger of both', snapshot('10.00'), [lines('r1', '1', '30')], ['30.00']],
    [
      'stops at the amount of the line',
      snapshot(undefined),
      [lines('r1', '1', '99'), lines('r2', '1', '99')],
      ['100.00'],
    ],
    [
      'spreads a whole amount over what is left',
      snapshot(undefined, undefined),
      [whole('r1', '50')],
      ['25.00', '25.00'],
    ],
    [
      'gives the odd cent to the first line',
      snapshot(undefined, undefined),
      [whole('r1', '0.01')],
      ['0.01', undefined],
    ],
    [
      'covers with a whole amount what the lines report',
      snapshot('50.00', undefined),
      [whole('r1', '50')],
      ['50.00', undefined],
    ],
    ['spreads only what goes beyond the report', snapshot('50.00', undefined), [whole('r1', '80')], ['60.00', '20.00']],
    [
      'adds a whole amount to notices of lines',
      snapshot(undefined, undefined),
      [lines('r1', '1', '100'), whole('r2', '30')],
      ['100.00', '30.00'],
    ],
    ['stops at the whole order', snapshot(undefined, undefined), [whole('r1', '999')], ['100.00', '100.00']],
    ['leaves a line that the order does not have', snapshot(undefined), [lines('r1', '9', '10')], [undefined]],
  ])('%s', (_name, order, notices, expected) => {
    expect(effectiveLines(order, notices).map(({ refundedAmount }) => refundedAmount)).toEqual(expected);
    expect(effectiveLines(order, [...notices].reverse())).toEqual(effectiveLines(order, notices));
  });

  it('adds quantities, at most what was bought', () => {
    const quantities = effectiveLines(snapshot(undefined), [lines('r1', '1', '1', 1), lines('r2', '1', '1', 5)]);
    expect(quantities[0]?.refundedQuantity).toBe(2);
  });
});

describe('allocate', () => {
  it.each<[number, readonly number[], readonly number[]]>([
    [10, [10, 20, 30], [2, 3, 5]],
    [1, [1, 1, 1], [1, 0, 0]],
    [100, [3, 4], [3, 4]],
    [5, [0, 0], [0, 0]],
    [0, [5], [0]],
    [5, [], []],
    [9007199254740991, [9007199254740991, 1], [9007199254740990, 1]],
  ])('splits %d over %j', (total, room, expected) => {
    expect(allocate(total, room)).toEqual(expected);
  });
});

describe('checkRefund', () => {
  const refund = (change: Partial<OrderRefund>): OrderRefund => ({
    source: 'shop',
    refundId: 'r1',
    orderId: 'A-1',
    occurredAt: AT,
    ...change,
  });

  it.each<[string, Partial<OrderRefund>, readonly string[]]>([
    ['neither lines nor amount', {}, ['/lines']],
    ['both', { amount: '1', lines: [{ lineId: '1', amount: '1' }] }, ['/lines']],
    [
      'a line twice',
      {
        lines: [
          { lineId: '1', amount: '1' },
          { lineId: '1', amount: '2' },
        ],
      },
      ['/lines/1/lineId'],
    ],
    ['the far future', { amount: '1', occurredAt: '2027-01-01T00:00:00Z' }, ['/occurredAt']],
    ['nothing wrong', { amount: '1' }, []],
  ])('sees %s', (_name, change, expected) => {
    const checked = checkRefund(refund(change), NOW);
    expect(checked.ok ? [] : checked.refusal.map(({ pointer }) => pointer)).toEqual(expected);
  });
});
