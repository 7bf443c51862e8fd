import { expectedPoints } from './model.ts';
import { STANDARD_WORKLOAD, workload, type Submission } from './workload.ts';

const settings = { ...STANDARD_WORKLOAD, members: 50 };

describe('workload', () => {
  it('is the same for the same seed and another for another', () => {
    expect([...workload(settings, 200)]).toEqual([...workload(settings, 200)]);
    expect([...workload({ ...settings, seed: 2 }, 200)]).not.toEqual([...workload(settings, 200)]);
  });

  it('has the named shares of repeats and refunds, and every order once at least', () => {
    const submissions = [...workload(settings, 20_000)];
    const orders = submissions.filter(({ kind, body }) => kind === 'order' && body.revision === 1);
    const distinct = new Set(orders.map(({ body }) => body.orderId));
    expect(distinct.size).toBe(20_000);
    expect((orders.length - distinct.size) / 20_000).toBeCloseTo(0.05, 2);
    expect((submissions.length - orders.length) / 20_000).toBeCloseTo(0.03, 2);
    const lines = orders.reduce((sum, { body }) => sum + (body.lines?.length ?? 0), 0);
    expect(lines / orders.length).toBeCloseTo(2.2, 1);
  });
});

const at = (day: number): string => new Date(Date.UTC(2026, 0, day)).toISOString();
const order = (orderId: string, day: number, amount: string, more: object = {}): Submission => ({
  kind: 'order',
  body: {
    source: 'shop',
    orderId,
    revision: 1,
    member: 'm',
    status: 'paid',
    occurredAt: at(day),
    placedAt: at(day),
    paidAt: at(day),
    currency: 'CNY',
    lines: [{ lineId: '1', sku: 'S', quantity: 1, amount }],
    ...more,
  },
});

describe('expectedPoints', () => {
  it('counts whole yuan, the latest revision, each refund once', () => {
    const notice: Submission = {
      kind: 'order-refund',
      body: {
        source: 'shop',
        orderId: 'A',
        refundId: 'R',
        occurredAt: at(2),
        lines: [{ lineId: '1', amount: '29.90' }],
      },
    };
    expect(expectedPoints([order('A', 1, '129.99')]).get('m')).toBe(129);
    expect(expectedPoints([notice, order('A', 1, '129.90'), notice]).get('m')).toBe(100);
    expect(
      expectedPoints([order('A', 1, '10.00', { revision: 2, status: 'cancelled' }), order('A', 1, '10.00')]).get('m'),
    ).toBe(0);
  });

  it('multiplies an order by the tier that earlier ones had earned, not by its own', () => {
    expect(expectedPoints([order('A', 1, '5000.00'), order('B', 2, '100.00')]).get('m')).toBe(5_120);
    expect(expectedPoints([order('A', 1, '5000.00'), order('B', 1, '100.00')]).get('m')).toBe(5_100);
  });
});
