import type { EarnRule, Limit } from '@jifen/contracts';
import { day, document, expectCase, spend } from '../../testing/program-cases.ts';

describe('Q23: limits for each store, session and identifier, and in money', () => {
  const placed = (id: string, store: string | undefined, amount: string, date: number) => ({
    order: { orderId: id, occurredAt: day(date), amount, ...(store === undefined ? {} : { store }) },
  });
  const perStore = (limit: Partial<Limit>) =>
    document([{ ...spend, limits: [{ per: 'month', each: 'store', ...limit }] }]);

  it('count every store for itself, and what has none together', async () => {
    const given = [
      placed('A', 'north', '80.00', 1),
      placed('B', 'north', '80.00', 2),
      placed('C', 'south', '80.00', 3),
      placed('D', undefined, '80.00', 4),
      placed('E', undefined, '80.00', 5),
      placed('F', 'x'.repeat(128), '80.00', 6),
    ];
    await expectCase(perStore({ points: 100 }), { given, expect: { 'm-1': { points: 100 + 80 + 100 + 80 } } });
    await expectCase(perStore({ count: 1 }), { given, expect: { 'm-1': { points: 4 * 80 } } });
  });

  it('follow an order that turns out to be of another store', async () => {
    const given = [
      placed('A', 'north', '80.00', 1),
      placed('B', 'north', '80.00', 2),
      placed('A', 'south', '80.00', 1),
    ];
    await expectCase(perStore({ points: 100 }), { given, expect: { 'm-1': { points: 160 } } });
  });

  it('take no value for another one, whatever is in it', async () => {
    const given = ['null', 'a/rolling', 'a="b', 'a', '\u0001'].map((store, n) =>
      placed(`O${n}`, store, '80.00', n + 1),
    );
    await expectCase(perStore({ per: { days: 30 }, points: 60 }), { given, expect: { 'm-1': { points: 5 * 60 } } });
  });

  it('count an attribute of orders and a field of activities alike', async () => {
    const share: EarnRule = {
      ...spend,
      id: 'share',
      when: { activity: 'share.made' },
      earn: { form: 'fixed', points: 30 },
    };
    const limits = [{ id: 'session', currency: 'points', per: 'day' as const, each: 'session', points: 100 }];
    const of = (session: string | number) => ({ attributes: { session } });
    await expectCase(document([spend, share], { limits }), {
      given: [
        { order: { orderId: 'A', occurredAt: day(1), amount: '90.00', ...of(7) } },
        { activity: { id: 'B', occurredAt: day(1), type: 'share.made', data: { session: '7' } } },
        { activity: { id: 'C', occurredAt: day(1), type: 'share.made', data: { session: '8' } } },
      ],
      expect: { 'm-1': { points: 90 + 10 + 30 } },
    });
  });

  it('bound in money what points are worth, rounded down to points', async () => {
    const worth = (money?: string) =>
      document([{ ...spend, limits: [{ per: 'month', worth: '1.00' }] }], {
        ...(money === undefined ? {} : { pointValue: [{ currency: 'points', money }] }),
      });
    const given = [placed('A', undefined, '500.00', 1)];
    await expectCase(worth(), { given, expect: { 'm-1': { points: 100 } } });
    await expectCase(worth('0.03'), { given, expect: { 'm-1': { points: 33 } } });
  });
});
