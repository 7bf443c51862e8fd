import { instant } from '@jifen/kernel';
import { REVIEW_PAGE } from './application/review.ts';
import { PARTITIONS, TierWorld } from './testing/tier-world.ts';

let world: TierWorld;
let members = 0;
const newMember = (): string => `r-${++members}`;

const tiers = [
  { code: 'bronze', threshold: 0 },
  { code: 'silver', threshold: 1_000, keep: 800 },
  { code: 'gold', threshold: 3_000, keep: 2_500 },
];
const YEAR = { currency: 'points', basis: 'points', window: { per: 'year' }, tiers };
const NEW_YEAR = '2026-12-31T16:00:00.000Z';
const EVE = '2026-12-31T15:59:59.999Z';
const may = '2026-05-01T00:00:00.000Z';
const june = '2026-06-01T00:00:00.000Z';

/** Each spec begins on 1 June, with nothing but one ladder. */
async function under(ladder: object): Promise<void> {
  world.itIs(june);
  await world.admin.query(
    'TRUNCATE tiering.ladder, tiering.standing, tiering.granted, tiering.purchase, tiering.joining',
  );
  await world.deliver(world.published(++version, { timeZone: 'Asia/Shanghai', moneyCurrency: 'CNY', ladder }));
}
let version = 0;

const told = async (member: string): Promise<readonly Record<string, unknown>[]> =>
  (await world.told(member)).map(({ type, data }) => ({ type, ...(JSON.parse(data) as object) }));
const types = async (member: string): Promise<readonly unknown[]> => (await told(member)).map(({ type }) => type);

beforeAll(async () => {
  world = await TierWorld.start();
});
afterAll(() => world.stop());

