import { MessageWorld, PROGRAM, REMEMBERED_MS } from './testing/message-world.ts';

const MINUTE = 60_000;
let world: MessageWorld;

beforeAll(async () => {
  world = await MessageWorld.start();
});
afterEach(async () => {
  await world.forgetAll();
  expect(world.faults).toEqual([]);
  world.now += 86_400_000;
});
afterAll(() => world.stop());

const deadLetters = async (): Promise<number> =>
  (await world.pool.query<{ n: number }>('SELECT count(*)::integer AS n FROM dead_letter')).rows[0]?.n ?? 0;

describe('messages to members', () => {
  it('A08: what happened to points and tier is in the inbox, in the program’s words', async () => {
    await world.deliver(world.program());
    await world.settings({ language: 'zh' });
    await world.deliver(
      world.posting('m-1', 'points.earned', { points: 129 }),
      world.posting('m-1', 'points.redeemed', { points: -45, reference: 'C-2', reason: 'redeem' }),
      world.posting('m-1', 'points.redemption-reversed', { points: 15, reason: 'reversal' }),
      world.tier('m-1', 'bronze'),
      world.tier('m-1', 'silver', 'bronze'),
    );
    await world.send();
    expect(await world.titles('m-1')).toHaveLength(4);
    const told = await world.told();
    expect(told.find(({ trigger }) => trigger === 'points-credited')?.content).toEqual({
      language: 'zh',
      title: '积分到账！',
      body: expect.stringMatching(/^您获得 129 .+，当前可用 480。$/),
      link: 'myapp://points',
    });
    expect(told.map(({ trigger }) => trigger).sort()).toEqual([
      'points-credited',
      'points-redeemed',
      'points-refunded',
      'tier-changed',
    ]);
  });

  it('Q36: who takes no part is told nothing, and of who was erased nothing is kept', async () => {
    const key = { program: PROGRAM, member: 'm-36' };
    await world.settings();
    await world.deliver(world.posting('m-36'));
    await world.send();
    expect(await world.titles('m-36')).toHaveLength(1);
    await world.tables.recipients.setEmail(world.pool, key, 'li@example.com', world.now);

    await world.deliver(world.standing('m-36', 'deactivated'), world.posting('m-36'), world.posting('m-37'));
    await world.send();
    expect(await world.titles('m-36')).toHaveLength(1);
    expect(await world.titles('m-37')).toHaveLength(1);
    expect((await world.told({ member: 'm-36' })).map(({ state, reason }) => [state, reason])).toEqual([
      ['skipped', 'member-inactive'],
      ['sent', undefined],
    ]);

    await world.deliver(world.standing('m-36', 'active'), world.posting('m-36'));
    await world.send();
    expect(await world.titles('m-36')).toHaveLength(2);
    expect(await world.tables.recipients.find(world.pool, key)).toMatchObject({ email: 'li@example.com' });

    await world.deliver(world.standing('m-36', 'anonymised'), world.posting('m-36'));
    await world.send();
    expect(await world.titles('m-36')).toEqual([]);
    expect(await world.tables.recipients.find(world.pool, key)).toEqual({
      preferences: { mutedTriggers: [], mutedChannels: [] },
      standing: 'anonymised',
    });
  });

  it('nobody is told anything without settings, nor of another program, nor when it is turned off', async () => {
    await world.deliver(world.posting('m-1'));
    await world.settings({ enabled: false });
    await world.deliver(world.posting('m-1'));
    await world.settings();
    await world.deliver(world.posting('m-1', 'points.earned', { program: 'other' }));
    await world.send();
    expect(await world.told()).toEqual([]);
  });

  it('U56: a replay of the whole log tells nothing twice, also what was forgotten since', async () => {
    await world.settings();
    const messages = Array.from({ length: 30 }, (_, place) => world.posting(`m-${place % 3}`));
    await world.deliver(...messages);
    await world.send();
    const replay = async (): Promise<void> => {
      await world.pool.query(`UPDATE shard SET cursors = '{}'`);
      await world.reclaim();
      await world.deliver(...world.everything());
      await world.send();
    };
    await replay();
    expect(await world.told()).toHaveLength(30);
    world.now += REMEMBERED_MS + 1;
    await world.pool.query('DELETE FROM message');
    await replay();
    expect(await world.told()).toEqual([]);
  });

  it('tells no old news when messages are turned on, and no opening balances', async () => {
    const before = world.posting('m-1');
    world.now += 1;
    await world.settings();
    await world.deliver(before, world.posting('m-1', 'points.adjusted', { reason: 'import' }));
    await world.send();
    expect(await world.told()).toEqual([]);
  });

  it('tells a tier once, however often its timeline is published', async () => {
    await world.settings();
    await world.deliver(world.tier('m-1', 'bronze'));
    await world.deliver(world.tier('m-1', 'silver', 'bronze'), world.tier('m-1', 'silver', 'bronze'));
    await world.deliver(world.tier('m-1', 'silver', 'bronze'));
    await world.send();
    expect(await world.titles('m-1')).toHaveLength(1);
  });

  it('an event that breaks its schema is a dead letter and keeps nobody waiting', async () => {
    await world.settings();
    const letters = await deadLetters();
    await world.deliver(
      world.event('ledger', 'points.earned', { program: PROGRAM, member: 'm-1' }),
      world.posting('m-1'),
      world.event('tier', 'tier.of-the-future', { program: PROGRAM, member: 'm-1' }),
    );
    await world.send();
    expect(await deadLetters()).toBe(letters + 1);
    expect(await world.titles('m-1')).toHaveLength(1);
  });

  it('A07: a reward in reach is told once, however the balance swings, and again after points were spent', async () => {
    const rewards = [100, 500].map((points) => ({ currency: 'points', points, name: { en: `r${points}`, zh: 'r' } }));
    await world.settings({ messages: [{ trigger: 'reward-in-reach', channels: ['inbox'] }], rewards });
    const swing = (points: number, available: number, type = 'points.earned') => {
      const lots = [{ lot: 'a#0', points }];
      return world.posting('m-1', type, { points, lots, balance: { available, pending: 0, held: 0, debt: 0 } });
    };
    const told = async (): Promise<readonly string[]> => {
      await world.send();
      return world.titles('m-1');
    };
    await world.deliver(swing(520, 520));
    expect(await told()).toEqual(['Enough for r500!']);
    await world.deliver(swing(-500, 20, 'points.reversed'), swing(90, 110), swing(400, 510));
    expect(await told()).toHaveLength(1);
    await world.deliver(swing(-450, 60, 'points.redeemed'), swing(50, 110));
    expect(await told()).toEqual(['Enough for r500!', 'Enough for r100!']);
    await world.deliver(swing(-50, 60, 'points.reversed'), swing(50, 110), swing(400, 510));
    expect(await told()).toEqual(['Enough for r500!', 'Enough for r100!', 'Enough for r500!']);
    await world.pool.query(`UPDATE shard SET cursors = '{}'`);
    await world.reclaim();
    await world.deliver(...world.everything());
    expect(await told()).toHaveLength(3);
  });

  it('tells a first tier above the lowest, once, and not one that is the lowest', async () => {
    await world.settings();
    const first = (member: string, tier: string, change: object) =>
      world.event('tier', 'tier.changed', {
        ...{ program: PROGRAM, member, tier, since: '2026-11-28T04:00:00.000Z', lifetimePoints: 1, programVersion: 1 },
        ...{ timeline: [], ...change },
      });
    await world.deliver(world.program(), first('m-1', 'silver', { change: 'upgraded' }), first('m-2', 'bronze', {}));
    await world.deliver(first('m-1', 'silver', { change: 'upgraded' }));
    await world.send();
    expect(await world.titles('m-1')).toEqual([expect.stringMatching(/^Welcome to /)]);
    expect(await world.titles('m-2')).toEqual([]);
  });

  it('ten small credits are one message, and the eleventh is the next', async () => {
    await world.settings({ messages: [{ trigger: 'points-credited', channels: ['inbox'], digestMinutes: 15 }] });
    for (let each = 1; each <= 10; each++) {
      await world.deliver(world.posting('m-1', 'points.earned', { points: each }));
      world.now += MINUTE;
      await world.send();
    }
    expect(await world.titles('m-1')).toEqual([]);
    world.now += 5 * MINUTE;
    await world.send();
    await world.deliver(world.posting('m-1', 'points.earned', { points: 7 }));
    world.now += 15 * MINUTE;
    await world.send();
    expect(await world.titles('m-1')).toEqual(['55 points credited!', '7 points credited!']);
    expect((await world.told()).map(({ state }) => state).sort()).toEqual([
      ...Array<string>(9).fill('merged'),
      'sent',
      'sent',
    ]);
  });

  it('two senders at once send each message once', async () => {
    await world.settings();
    await world.deliver(...Array.from({ length: 60 }, (_, place) => world.posting(`m-${place % 7}`)));
    await Promise.all([world.send(), world.send(), world.send()]);
    const told = await world.told();
    expect(told).toHaveLength(60);
    expect(told.every(({ state, attempts }) => state === 'sent' && attempts === 1)).toBe(true);
  });
});
