import type { Message } from '@jifen/messaging';
import type { RewardThreshold, Settings } from '@jifen/notifications';
import { MessageWorld, NOON_IN_SHANGHAI } from './testing/message-world.ts';

const AVAILABLE = '2026-11-01T00:00:00.000Z';
const DAY = 86_400_000;
let world: MessageWorld;

beforeAll(async () => {
  world = await MessageWorld.start();
});
beforeEach(async () => {
  world.now = NOON_IN_SHANGHAI;
  await world.deliver(world.program());
});
afterEach(async () => {
  await world.forgetAll();
  expect(world.faults).toEqual([]);
});
afterAll(() => world.stop());

const reward = (points: number, en: string): RewardThreshold => ({ currency: 'points', points, name: { en, zh: en } });
const balance = (available: number) => ({ available, pending: 0, held: 0, debt: 0 });
const earned = (member: string, points: number, available: number): Message =>
  world.posting(member, 'points.earned', {
    ...{ points, lots: [{ lot: `l-${available}`, points, availableAt: AVAILABLE }] },
    balance: balance(available),
  });
const spent = (member: string, points: number, available: number): Message =>
  world.posting(member, 'points.redeemed', { points: -points, reason: 'redeem', balance: balance(available) });

const settings = (change: Partial<Settings> = {}): Promise<void> =>
  world.settings({
    messages: [{ trigger: 'reward-in-reach', channels: ['inbox'] }],
    rewards: [reward(200, 'a coffee'), reward(500, 'a mug')],
    ...change,
  });

/** What the member was told, by the days since the beginning. */
async function days(to: number, member = 'm-1'): Promise<Readonly<Record<number, readonly string[]>>> {
  const told: Record<number, readonly string[]> = {};
  const first = Math.round((world.now - NOON_IN_SHANGHAI) / DAY);
  let before = 0;
  for (let day = first; day <= to; day++) {
    world.now = NOON_IN_SHANGHAI + day * DAY;
    await world.remind();
    await world.send();
    const titles = await world.titles(member);
    if (titles.length > before) told[day] = titles.slice(before);
    before = titles.length;
  }
  return told;
}

const [COFFEE, MUG] = ['Enough for a coffee!', 'Enough for a mug!'];

describe('A07: a reward that points are enough for', () => {
  it('is told of when they come to be enough, once', async () => {
    await settings();
    await world.deliver(
      earned('m-1', 150, 150),
      earned('m-1', 100, 250),
      earned('m-1', 50, 300),
      earned('m-1', 250, 550),
    );
    await world.send();
    expect(await world.titles('m-1')).toEqual([COFFEE, MUG]);
    expect(await days(40)).toEqual({ 0: [COFFEE, MUG] });
  });

  it('is told of again and again, as often as the program says, also where they were enough before', async () => {
    await world.deliver(earned('m-1', 250, 250), earned('m-2', 150, 150));
    world.now += 1;
    await settings({ rewardEveryDays: 30 });
    expect(await days(75)).toEqual({ 0: [COFFEE], 30: [COFFEE], 60: [COFFEE] });
    expect(await world.titles('m-2')).toEqual([]);
  });

  it('is the dearest, counted from when one was told of last, and none once the points are spent', async () => {
    await settings({ rewardEveryDays: 30 });
    await world.deliver(earned('m-1', 250, 250));
    expect(await days(9)).toEqual({ 0: [COFFEE] });
    world.now += DAY;
    await world.deliver(earned('m-1', 300, 550));
    expect(await days(40)).toEqual({ 10: [COFFEE, MUG], 40: [MUG] });
    await world.deliver(spent('m-1', 400, 150));
    expect(await days(80)).toEqual({ 40: [COFFEE, MUG, MUG] });
  });

  it('U56: is told of once by two processes, and not again by a replay of the log', async () => {
    await world.deliver(earned('m-1', 250, 250));
    world.now += 1;
    await settings({ rewardEveryDays: 30 });
    const counts = await Promise.all([world.remind(), world.remind()]);
    expect(counts.reduce((sum, each) => sum + each, 0)).toBe(1);
    await world.pool.query(`UPDATE shard SET cursors = '{}'`);
    await world.reclaim();
    await world.deliver(...world.everything());
    await world.pool.query('DELETE FROM reminder_run; DELETE FROM message');
    expect(await world.remind()).toBe(0);
  });

  it('is known also when reminders of expiry were on before, and keeps nothing of a program that wants neither', async () => {
    await world.settings({ messages: [{ trigger: 'points-expiring', channels: ['inbox'] }] });
    await world.deliver(earned('m-1', 250, 250));
    expect((await world.pool.query('SELECT FROM balance')).rowCount).toBe(0);
    world.now += DAY;
    const messages = (['points-expiring', 'reward-in-reach'] as const).map((trigger) => ({
      ...{ trigger, channels: ['inbox'] as const },
    }));
    await settings({ messages, rewardEveryDays: 7 });
    expect(await days(10)).toEqual({ 1: [COFFEE], 8: [COFFEE] });
    await settings();
    await world.deliver(earned('m-3', 250, 250));
    expect((await world.pool.query("SELECT FROM balance WHERE member = 'm-3'")).rowCount).toBe(0);
  });
});
