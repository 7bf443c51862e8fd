import type { ProgramDocument, RecordedOrder } from '@jifen/contracts';

/** A program in Shanghai that does nothing yet. */
export const PLAIN_PROGRAM = {
  name: { en: 'Test', zh: '测试' },
  timeZone: 'Asia/Shanghai',
  moneyCurrency: 'CNY',
  currencies: [{ code: 'points', decimals: 0 }],
} satisfies Omit<ProgramDocument, 'rules'>;

/** Bronze from the beginning, and one tier above it. */
export const ladderTo = (
  code: string,
  threshold: number,
  multiplier: string,
): NonNullable<ProgramDocument['ladder']> => ({
  currency: 'points',
  basis: 'lifetime-points',
  tiers: [
    { code: 'bronze', name: { en: 'Bronze', zh: '青铜' }, threshold: 0, multiplier: '1' },
    { code, name: { en: 'Second', zh: '第二级' }, threshold, multiplier },
  ],
});

/** An order of one line, paid as it is placed. */
export const paidOrder = (
  orderId: string,
  paidAt: string,
  amount: string,
  more: Partial<RecordedOrder> = {},
): RecordedOrder => ({
  ...{ source: 'shop', orderId, revision: 1, status: 'paid', currency: 'CNY' },
  ...{ occurredAt: paidAt, placedAt: paidAt, paidAt },
  lines: [{ lineId: '1', sku: 'TEA', quantity: 1, amount }],
  ...more,
});
