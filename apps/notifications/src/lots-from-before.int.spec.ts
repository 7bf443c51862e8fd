import type { LotMovement } from '@jifen/contracts';
import { memberKey, partitionOf } from '@jifen/kernel';
import type { Message } from '@jifen/messaging';
import { DEFAULT_SETTINGS, foldLot, type OpenLot } from '@jifen/notifications';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { observeReadings } from './adapters/metrics.ts';
import { messageTables } from './adapters/message-tables.ts';
import { saveSettings } from './application/manage-settings.ts';
import { MessageWorld, NOON_IN_SHANGHAI, PROGRAM } from './testing/message-world.ts';
import { valueOf } from './testing/webhook-world.ts';

const AVAILABLE = '2026-11-01T00:00:00.000Z';
const TOMORROW = '2026-11-29T16:00:00.000Z';
const NEXT_YEAR = '2027-11-29T16:00:00.000Z';
const DAY = 86_400_000;
const PARTITIONS = 4;
let world: MessageWorld;

beforeAll(async () => {
  world = await MessageWorld.start();
  observeReadings(registry, world.pool);
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

const posting = (member: string, ...lots: LotMovement[]): Message =>
  world.posting(member, 'points.earned', { points: lots.reduce((sum, { points }) => sum + points, 0), lots });
const opened = (member: string, lot: string, points: number, expiresAt = TOMORROW): Message =>
  posting(member, { lot, points, availableAt: AVAILABLE, expiresAt });
const spent = (member: string, lot: string, points: number): Message =>
  world.posting(member, 'points.redeemed', { points: -points, lots: [{ lot, points: -points }], reason: 'redeem' });

const MESSAGES = ['points-credited', 'points-redeemed', 'points-expiring'] as const;
const on = (): Promise<void> =>
  world.settings({ messages: MESSAGES.map((trigger) => ({ trigger, channels: ['inbox'] })) });
const off = (): Promise<void> => world.settings({ messages: [{ trigger: 'points-held', channels: ['inbox'] }] });

/** Settings are saved, and nothing has read any lots yet. */
const onOf = async (program: string): Promise<void> => {
  const messages = [{ trigger: 'points-expiring', channels: ['inbox'] }] as const;
  // A program that published nothing keeps UTC.
  const settings = { ...DEFAULT_SETTINGS, enabled: true, messages, reminderTime: '00:00' };
  valueOf(await saveSettings(world.manage, { program, settings, revision: undefined, by: 'spec' }));
};

async function reminded(): Promise<readonly string[]> {
  await world.remind();
  await world.send();
  const told = (await world.told()).filter(({ trigger }) => trigger === 'points-expiring');
  return told.map(({ member, content }) => `${member}: ${content?.title ?? ''}`).sort();
}

const leftOf = async (program = PROGRAM): Promise<Readonly<Record<string, number>>> => {
  const { rows } = await world.pool.query<{ lot: string; points: number }>(
    'SELECT lot, points FROM lot WHERE program = $1 ORDER BY lot',
    [program],
  );
  return Object.fromEntries(rows.map(({ lot, points }) => [lot, points]));
};

describe('A09: points that were there before reminders were turned on', () => {
  it('are reminded of, less what was spent of them; U56: of nothing else that is old anything is told', async () => {
    await world.deliver(opened('m-1', 'a', 100), opened('m-2', 'b', 50), spent('m-1', 'a', 30), spent('m-2', 'b', 50));
    world.now += 1;
    await on();
    await world.deliver(opened('m-3', 'c', 20), spent('m-1', 'a', 10));
    expect(await reminded()).toEqual([expect.stringMatching(/^m-1: 60 /), expect.stringMatching(/^m-3: 20 /)]);
    const news = (await world.told()).filter(({ trigger }) => trigger !== 'points-expiring');
    expect(news.map(({ member, trigger }) => `${member} ${trigger}`).sort()).toEqual([
      'm-1 points-redeemed',
      'm-3 points-credited',
    ]);
  });

  it('are not reminded of while they are read in part only', async () => {
    await world.deliver(opened('m-1', 'a', 100), spent('m-1', 'a', 100));
    await onOf(PROGRAM);
    expect(await world.remind()).toBe(0);
    await world.readLedger(1, firstPageOf('m-1'));
    expect(await leftOf()).toEqual({ a: 100 });
    expect(await readings()).toMatch(/^jifen_reminder_readings [1-4]$/m);
    expect(await world.remind()).toBe(0);
    await world.readLedger();
    expect(await leftOf()).toEqual({ a: 0 });
    expect(await readings()).toMatch(/^jifen_reminder_readings 0$/m);
    expect(await world.remind()).toBe(0);
  });

  it('are read to the end though the reading breaks off and more is posted meanwhile', async () => {
    await world.deliver(opened('m-1', 'a', 100), ...[1, 2, 3, 4].map((points) => spent('m-1', 'a', points)));
    await onOf(PROGRAM);
    await world.readLedger(2, firstPageOf('m-1'));
    expect(await leftOf()).toEqual({ a: 99 });
    await world.deliver(spent('m-1', 'a', 20), opened('m-1', 'b', 5));
    await world.readLedger(2, stopAfter(1));
    await world.reclaim();
    await world.deliver(spent('m-1', 'a', 10));
    await Promise.all([world.readLedger(2), world.readLedger(3)]);
    await world.deliver(spent('m-1', 'a', 1));
    expect(await leftOf()).toEqual({ a: 59, b: 5 });
  });

  it('that were published and not consumed yet are left to the consumer', async () => {
    await world.deliver(opened('m-1', 'a', 100));
    const published = spent('m-1', 'a', 40);
    await on();
    expect(await leftOf()).toEqual({ a: 100 });
    await world.deliver(published);
    expect(await leftOf()).toEqual({ a: 60 });
  });

  it('of another program that shares the partition stay as they are, and nobody of it is reminded twice', async () => {
    const [neighbour, member] = neighbours();
    await onOf('other');
    await world.readLedger();
    await world.deliver(world.posting(neighbour, 'points.earned', lotOf('other', 'x', 70)), opened(member, 'a', 100));
    expect(await world.remind()).toBe(1);
    await on();
    expect([await leftOf('other'), await leftOf()]).toEqual([{ x: 70 }, { a: 100 }]);
    expect(await reminded()).toEqual([expect.stringMatching(`^${member}: 100 `)]);
    const { rows } = await world.pool.query("SELECT FROM message WHERE program = 'other'");
    expect(rows).toHaveLength(1);
  });

  it('are kept while the log is read, though they seem to have ended long ago', async () => {
    const putOff = { lot: 'a', points: 0, availableAt: AVAILABLE, expiresAt: TOMORROW };
    await world.deliver(opened('m-1', 'a', 100, '2026-01-01T00:00:00.000Z'), posting('m-1', putOff));
    await onOf(PROGRAM);
    await world.readLedger(1, firstPageOf('m-1'));
    expect(await messageTables.lots.forget(world.pool, world.now, 10)).toBe(0);
    expect(await reminded()).toEqual([]);
    await world.readLedger();
    expect(await reminded()).toEqual([expect.stringMatching(/^m-1: 100 /)]);
    expect(await messageTables.lots.forget(world.pool, world.now + 3 * DAY, 10)).toBe(1);
  });

  it('and what became of them while reminders were off for a while, are known when they are on again', async () => {
    await on();
    await world.deliver(opened('m-1', 'a', 100));
    await off();
    await world.deliver(spent('m-1', 'a', 30), opened('m-1', 'b', 1));
    await on();
    await world.deliver(spent('m-1', 'a', 5));
    expect(await leftOf()).toEqual({ a: 65, b: 1 });
    expect(await reminded()).toEqual([expect.stringMatching(/^m-1: 66 /)]);
  });

  it('come to the same however turning on and off, reading, posting and replays follow each other', async () => {
    const post = fc.record({ lot: fc.constantFrom('a', 'b'), points: fc.integer({ min: -9, max: 9 }) });
    const turn = fc.constantFrom('on', 'off', 'read all but two', 'replay');
    const before = fc.array(post, { minLength: 2, maxLength: 5 });
    const steps = fc.array(fc.oneof({ weight: 6, arbitrary: post }, { weight: 4, arbitrary: turn }), { maxLength: 12 });
    let [run, posted] = [0, 0];
    await fc.assert(
      fc.asyncProperty(before, steps, async (first, then) => {
        const name = `run-${++run}`;
        const model = new Map<string, OpenLot>();
        const deliver = async (lot: string, points: number): Promise<void> => {
          const known = model.get(lot);
          const dates = known === undefined ? { availableAt: AVAILABLE, expiresAt: NEXT_YEAR } : {};
          const after = foldLot(known, { lot, points, ...dates }, ++posted);
          if (after !== undefined) model.set(lot, after);
          await world.deliver(posting('m-9', { lot: `${name}-${lot}`, points, ...dates }));
        };
        await off();
        for (const each of [...first, 'on' as const, ...then]) {
          if (typeof each === 'object') await deliver(each.lot, each.points);
          else if (each === 'on') await onOf(PROGRAM);
          else if (each === 'off') await off();
          else if (each === 'read all but two') await world.readLedger(Math.max(1, posted - 2), firstPageOf('m-9'));
          else await replay();
        }
        await onOf(PROGRAM);
        await world.readLedger(3);
        const kept = Object.entries(await leftOf()).filter(([lot]) => lot.startsWith(`${name}-`));
        const expected = [...model].map(([lot, { points }]) => [`${name}-${lot}`, points]).sort();
        expect(kept).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});

const registry = new Registry();
const readings = (): Promise<string> => registry.metrics();

/** Breaks off when it was asked so often whether to go on: before each page. */
function stopAfter(pages: number): Pick<AbortSignal, 'aborted'> {
  let asked = 0;
  return {
    get aborted() {
      return asked++ >= pages;
    },
  };
}

/** One page of the member's partition, and the few of those before it. */
const firstPageOf = (member: string): Pick<AbortSignal, 'aborted'> =>
  stopAfter(partitionOf(memberKey(PROGRAM, member), PARTITIONS) + 1);

async function replay(): Promise<void> {
  await world.pool.query(`UPDATE shard SET cursors = '{}'`);
  await world.reclaim();
  await world.deliver(...world.everything());
}

const lotOf = (program: string, lot: string, points: number) => ({
  program,
  points,
  lots: [{ lot, points, availableAt: AVAILABLE, expiresAt: TOMORROW }],
});

/** A member of the other program, and one of this, in the same partition. */
function neighbours(): readonly [string, string] {
  const partition = partitionOf(memberKey('other', 'n-0'), PARTITIONS);
  for (let n = 0; n < 1_000; n++)
    if (partitionOf(memberKey(PROGRAM, `m-${n}`), PARTITIONS) === partition) return ['n-0', `m-${n}`];
  throw new Error('no neighbour was found');
}