describe('reviews', () => {
  it('Q20: warn a month before of what is missing, and take the tier when it stays missing, each once', async () => {
    await under({ ...YEAR, review: { clock: 'calendar', noticeDays: 30 } });
    const member = newMember();
    await world.deliver(world.posting(member, { award: 'a', granted: 3_000, earnedAt: '2025-05-01T00:00:00.000Z' }));
    await world.deliver(world.posting(member, { award: 'b', granted: 900, earnedAt: may }));
    world.itIs('2026-12-01T15:59:59Z');
    expect(await world.review()).toBe(0);
    world.itIs('2026-12-01T16:00:00Z');
    expect([await world.review(), await world.review()]).toEqual([1, 0]);
    expect((await told(member)).at(-1)).toEqual({
      type: 'tier.will-downgrade',
      program: 'demo',
      member,
      tier: 'gold',
      to: 'silver',
      at: NEW_YEAR,
      basis: 'points',
      qualifying: 900,
      keep: 2_500,
      missing: 1_600,
      programVersion: version,
    });
    await world.deliver(world.posting(member, { award: 'c', granted: 100, earnedAt: '2026-12-02T00:00:00.000Z' }));
    expect(await types(member)).toEqual(['tier.changed', 'tier.will-downgrade']);
    world.itIs(NEW_YEAR);
    expect([await world.review(), await world.review()]).toEqual([1, 0]);
    expect((await told(member)).at(-1)).toMatchObject({
      type: 'tier.changed',
      tier: 'silver',
      since: EVE,
      previous: 'gold',
      change: 'downgraded',
      reason: 'review',
      qualifying: 0,
    });
    expect(await types(member)).toHaveLength(3);
  });

  it('tell of a tier that was kept once, and of nothing that was over before', async () => {
    await under({ ...YEAR, review: { clock: 'calendar', noticeDays: 30 } });
    const member = newMember();
    await world.deliver(world.posting(member, { award: 'a', granted: 1_000, earnedAt: '2025-05-01T00:00:00.000Z' }));
    await world.deliver(world.posting(member, { award: 'b', granted: 800, earnedAt: may }));
    world.itIs('2027-01-02T00:00:00Z');
    expect([await world.review(), await world.review()]).toEqual([1, 0]);
    expect((await told(member)).slice(1)).toEqual([
      {
        type: 'tier.kept',
        program: 'demo',
        member,
        tier: 'silver',
        reviewedAt: NEW_YEAR,
        basis: 'points',
        qualifying: 800,
        keep: 800,
        nextReviewAt: '2027-12-31T16:00:00.000Z',
        programVersion: version,
      },
    ]);
  });

  it('a late order gives back what a review took, and a refund takes what it left', async () => {
    await under({ ...YEAR, review: { clock: 'calendar' } });
    const member = newMember();
    await world.deliver(world.posting(member, { award: 'a', granted: 1_000, earnedAt: '2025-05-01T00:00:00.000Z' }));
    world.itIs('2027-01-02T00:00:00Z');
    await world.review();
    expect((await world.tier(member)).tier.code).toBe('bronze');
    await world.deliver(world.posting(member, { award: 'b', granted: 800, earnedAt: may }));
    expect((await told(member)).at(-1)).toMatchObject({ tier: 'silver', change: 'upgraded', reason: 'correction' });
    const back = { award: 'b', granted: 799, earnedAt: may, type: 'points.reversed', reason: 're-rating' };
    await world.deliver(world.posting(member, back));
    expect((await told(member)).at(-1)).toMatchObject({ tier: 'bronze', since: EVE, change: 'downgraded' });
    expect(await types(member)).toHaveLength(4);
  });

  it('end the same whatever came first: the posting, the review, or neither in time', async () => {
    await under({ ...YEAR, review: { clock: 'calendar', fall: 'to-fit', graceDays: 20 } });
    const grants = [
      { award: 'a', granted: 3_000, earnedAt: '2025-05-01T00:00:00.000Z' },
      { award: 'b', granted: 700, earnedAt: may },
      { award: 'c', granted: 150, earnedAt: '2027-01-10T00:00:00.000Z' },
    ];
    const views: unknown[] = [];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ])
      for (const reviewFirst of [true, false]) {
        const member = newMember();
        world.itIs(june);
        for (const [place, each] of order.entries()) {
          if (place === 1) world.itIs('2027-02-01T00:00:00Z');
          if (reviewFirst) await world.review();
          const grant = grants[each];
          if (grant !== undefined) await world.deliver(world.posting(member, grant));
        }
        await world.review();
        views.push({ ...(await world.tier(member)), member: 'any' });
      }
    for (const view of views) expect(view).toEqual(views[0]);
    expect(views[0]).toMatchObject({ tier: { code: 'silver' }, since: '2027-01-20T15:59:59.999Z' });
  });

  it('Q19: rolling, warn once though each day puts the end off a little, and take the tier on the day', async () => {
    await under({ ...YEAR, window: { months: 12 }, review: { clock: 'rolling', noticeDays: 30 } });
    const member = newMember();
    const march = (day: number): string => `2026-03-0${day}T04:00:00.000Z`;
    await world.deliver(
      ...[1, 2, 3].map((day) => world.posting(member, { award: `a${day}`, granted: 400, earnedAt: march(day) })),
    );
    expect(await world.tier(member)).toMatchObject({
      until: '2027-03-02T16:00:00.000Z',
      keep: { reviewAt: '2027-03-02T16:00:00.000Z', missing: 400 },
    });
    world.itIs('2027-02-10T00:00:00Z');
    expect([await world.review(), await world.review()]).toEqual([1, 0]);
    await world.deliver(world.posting(member, { award: 'b', granted: 400, earnedAt: '2027-02-11T00:00:00.000Z' }));
    world.itIs('2027-03-03T00:00:00Z');
    await world.review();
    expect(await types(member)).toEqual(['tier.changed', 'tier.will-downgrade']);
    world.itIs('2027-03-03T16:00:00Z');
    expect([await world.review(), await world.review()]).toEqual([1, 0]);
    expect((await told(member)).slice(1)).toMatchObject([
      { type: 'tier.will-downgrade', at: '2027-03-02T16:00:00.000Z', qualifying: 400, missing: 400 },
      { type: 'tier.changed', tier: 'bronze', since: '2027-03-03T15:59:59.999Z', reason: 'review' },
    ]);
  });

  it('come in bounded pages that go on where they were interrupted, each member once', async () => {
    await under({ ...YEAR, review: { clock: 'calendar' } });
    const crowd = Array.from({ length: PARTITIONS * REVIEW_PAGE + 40 }, (_, place) => `many-${place}`);
    for (let from = 0; from < crowd.length; from += 200)
      await world.deliver(
        ...crowd
          .slice(from, from + 200)
          .map((member) => world.posting(member, { award: 'a', granted: 1_000, earnedAt: may })),
      );
    world.itIs('2027-12-31T16:00:00Z');
    expect(await world.review(2)).toBeLessThanOrEqual(2 * REVIEW_PAGE);
    await Promise.all([world.review(), world.review()]);
    expect(await world.review()).toBe(0);
    const { rows } = await world.pool.query<{ told: number; members: number }>(
      `SELECT count(*)::int AS told, count(DISTINCT stream)::int AS members FROM event
        WHERE log = 'tier' AND stream LIKE 'demo/many-%' AND type = 'tier.changed' AND data::text LIKE '%"reason":"review"%'`,
    );
    expect(rows[0]).toEqual({ told: crowd.length, members: crowd.length });
  });
});

