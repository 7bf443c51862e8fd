import { instant, memberKey, partitionOf } from '@jifen/kernel';
import { ladderOf, referenceDocument } from '@jifen/tiering';
import { RECOMPUTE_PAGE } from './application/recompute.ts';
import { NOW, PARTITIONS, PROGRAM, TierWorld } from './testing/tier-world.ts';

let world: TierWorld;
let members = 0;
const newMember = (): string => `m-${++members}`;

const march = '2026-03-01T08:00:00.000Z';
const april = '2026-04-01T08:00:00.000Z';

const dataOf = (event: { readonly data: string } | undefined): unknown => JSON.parse(event?.data ?? 'null');
const scalar = async (sql: string, ...values: unknown[]): Promise<unknown> =>
  (await world.pool.query<{ value: unknown }>(sql, values)).rows[0]?.value;

beforeAll(async () => {
  world = await TierWorld.start();
  await world.deliver(world.published(1, referenceDocument));
});

afterAll(() => world.stop());

describe('tiering', () => {
  it('a member of whom nothing is known stands on the first step', async () => {
    const view = await world.tier('nobody');
    expect(view).toMatchObject({
      tier: { code: 'bronze' },
      lifetimePoints: 0,
      next: { tier: 'silver', threshold: 5_000, points: 5_000 },
      timeline: [],
    });
    expect(view).not.toHaveProperty('since');
  });

  it('tells where a member stood at an instant, by what is known now', async () => {
    const member = newMember();
    await world.deliver(
      world.posting(member, { award: 'b', granted: 15_000, earnedAt: april }),
      world.posting(member, { award: 'a', granted: 5_000, earnedAt: march }),
    );
    const at = (asOf: string) => world.tier(member, NOW, instant(asOf));
    expect(await at(march)).toMatchObject({ asOf: march, tier: { code: 'bronze' }, lifetimePoints: 0, timeline: [] });
    expect(await at('2026-03-01T08:00:00.001Z')).toMatchObject({
      tier: { code: 'silver' },
      since: march,
      lifetimePoints: 5_000,
      next: { tier: 'gold', points: 15_000 },
    });
    expect(await at(april)).toMatchObject({ tier: { code: 'silver' }, lifetimePoints: 5_000 });
    expect(await world.tier(member)).toMatchObject({ tier: { code: 'gold' }, lifetimePoints: 20_000 });
  });

  it('T08: tells of a tier once, when an award reaches it, with the whole timeline', async () => {
    const member = newMember();
    await world.deliver(world.posting(member, { award: 'a', granted: 4_999, earnedAt: march }));
    expect(await world.told(member)).toEqual([]);
    await world.deliver(world.posting(member, { award: 'b', granted: 1, earnedAt: april }));
    const told = await world.told(member);
    expect(told).toHaveLength(1);
    expect(dataOf(told[0])).toEqual({
      program: PROGRAM,
      member,
      tier: 'silver',
      since: april,
      lifetimePoints: 5_000,
      programVersion: 1,
      timeline: [
        { tier: 'bronze', since: '1970-01-01T00:00:00.000Z' },
        { tier: 'silver', since: april },
      ],
      previous: 'bronze',
      change: 'upgraded',
      reason: 'earned',
      basis: 'lifetime-points',
      qualifying: 5_000,
    });
    expect(told[0]?.meta.causationId).toMatch(/^ledger-\d-\d+$/);
    expect(await world.tier(member)).toMatchObject({
      tier: { code: 'silver' },
      since: april,
      next: { points: 15_000 },
    });
  });

  it('many postings of a member in one flush tell once', async () => {
    const member = newMember();
    const steps = [3_000, 3_000, 14_000].map((granted, place) =>
      world.posting(member, { award: `a${place}`, granted, earnedAt: `2026-03-0${place + 1}T00:00:00.000Z` }),
    );
    await world.deliver(...steps);
    const told = await world.told(member);
    expect(told).toHaveLength(1);
    expect(dataOf(told[0])).toMatchObject({ tier: 'gold', since: '2026-03-03T00:00:00.000Z' });
  });

  it('U43: points spent, held, expired or given away leave the tier as it is', async () => {
    const member = newMember();
    await world.deliver(world.posting(member, { award: 'a', granted: 5_000, earnedAt: march }));
    const before = await world.tier(member);
    const types = ['points.redeemed', 'points.held', 'points.expired', 'points.transferred-out', 'points.adjusted'];
    for (const type of types)
      await world.deliver(
        world.posting(member, { award: 'a', granted: 0, type, reason: 'spent', entry: { points: -5_000 } }),
      );
    expect(await world.tier(member)).toEqual(before);
    expect(await world.told(member)).toHaveLength(1);
  });

  it('U44: a redemption’s rows never count as points earned', async () => {
    const member = newMember();
    await world.deliver(world.posting(member, { award: 'a', granted: 4_999, earnedAt: march }));
    for (const type of ['points.redeemed', 'points.redemption-reversed', 'points.transferred-in', 'points.adjusted'])
      await world.deliver(
        world.posting(member, { award: 'a', granted: 9_999, type, reason: 'given', entry: { points: 9_999 } }),
      );
    expect(await world.tier(member)).toMatchObject({ tier: { code: 'bronze' }, lifetimePoints: 4_999 });
  });

  it('a reversal takes a promotion back from the instant it was earned, and says so', async () => {
    const member = newMember();
    await world.deliver(world.posting(member, { award: 'a', granted: 5_000, earnedAt: march }));
    const refund = { award: 'a', type: 'points.reversed', reason: 're-rating', earnedAt: march };
    await world.deliver(world.posting(member, { ...refund, granted: 4_000 }));
    expect(await world.tier(member)).toMatchObject({ tier: { code: 'bronze' }, lifetimePoints: 4_000, timeline: [] });
    const told = await world.told(member);
    expect(told).toHaveLength(2);
    expect(dataOf(told[1])).toMatchObject({ tier: 'bronze', previous: 'silver', since: '1970-01-01T00:00:00.000Z' });
    await world.deliver(world.posting(member, { award: 'b', granted: 1_000, earnedAt: april }));
    expect(await world.tier(member)).toMatchObject({ tier: { code: 'silver' }, since: april });
  });

  it('an award that moves to another instant moves the crossing', async () => {
    const member = newMember();
    await world.deliver(world.posting(member, { award: 'a', granted: 5_000, earnedAt: march }));
    await world.deliver(world.posting(member, { award: 'a', granted: 6_000, earnedAt: april, reason: 're-rating' }));
    expect(await world.tier(member)).toMatchObject({ since: april, lifetimePoints: 6_000 });
  });

  it('late and early, in one flush or in many: the same standing', async () => {
    const grants = [
      { award: 'a', granted: 4_000, earnedAt: '2026-02-01T00:00:00.000Z' },
      { award: 'b', granted: 2_000, earnedAt: '2026-02-02T00:00:00.000Z' },
      { award: 'c', granted: 15_000, earnedAt: '2026-02-03T00:00:00.000Z' },
      { award: 'd', granted: 9, earnedAt: '2026-02-04T00:00:00.000Z' },
    ];
    const views: unknown[] = [];
    for (const order of [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 3, 1],
      [1, 3, 0, 2],
    ]) {
      const [one, other] = [newMember(), newMember()];
      const given = order.flatMap((place) => grants[place] ?? []);
      await world.deliver(...given.map((grant) => world.posting(one, grant)));
      for (const grant of given) await world.deliver(world.posting(other, grant));
      for (const member of [one, other]) views.push({ ...(await world.tier(member)), member: 'any' });
    }
    for (const view of views) expect(view).toEqual(views[0]);
    expect(views[0]).toMatchObject({
      timeline: [
        { tier: 'silver', since: '2026-02-02T00:00:00.000Z' },
        { tier: 'gold', since: '2026-02-03T00:00:00.000Z' },
      ],
    });
  });

  it('points of another currency count for nothing', async () => {
    const member = newMember();
    await world.deliver(world.posting(member, { award: 'a', granted: 9_000, entry: { currency: 'stars' } }));
    expect(await world.tier(member)).toMatchObject({ tier: { code: 'bronze' }, lifetimePoints: 0 });
  });

  it('a token from ingestion works here: the watermark moves with every posting, also with one that does not count', async () => {
    const member = newMember();
    const partition = partitionOf(memberKey(PROGRAM, member), PARTITIONS);
    await world.deliver(
      world.posting(member, { award: 'a', granted: 5, origin: { partition, position: 41 } }),
      world.posting(member, { award: 'a', granted: 5, type: 'points.activated', origin: { partition, position: 42 } }),
    );
    const shard = (await world.store.shards()).find((each) => each.partition === partition);
    expect(shard?.cursors['origin:activity']).toEqual({ offset: 43, sequence: 42 });
  });

  it.each([
    ['what is no JSON', '{', 'undecodable'],
    ['what breaks the schema', '{"program":"demo"}', 'schema'],
  ])('%s becomes a dead letter and holds up nobody', async (_, data, reason) => {
    const member = newMember();
    const bad = world.message('ledger', memberKey(PROGRAM, member), 'points.earned', data, march);
    await world.deliver(bad, world.posting(member, { award: 'a', granted: 5_000 }));
    expect(await world.tier(member)).toMatchObject({ tier: { code: 'silver' } });
    const found = await scalar(
      'SELECT reason AS value FROM dead_letter WHERE partition = $1 AND message_offset = $2',
      bad.partition,
      bad.offset,
    );
    expect(found).toBe(reason);
  });
});

