import { BUNDLES_PAGE } from './application/collect-orders.ts';
import { TierWorld } from './testing/tier-world.ts';

let world: TierWorld;
let version = 0;
let members = 0;
const newMember = (): string => `o-${++members}`;

const tiers = [
  { code: 'bronze', threshold: 0 },
  { code: 'silver', threshold: 1_000 },
  { code: 'gold', threshold: 3_000 },
];
const POINTS = { currency: 'points', basis: 'lifetime-points', tiers };
const SPEND = { currency: 'points', basis: 'spend', window: { months: 12 }, tiers };
const may = '2026-05-01T00:00:00.000Z';

const document = (ladder: object): object => ({ timeZone: 'Asia/Shanghai', moneyCurrency: 'CNY', ladder });
const count = async (table: string): Promise<unknown> =>
  (await world.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]?.n;
const told = async (member: string): Promise<readonly unknown[]> =>
  (await world.told(member)).map(({ type, data }) => ({ type, ...(JSON.parse(data) as object) }));

beforeAll(async () => {
  world = await TierWorld.start();
});
afterAll(() => world.stop());
beforeEach(async () => {
  world.itIs('2026-06-01T00:00:00Z');
  await world.admin.query(
    'TRUNCATE tiering.ladder, tiering.standing, tiering.purchase, tiering.order_bundle, tiering.recomputation',
  );
  await world.deliver(world.published(++version, document(POINTS)));
});

describe('orders that no ladder counts', () => {
  it('cost a row a flush, and make no member', async () => {
    const flush = Array.from({ length: 100 }, (_, place) => world.order(newMember(), `X${place}`, '9.00'));
    await world.deliver(...flush);
    expect([await count('purchase'), await count('order_bundle'), await count('standing')]).toEqual([0, 1, 0]);
  });

  it('count as soon as a ladder does that follows, for members too who earned nothing', async () => {
    const [buyer, both] = [newMember(), newMember()];
    await world.deliver(world.order(buyer, 'A', '3000.00'), world.order(both, 'B', '1000.00'));
    await world.deliver(world.posting(both, { award: 'a', granted: 5 }));
    await world.deliver(world.published(++version, document(SPEND), '2026-05-15T00:00:00.000Z'));
    await world.recompute();
    const since = '2026-05-14T23:59:59.999Z';
    for (const [member, tier] of [
      [buyer, 'gold'],
      [both, 'silver'],
    ] as const)
      expect(await told(member)).toMatchObject([{ type: 'tier.changed', tier, since, reason: 'program' }]);
    await world.recompute();
    expect(await told(buyer)).toHaveLength(1);
    expect([await count('purchase'), await count('order_bundle')]).toEqual([2, 0]);
  });

  it('are whole before that ladder is in force: nobody is judged by a part of them', async () => {
    const member = newMember();
    await world.deliver(world.posting(member, { award: 'a', granted: 1_000 }));
    const flushes = BUNDLES_PAGE * 4 + 1;
    for (let flush = 0; flush < flushes; flush++)
      await world.deliver(world.order(member, `F${flush}`, '100.00', { paidAt: may }));
    await world.deliverOnly(world.published(++version, document(SPEND), may));
    expect(await world.tier(member)).toMatchObject({ tier: { code: 'silver' }, basis: 'lifetime-points' });
    const stop = new AbortController();
    const interrupted = world.collect(stop.signal);
    stop.abort();
    expect(await interrupted).toBeLessThan(flushes);
    // Meanwhile an old order is taken back and a new one comes, and neither makes anybody fall.
    await world.deliverOnly(
      world.order(member, 'F0', '100.00', { paidAt: may, revision: 2, status: 'cancelled' }),
      world.order(member, 'new', '250.00', { paidAt: may }),
    );
    expect(await world.tier(member)).toMatchObject({ basis: 'lifetime-points', programVersion: version - 1 });
    await Promise.all([world.collect(), world.collect()]);
    expect(await world.tier(member)).toMatchObject({ basis: 'spend', qualifying: 250 + (flushes - 1) * 100 });
    await world.recompute();
    expect((await told(member)).map((event) => (event as { tier: string }).tier)).toEqual(['silver', 'silver']);
    expect(await count('purchase')).toBe(flushes + 1);
  });

  it('end the same however many came before the ladder, and a revision behind never replaces a later one', async () => {
    const figures: unknown[] = [];
    for (const split of [0, 1, 2, 3, 4]) {
      const member = newMember();
      await world.admin.query('TRUNCATE tiering.ladder');
      await world.deliver(world.published(++version, document(POINTS)));
      const changes = [
        world.order(member, 'A', '1200.00', { paidAt: may }),
        world.order(member, 'B', '500.00', { paidAt: may }),
        world.order(member, 'A', '1200.00', { paidAt: may, revision: 2, status: 'cancelled' }),
        world.order(member, 'B', '900.00', { paidAt: may, revision: 2 }),
      ];
      for (const change of changes.slice(0, split)) await world.deliver(change);
      await world.deliverOnly(world.published(++version, document(SPEND), may));
      for (const change of changes.slice(split)) await world.deliverOnly(change);
      await world.collect();
      await world.recompute();
      figures.push((await world.tier(member)).qualifying);
    }
    expect(figures).toEqual([900, 900, 900, 900, 900]);
  });

  it('of a ladder for later are rows at once, and their members stand on it when it comes', async () => {
    const member = newMember();
    await world.deliver(world.published(++version, document(SPEND), '2026-06-10T00:00:00.000Z'));
    await world.deliver(world.order(member, 'A', '3000.00', { paidAt: may }));
    expect([await count('purchase'), await told(member)]).toEqual([1, []]);
    world.itIs('2026-06-10T00:00:00Z');
    await world.recompute();
    expect(await told(member)).toMatchObject([{ tier: 'gold', since: '2026-06-09T23:59:59.999Z' }]);
  });

  it('are waited for by whatever version follows, which rests on the one that counts them', async () => {
    await world.deliver(world.order(newMember(), 'A', '3000.00'));
    await world.deliverOnly(world.published(++version, document(SPEND)));
    await world.deliverOnly(world.published(++version, document(POINTS)));
    expect(await world.tier('anybody')).toMatchObject({ programVersion: version - 2 });
    await world.collect();
    expect(await world.tier('anybody')).toMatchObject({ programVersion: version, basis: 'lifetime-points' });
  });
});
