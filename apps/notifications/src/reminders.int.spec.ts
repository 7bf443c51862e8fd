import type { LedgerEntry } from '@jifen/contracts';
import { messageTables } from './adapters/message-tables.ts';
import { MessageWorld, NOON_IN_SHANGHAI, PROGRAM } from './testing/message-world.ts';

const DAY = 86_400_000;
const AVAILABLE = '2026-11-01T00:00:00.000Z';
let world: MessageWorld;

beforeAll(async () => {
  world = await MessageWorld.start();
});
beforeEach(async () => {
  world.now = NOON_IN_SHANGHAI;
  await world.deliver(world.program());
  await world.settings({ messages: [{ trigger: 'points-expiring', channels: ['inbox'] }] });
});
afterEach(async () => {
  await world.forgetAll();
  expect(world.faults).toEqual([]);
});
afterAll(() => world.stop());

const opened = (member: string, lot: string, points: number, expiresAt: string): ReturnType<MessageWorld['posting']> =>
  world.posting(member, 'points.earned', { points, lots: [{ lot, points, availableAt: AVAILABLE, expiresAt }] });
const moved = (member: string, type: string, change: Partial<LedgerEntry>): ReturnType<MessageWorld['posting']> =>
  world.posting(member, type, change);

/** Noon after noon: what the member was told, by the day it was told on. */
async function days(from: number, to: number, member = 'm-1'): Promise<Readonly<Record<string, readonly string[]>>> {
  const told: Record<string, readonly string[]> = {};
  let before = (await world.titles(member)).length;
  for (let day = from; day <= to; day++) {
    world.now = NOON_IN_SHANGHAI + day * DAY;
    await world.remind();
    await world.send();
    const titles = await world.titles(member);
    if (titles.length > before) told[new Date(world.now).toISOString().slice(0, 10)] = titles.slice(before);
    before = titles.length;
  }
  return told;
}

describe('reminders of points that end', () => {
  it('A09, U28: 30, 7 and 1 days before the last day, each once, and none after it', async () => {
    // Midnight in Shanghai after 31 December: the last day is the 31st.
    await world.deliver(opened('m-1', 'a#0', 100, '2026-12-31T16:00:00.000Z'));
    const title = expect.stringContaining('100');
    expect(await days(0, 40)).toEqual({ '2026-12-01': [title], '2026-12-24': [title], '2026-12-30': [title] });
    const bodies = (await world.told()).map(({ content }) => content?.body ?? '');
    expect(bodies.every((body) => body.includes('31 December 2026'))).toBe(true);
  });

  it('counts what is left, by last day and currency, and says nothing of what was spent or put off', async () => {
    await world.deliver(
      opened('m-1', 'a#0', 100, '2026-11-29T16:00:00.000Z'),
      opened('m-1', 'b#0', 40, '2026-11-29T10:00:00.000Z'),
      opened('m-1', 'c#0', 7, '2026-11-29T16:00:00.000Z'),
      opened('m-1', 'd#0', 3, '2026-11-29T16:00:00.000Z'),
      moved('m-1', 'points.redeemed', { points: -30, lots: [{ lot: 'a#0', points: -30 }], reason: 'redeem' }),
      moved('m-1', 'points.redeemed', { points: -7, lots: [{ lot: 'c#0', points: -7 }], reason: 'redeem' }),
      moved('m-1', 'points.expiry-extended', {
        points: 0,
        lots: [{ lot: 'd#0', points: 0, expiresAt: '2027-11-29T16:00:00.000Z' }],
      }),
    );
    await world.remind();
    const facts = (
      await world.pool.query<{ facts: object }>("SELECT facts FROM message WHERE trigger = 'points-expiring'")
    ).rows;
    expect(facts).toEqual([{ facts: { currency: 'points', points: 110, lastDay: '2026-11-29' } }]);
  });

  it('a reminder that was missed is made good by the next run, an earlier one is not', async () => {
    await world.deliver(opened('m-1', 'a#0', 100, '2026-12-10T16:00:00.000Z'));
    // 30 days before is over when the points are earned; the next two days the service stands still.
    expect(Object.keys(await days(0, 0))).toEqual(['2026-11-28']);
    expect(Object.keys(await days(9, 13))).toEqual(['2026-12-07', '2026-12-09']);
  });

  it('waits for the hour, runs once a day, and two processes remind once', async () => {
    await world.settings({ messages: [{ trigger: 'points-expiring', channels: ['inbox'] }], reminderTime: '12:01' });
    await world.deliver(opened('m-1', 'a#0', 100, '2026-11-29T16:00:00.000Z'));
    expect(await world.remind()).toBe(0);
    world.now += 60_000;
    expect((await Promise.all([world.remind(), world.remind()])).reduce((sum, each) => sum + each, 0)).toBe(1);
    expect(await world.remind()).toBe(0);
  });

  it('U56: a replay of the log changes no lot and reminds nobody twice', async () => {
    await world.deliver(
      opened('m-1', 'a#0', 100, '2026-11-29T16:00:00.000Z'),
      moved('m-1', 'points.redeemed', { points: -30, lots: [{ lot: 'a#0', points: -30 }], reason: 'redeem' }),
    );
    expect(await world.remind()).toBe(1);
    await world.pool.query(`UPDATE shard SET cursors = '{}'`);
    await world.reclaim();
    await world.deliver(...world.everything());
    await world.pool.query('DELETE FROM reminder_run; DELETE FROM message');
    expect(await world.remind()).toBe(0);
    const lot = { program: PROGRAM, member: 'm-1', currency: 'points', lot: 'a#0' };
    const lots = await messageTables.lots.of(world.pool, [lot]);
    expect([...lots.values()][0]?.points).toBe(70);
  });

  it('keeps no lots of a program that does not remind', async () => {
    await world.settings();
    await world.deliver(opened('m-1', 'a#0', 100, '2026-11-29T16:00:00.000Z'));
    expect((await world.pool.query('SELECT FROM lot')).rowCount).toBe(0);
    expect(await world.remind()).toBe(0);
  });
});