describe('T07: near an upgrade', () => {
  const near = { ...referenceDocument.ladder, nearUpgrade: 500 };
  const tell = async (member: string, award: string, granted: number, reason = 'earn'): Promise<void> => {
    const type = reason === 'earn' ? 'points.earned' : 'points.reversed';
    await world.deliver(world.posting(member, { award, granted, reason, type, earnedAt: april }));
  };
  const types = async (member: string): Promise<readonly string[]> =>
    (await world.told(member)).map(({ type, data }) => {
      const { next = '', missing = '' } = JSON.parse(data) as { readonly next?: string; readonly missing?: number };
      return [type, next, missing].join(' ').trim();
    });

  beforeAll(() => world.deliver(world.published(2, { ladder: near })));

  it('a member is told once a tier, whatever comes and goes meanwhile', async () => {
    const member = newMember();
    await tell(member, 'a', 4_499);
    expect(await types(member)).toEqual([]);
    await tell(member, 'b', 1);
    expect(await types(member)).toEqual(['tier.near-upgrade silver 500']);
    await tell(member, 'a', 1_000, 're-rating');
    await tell(member, 'c', 3_600);
    await tell(member, 'd', 300);
    expect(await types(member)).toEqual(['tier.near-upgrade silver 500']);
    await tell(member, 'e', 14_700);
    expect((await types(member)).slice(1)).toEqual(['tier.changed', 'tier.near-upgrade gold 399']);
    await tell(member, 'f', 399);
    expect((await types(member)).slice(3)).toEqual(['tier.changed']);
    expect((await world.told(member)).map(({ version }) => version)).toEqual([1, 2, 3, 4]);
  });

  it('who jumps over the zone is told of the tier alone, and on the highest of nothing more', async () => {
    const member = newMember();
    await tell(member, 'a', 5_000);
    await tell(member, 'b', 200_000);
    expect(await types(member)).toEqual(['tier.changed', 'tier.changed']);
  });

  it('refuses a zone that is none', () => {
    for (const nearUpgrade of [0, -1, 0.5, '5']) expect(ladderOf({ ladder: { ...near, nearUpgrade } }).ok).toBe(false);
  });
});

