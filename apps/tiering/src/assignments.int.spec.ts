import { instant } from '@jifen/kernel';
import { referenceDocument } from '@jifen/tiering';
import { MAX_ASSIGNMENTS } from './application/assign-tier.ts';
import { TierWorld } from './testing/tier-world.ts';

let world: TierWorld;
let members = 0;
const newMember = (): string => `a-${++members}`;
const june = '2026-06-01T00:00:00.000Z';
const august = '2026-08-01T00:00:00.000Z';

const told = async (member: string): Promise<readonly Record<string, unknown>[]> =>
  (await world.told(member)).map(({ type, data }) => ({ type, ...(JSON.parse(data) as object) }));

beforeAll(async () => {
  world = await TierWorld.start();
  await world.deliver(world.published(1, referenceDocument));
});
beforeEach(() => world.itIs(june));
afterAll(() => world.stop());

describe('a tier given by hand', () => {
  it('holds at once and until its end, says who gave it and why, and ends by itself', async () => {
    const member = newMember();
    await world.deliver(world.posting(member, { award: 'a', granted: 5_000 }));
    expect(await world.assign(member, 'platinum', august)).toMatchObject({ ok: true, value: { member } });
    expect((await told(member)).slice(1)).toMatchObject([
      { type: 'tier.assigned', tier: 'platinum', at: june, until: august, reason: 'goodwill', actor: 'key:k-1' },
      { type: 'tier.changed', tier: 'platinum', previous: 'silver', change: 'upgraded', reason: 'manual' },
    ]);
    world.itIs('2026-06-02T00:00:00.000Z');
    expect(await world.tier(member)).toMatchObject({
      tier: { code: 'platinum' },
      until: august,
      given: { tier: 'platinum', from: june, until: august },
      lifetimePoints: 5_000,
      next: { tier: 'diamond', points: 95_000 },
      projected: 'silver',
    });
    expect(await world.tier(member, undefined, instant('2026-05-01T00:00:00.000Z'))).toMatchObject({
      tier: { code: 'silver' },
      projected: 'silver',
    });
    await world.deliver(world.posting(member, { award: 'b', granted: 20_000, earnedAt: june }));
    expect(await world.tier(member)).toMatchObject({ tier: { code: 'platinum' }, projected: 'gold' });
    world.itIs(august);
    expect((await world.tier(member)).tier.code).toBe('gold');
    expect([await world.review(), await world.review()]).toEqual([1, 0]);
    const last = (await told(member)).at(-1);
    expect(last).toMatchObject({ tier: 'gold', since: '2026-07-31T23:59:59.999Z', change: 'downgraded' });
    expect(last).toMatchObject({ reason: 'manual' });
  });

  it('that was said before writes nothing; what is taken back leaves what was earned', async () => {
    const member = newMember();
    expect(await world.assign(member, undefined)).toEqual({ ok: true, value: { member } });
    await world.assign(member, 'gold');
    const written = await told(member);
    expect(await world.assign(member, 'gold')).toEqual({ ok: true, value: { member } });
    expect(await told(member)).toEqual(written);
    world.itIs('2026-06-03T00:00:00.000Z');
    await world.assign(member, undefined, undefined, 'by mistake');
    expect((await told(member)).slice(2)).toMatchObject([
      { type: 'tier.assigned', reason: 'by mistake' },
      { type: 'tier.changed', tier: 'bronze', change: 'downgraded', reason: 'manual' },
    ]);
    expect((await told(member))[2]).not.toHaveProperty('tier');
    const view = await world.tier(member);
    expect(view).not.toHaveProperty('given');
    expect(view.timeline).toEqual([
      { tier: 'gold', since: '2026-05-31T23:59:59.999Z' },
      { tier: 'bronze', since: '2026-06-02T23:59:59.999Z' },
    ]);
  });

  it('never takes a higher one that was earned, before it or after', async () => {
    const member = newMember();
    await world.assign(member, 'silver');
    await world.deliver(world.posting(member, { award: 'a', granted: 20_000, earnedAt: june }));
    world.itIs('2026-06-02T00:00:00.000Z');
    expect(await world.tier(member)).toMatchObject({ tier: { code: 'gold' }, given: { tier: 'silver' } });
    await world.assign(member, 'bronze');
    expect((await world.tier(member)).tier.code).toBe('gold');
  });

  it.each([
    ['a tier that is none', 'onyx', undefined, { code: 'invalid_request', errors: [{ pointer: '/tier' }] }],
    ['an end that is over', 'gold', june, { code: 'invalid_request', errors: [{ pointer: '/until' }] }],
  ])('refuses %s, and writes nothing', async (_, tier, until, refusal) => {
    const member = newMember();
    expect(await world.assign(member, tier, until)).toMatchObject({ ok: false, refusal });
    expect(await told(member)).toEqual([]);
  });

  it('is not given more often than a member can keep', async () => {
    const member = newMember();
    for (let time = 0; time < MAX_ASSIGNMENTS; time++) {
      world.itIs(new Date(Date.parse(june) + time * 1_000).toISOString());
      await world.assign(member, time % 2 === 0 ? 'gold' : 'silver');
    }
    expect(await world.assign(member, 'diamond')).toMatchObject({
      ok: false,
      refusal: { code: 'too_many_assignments' },
    });
  });
});
