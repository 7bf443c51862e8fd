import { instant, instantFromMillis, memberKey } from '@jifen/kernel';
import { MAX_RECENT } from '@jifen/tiering';
import type { Message } from '@jifen/messaging';
import { PROGRAM, TierWorld, type PostingGiven } from './testing/tier-world.ts';

let world: TierWorld;
let version = 0;

const tiers = [
  { code: 'bronze', threshold: 0 },
  { code: 'silver', threshold: 1_000, keep: 800 },
  { code: 'gold', threshold: 3_000, keep: 2_500 },
];
const ROLLING = { currency: 'points', basis: 'points', window: { months: 12 }, nearUpgrade: 200, tiers };
const review = { clock: 'tier-start', months: 12, graceDays: 20, noticeDays: 30 };
const START = Date.UTC(2025, 0, 1);
const AWARDS = 500;
/** A little more than two years, an award every 36 hours. */
const dayOf = (n: number): string => instantFromMillis(START + n * 129_600_000);

const under = async (ladder: object): Promise<void> =>
  world.deliver(
    world.published(++version, { timeZone: 'Asia/Shanghai', moneyCurrency: 'CNY', ladder }, '2024-01-01T00:00:00.000Z'),
  );

async function digestOf(member: string): Promise<{ until: string; recent: number } | undefined> {
  const { rows } = await world.admin.query<{ milestone: string; recent: string }>(
    'SELECT milestone, recent FROM tiering.digest WHERE owner = $1',
    [memberKey(PROGRAM, member)],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { until } = JSON.parse(row.milestone) as { until: string };
  return { until, recent: (JSON.parse(row.recent) as { counted: unknown[] }).counted.length };
}

const forget = (member: string): Promise<unknown> =>
  world.admin.query('DELETE FROM tiering.digest WHERE owner = $1', [memberKey(PROGRAM, member)]);

/** Rows of awards that are in no digest's recent part: nothing goes by them any more. */
const dropOld = (member: string, until: string): Promise<unknown> =>
  world.admin.query('DELETE FROM tiering.granted WHERE owner = $1 AND earned_at < $2', [
    memberKey(PROGRAM, member),
    until,
  ]);

const told = async (member: string): Promise<readonly object[]> =>
  (await world.told(member)).map(({ type, data }) => ({ type, ...(JSON.parse(data) as object), member: 'any' }));

beforeAll(async () => {
  world = await TierWorld.start();
});
afterAll(() => world.stop());

/** The same to two members: one has a digest, of the other everything is read each time. */
async function both(say: (member: string) => Promise<unknown>): Promise<void> {
  await say('digested');
  await forget('whole');
  await say('whole');
  await forget('whole');
}

async function expectTheSame(asOf: readonly string[] = []): Promise<void> {
  for (const at of [undefined, ...asOf]) {
    const [digested, whole] = await Promise.all(
      ['digested', 'whole'].map(async (member) => ({
        ...(await world.tier(member, undefined, at === undefined ? undefined : instant(at))),
        member: 'any',
      })),
    );
    expect(digested).toEqual(whole);
  }
  expect(await told('digested')).toEqual(await told('whole'));
}

describe('a member of whom much is known', () => {
  it('stands, and is told, as if all of it were read each time: postings, reviews, refunds, late ones, by hand', async () => {
    await under({ ...ROLLING, review });
    for (let n = 0; n < AWARDS; n += 20) {
      world.itIs(dayOf(n + 20));
      const some = Array.from({ length: 20 }, (_, k): PostingGiven => {
        const granted = n % 240 < 120 ? 15 : 1;
        return { award: `a${n + k}`, granted, earnedAt: dayOf(n + k) };
      });
      await both((member) => world.deliver(...some.map((each) => world.posting(member, each))));
      if (n % 60 === 0) await both(() => world.review());
      await expectTheSame([dayOf(n + 15)]);
    }
    const first = await digestOf('digested');
    expect(first?.recent).toBeGreaterThanOrEqual(MAX_RECENT / 2);
    expect(first?.recent).toBeLessThanOrEqual(MAX_RECENT);

    const recent = { award: 'a499', granted: 3, earnedAt: dayOf(499), type: 'points.reversed', reason: 're-rating' };
    await both((member) => world.deliver(world.posting(member, recent)));
    expect((await digestOf('digested'))?.until).toBe(first?.until);
    await expectTheSame([dayOf(450)]);

    const old = { award: 'a7', granted: 0, earnedAt: dayOf(7), type: 'points.reversed', reason: 're-rating' };
    await both((member) => world.deliver(world.posting(member, old)));
    await expectTheSame([dayOf(8)]);
    const late = { award: 'late', granted: 2_000, earnedAt: dayOf(60) };
    await both((member) => world.deliver(world.posting(member, late)));
    await expectTheSame([dayOf(61), dayOf(400)]);

    await both((member) => world.assign(member, 'gold', '2027-06-01T00:00:00.000Z'));
    await both((member) =>
      world.deliver(world.posting(member, { award: 'more', granted: 9, earnedAt: dayOf(AWARDS) })),
    );
    await expectTheSame();
    for (const at of ['2027-06-02T00:00:00Z', '2028-01-01T00:00:00Z', '2029-01-01T00:00:00Z']) {
      world.itIs(at);
      await both(() => world.review());
      await expectTheSame([dayOf(490)]);
    }
    expect(await digestOf('digested')).toBeDefined();
  });

  it('is not read in whole for a posting, a review or a look: what is digested may be gone', async () => {
    await under({ ...ROLLING, review });
    const member = 'gone';
    world.itIs(dayOf(AWARDS));
    const some = Array.from({ length: AWARDS }, (_, n) =>
      world.posting(member, { award: `a${n}`, granted: 10, earnedAt: dayOf(n) }),
    );
    await world.deliver(...some);
    const digest = await digestOf(member);
    const before = await world.tier(member);
    await dropOld(member, digest?.until ?? '');
    expect(await world.tier(member)).toEqual(before);
    await world.deliver(world.posting(member, { award: 'more', granted: 5, earnedAt: dayOf(AWARDS) }));
    expect(await world.tier(member)).toMatchObject({
      lifetimePoints: AWARDS * 10 + 5,
      qualifying: before.qualifying + 5,
      tier: before.tier,
      timeline: before.timeline,
    });
  });

  it('spend: by the last revision of each order', async () => {
    await under({ ...ROLLING, basis: 'spend', nearUpgrade: undefined, review });
    const order = (member: string, n: number, amount: string, revision = 1): Message =>
      world.order(member, `o${n}`, amount, { paidAt: dayOf(n), revision });
    const crowd = Array.from({ length: MAX_RECENT + 50 }, (_, n) => n);
    world.itIs(dayOf(AWARDS));
    await both((member) => world.deliver(...crowd.map((n) => order(member, n, '3.99'))));
    expect(await digestOf('digested')).toBeDefined();
    await expectTheSame();
    for (const [n, amount, revision] of [
      [260, '700.00', 1],
      [260, '0.00', 2],
      [249, '9.00', 2],
      [3, '0.00', 2],
      [261, '1.00', 1],
    ] as const) {
      await both((member) => world.deliver(order(member, n, amount, revision)));
      await expectTheSame([dayOf(255)]);
    }
  });

  it('another ladder begins with all that is known, and a digest of the one before is none', async () => {
    await under({ ...ROLLING, window: { months: 6 }, review });
    await both((member) =>
      world.deliver(world.posting(member, { award: 'next', granted: 700, earnedAt: dayOf(AWARDS) })),
    );
    await world.recompute();
    await expectTheSame();
    await under({ currency: 'points', basis: 'lifetime-points', tiers });
    await both((member) =>
      world.deliver(world.posting(member, { award: 'last', granted: 5, earnedAt: dayOf(AWARDS) })),
    );
    await expectTheSame();
  });
});
