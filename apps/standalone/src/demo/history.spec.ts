import { validateMember, validateOrder, validateOrderRefund } from '@jifen/contracts';
import { demoHistory } from './history.ts';

describe('the demo history', () => {
  const until = new Date('2026-11-22T09:00:00Z');
  const history = demoHistory(until);

  it('is the same for the same day', () => {
    expect(demoHistory(new Date('2026-11-22T23:00:00Z'))).toEqual(history);
    expect(demoHistory(new Date('2026-11-23T00:00:00Z')).orders[0]?.orderId).not.toBe(history.orders[0]?.orderId);
  });

  it('has about sixty members, some dealers, six hundred orders of three months, refunds among them', () => {
    expect(history.members).toHaveLength(60);
    expect(history.members.filter(({ dealer }) => dealer).length).toBeGreaterThan(3);
    expect(new Set(history.orders.map(({ orderId }) => orderId)).size).toBe(600);
    expect(history.refunds.length).toBeGreaterThan(10);
    const placed = history.orders.map(({ placedAt }) => Date.parse(placedAt));
    expect(Math.min(...placed)).toBeGreaterThan(until.getTime() - 92 * 86_400_000);
    expect(Math.max(...placed)).toBeLessThanOrEqual(until.getTime());
  });

  it('is made of valid records', () => {
    for (const order of history.orders) expect(validateOrder(order)).toMatchObject({ ok: true });
    for (const refund of history.refunds) expect(validateOrderRefund(refund)).toMatchObject({ ok: true });
    for (const { profile } of history.members) expect(validateMember(profile)).toMatchObject({ ok: true });
  });
});