describe('a new ladder', () => {
  const steps = (...thresholds: readonly number[]): object => ({
    ladder: { currency: 'points', tiers: thresholds.map((threshold, place) => ({ code: `t${place}`, threshold })) },
  });

  it('recomputes every member, page by page, once; other rules recompute nobody', async () => {
    const crowd = Array.from({ length: RECOMPUTE_PAGE + 5 }, (_, place) => `crowd-${place}`);
    const key = (member: string): number => partitionOf(memberKey(PROGRAM, member), PARTITIONS);
    await world.deliver(...crowd.map((member) => world.posting(member, { award: 'a', granted: 600, earnedAt: march })));
    await world.recompute();
    const shown = {
      badge: { colour: '#cd7f32', icon: 'tiers/bronze' },
      benefits: [{ code: 'support', name: { en: 'Support by phone', zh: '电话客服' }, value: 'priority' }],
    };
    const { tiers } = referenceDocument.ladder;
    const ladder = { ...referenceDocument.ladder, tiers: tiers.map((tier) => ({ ...tier, ...shown })) };
    await world.deliver(world.published(3, { ladder, name: 'other rules' }));
    expect(await world.recompute()).toBe(0);
    expect((await world.tier(crowd[0] ?? '')).tier).toMatchObject({ code: 'bronze', ...shown });
    await world.deliver(world.published(4, steps(0, 600)));
    const [first = ''] = crowd;
    expect(await world.tier(first)).toMatchObject({ tier: { code: 't1' }, since: march, programVersion: 4 });
    expect(await world.recompute()).toBeGreaterThanOrEqual(crowd.length);
    expect(await world.recompute()).toBe(0);
    for (const member of [first, crowd.at(-1) ?? '']) {
      const told = await world.told(member);
      expect(told).toHaveLength(1);
      expect(dataOf(told[0])).toMatchObject({ tier: 't1', previous: 'bronze', programVersion: 4 });
    }
    expect(await scalar('SELECT count(*)::int AS value FROM standing WHERE ladder_version <> 4')).toBe(0);
    expect(new Set(crowd.map(key)).size).toBeGreaterThan(1);
  });

  it('that is interrupted goes on behind the last page, and tells nobody twice', async () => {
    const crowd = Array.from({ length: PARTITIONS * (RECOMPUTE_PAGE + 50) }, (_, place) => `queue-${place}`);
    for (let from = 0; from < crowd.length; from += 500) {
      const batch = crowd.slice(from, from + 500);
      await world.deliver(
        ...batch.map((member) => world.posting(member, { award: 'a', granted: 650, earnedAt: march })),
      );
    }
    await world.deliver(world.published(5, steps(0, 650)));
    const stop = new AbortController();
    const unsubscribe = world.store.onCommitted(() => stop.abort());
    expect(await world.recompute(NOW, stop.signal)).toBe(RECOMPUTE_PAGE);
    unsubscribe();
    expect(await scalar('SELECT count(*)::int AS value FROM standing WHERE ladder_version = 5')).toBe(RECOMPUTE_PAGE);
    await world.recompute();
    expect(await scalar('SELECT count(*)::int AS value FROM standing WHERE ladder_version <> 5')).toBe(0);
    const told = await scalar(
      `SELECT max(version)::int AS value FROM event WHERE log = 'tier' AND stream LIKE 'demo/queue-%'`,
    );
    expect(told).toBe(1);
  });

  it('one for later counts from when it comes into force', async () => {
    const member = newMember();
    await world.deliver(world.posting(member, { award: 'a', granted: 700, earnedAt: march }));
    await world.deliver(world.published(6, steps(0, 700), '2026-06-02T00:00:00.000Z'));
    expect(await world.tier(member)).toMatchObject({ programVersion: 5 });
    const later = NOW + 2 * 86_400_000;
    expect(await world.tier(member, later)).toMatchObject({ programVersion: 6, tier: { code: 't1' } });
  });

  it('U08: leaves what was reached before it as it was', async () => {
    const member = newMember();
    const [before, after] = ['2026-06-02T00:00:00.000Z', '2026-06-03T00:00:00.000Z'];
    await world.deliver(world.posting(member, { award: 'a', granted: 700, earnedAt: march }));
    await world.deliver(world.published(7, steps(0, 50_000), after));
    const reached = { tier: 't1', since: march };
    expect(await world.tier(member, Date.parse(before))).toMatchObject({ timeline: [reached] });
    expect(await world.tier(member, Date.parse(after) + 1)).toMatchObject({
      programVersion: 7,
      tier: { code: 't0' },
      timeline: [reached, { tier: 't0', since: '2026-06-02T23:59:59.999Z' }],
    });
  });

  it('one that is none is a dead letter; a program without one has no tiers', async () => {
    const bad = world.published(8, { ladder: { currency: 'points', tiers: [{ code: 'x', threshold: 9 }] } });
    await world.deliver(bad);
    expect(await scalar('SELECT count(*)::int AS value FROM dead_letter WHERE reason = $1', 'ladder')).toBe(1);
    await world.deliver(world.published(9, { name: 'plain' }));
    await expect(world.tier('nobody')).rejects.toThrow('no ladder');
    const member = newMember();
    await world.deliver(world.posting(member, { award: 'a', granted: 9_000, earnedAt: march }));
    await world.deliver(world.published(10, referenceDocument));
    await world.recompute();
    expect(await world.tier(member)).toMatchObject({ tier: { code: 'silver' }, since: march });
    expect(await world.told(member)).toHaveLength(1);
  });
});