describe('the bases', () => {
  it('T03, U44: spend counts by the last revision of each order, without what points paid', async () => {
    await under({ ...YEAR, basis: 'spend', window: { months: 12 }, nearUpgrade: 200 });
    const member = newMember();
    await world.deliver(
      world.order(member, 'A', '900.00'),
      world.order(member, 'B', '500.00', { payments: [{ kind: 'points', amount: '500.00' }] }),
    );
    expect(await world.tier(member)).toMatchObject({
      tier: { code: 'bronze' },
      basis: 'spend',
      qualifying: 900,
      next: { tier: 'silver', threshold: 1_000, points: 100 },
    });
    expect(await told(member)).toMatchObject([{ type: 'tier.near-upgrade', basis: 'spend', missing: 100 }]);
    await world.deliver(world.order(member, 'C', '100.00', { paidAt: may }));
    expect(await world.tier(member)).toMatchObject({ tier: { code: 'silver' }, since: may, qualifying: 1_000 });
    const refunded = [{ lineId: '1', sku: 'tea', quantity: 1, amount: '100.00', refundedAmount: '0.01' }];
    await world.deliver(world.order(member, 'C', '100.00', { paidAt: may, revision: 2, lines: refunded }));
    expect(await world.tier(member)).toMatchObject({ tier: { code: 'bronze' }, qualifying: 999 });
    expect((await told(member)).slice(-2)).toMatchObject([
      { change: 'downgraded', reason: 'correction', qualifying: 999 },
      { type: 'tier.near-upgrade', missing: 1 },
    ]);
  });

  it('orders count, a cancelled one no longer', async () => {
    await under({
      ...YEAR,
      basis: 'orders',
      window: { months: 12 },
      tiers: [tiers[0], { code: 'regular', threshold: 2 }],
    });
    const member = newMember();
    await world.deliver(world.order(member, 'A', '9.00'), world.order(member, 'B', '9.00', { paidAt: may }));
    expect(await world.tier(member)).toMatchObject({ tier: { code: 'regular' }, since: may, qualifying: 2 });
    await world.deliver(world.order(member, 'A', '9.00', { revision: 2, status: 'cancelled' }));
    expect(await world.tier(member)).toMatchObject({ tier: { code: 'bronze' }, qualifying: 1 });
  });
});

describe('what is read', () => {
  it('Q21: until when, what keeps it, what is next and what is projected; then, too', async () => {
    await under({ ...YEAR, window: { months: 12 }, review: { clock: 'anniversary' } });
    const member = newMember();
    await world.deliver(world.registered(member, '2024-08-15T04:00:00.000Z'));
    await world.deliver(
      world.posting(member, { award: 'a', granted: 3_000, earnedAt: '2025-05-01T00:00:00.000Z' }),
      world.posting(member, { award: 'b', granted: 1_200, earnedAt: may }),
    );
    world.itIs(june);
    expect(await world.tier(member)).toMatchObject({
      tier: { code: 'gold' },
      since: '2025-05-01T00:00:00.000Z',
      until: '2026-08-14T16:00:00.000Z',
      lifetimePoints: 4_200,
      qualifying: 1_200,
      qualifyingSince: '2025-06-01T16:00:00.000Z',
      keep: { reviewAt: '2026-08-14T16:00:00.000Z', required: 2_500, qualifying: 1_200, missing: 1_300 },
      projected: 'silver',
    });
    const then = await world.tier(member, undefined, instant('2025-05-02T00:00:00.000Z'));
    expect(then).toMatchObject({ tier: { code: 'gold' }, until: '2025-08-14T16:00:00.000Z', projected: 'gold' });
    world.itIs('2026-09-01T00:00:00Z');
    expect(await world.tier(member)).toMatchObject({
      tier: { code: 'silver' },
      next: { tier: 'gold', points: 1_800 },
      timeline: [{ tier: 'gold' }, { tier: 'silver', since: '2026-08-14T15:59:59.999Z' }],
    });
  });
});
