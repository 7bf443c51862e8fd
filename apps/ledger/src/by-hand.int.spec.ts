import { fakeClock } from '@jifen/testing';
import type { Pool } from 'pg';
import type { CommandProcess, Sent } from './testing/command-process.ts';
import { publishPolicies, type LedgerDatabase } from './testing/ledger-database.ts';
import type { LedgerProcess } from './testing/ledger-process.ts';
import { startLedgers } from './testing/ledgers.ts';
import type { RatingFeed, Worth } from './testing/rating-feed.ts';

const PARTITIONS = 4;
const START = Date.parse('2026-11-10T00:00:00Z');
const clock = fakeClock(START);

let database: LedgerDatabase;
let admin: Pool;
let one: LedgerProcess;
let here: CommandProcess;
let there: CommandProcess;
let feed: RatingFeed;
let keys = 0;

beforeAll(async () => {
  ({ database, admin, one, here, there, feed } = await startLedgers({ partitions: PARTITIONS, clock: clock.now }));
  await publishPolicies(one, { redemption: [{ currency: 'points', points: 100, money: '1.00' }] });
}, 120_000);

afterAll(() => database.stop());

beforeEach(() => {
  clock.set(START);
});

const earn = (...worths: readonly Worth[]): Promise<void> => one.deliver(feed.rate(...worths));
const keyed = (sent: Omit<Sent, 'key'>, key = `k-${++keys}`): Sent => ({ key, ...sent });
const redeem = (member: string, points: number, key?: string): Sent =>
  keyed({ member, intent: { kind: 'redeem', member, points } }, key);
const figures = async (member: string) => {
  const { available, held, debt, net } = (await one.balance(member)) ?? {};
  return { available, held, debt, net };
};

describe('a till that was offline', () => {
  it('U50: what a till sends again once it is online counts once, also when answers are long forgotten', async () => {
    await earn({ member: 'till', order: 'A', target: 100 });
    const offline = [redeem('till', 30, 'till-1'), redeem('till', 20, 'till-2')];
    await here.run(...offline);
    await earn({ member: 'till', order: 'A', target: 100 });
    for (const forgotten of [false, true]) {
      if (forgotten) await admin.query("DELETE FROM ledger.answered WHERE key LIKE 'till-%'");
      const again = await there.run(...offline, ...offline);
      expect(again.map((outcome) => outcome.ok && outcome.value.replayed)).toEqual([true, true, true, true]);
    }
    expect(await figures('till')).toMatchObject({ available: 50, net: 50 });
    // What was given away offline beyond the balance: refused, unless somebody says that it may become debt.
    const beyond = {
      kind: 'adjust',
      member: 'till',
      currency: 'points',
      points: -70,
      reason: 'correction',
      actor: 'li',
    } as const;
    expect(await here.answer(keyed({ member: 'till', intent: beyond }))).toBe('insufficient_points');
    const owed = keyed({ member: 'till', intent: { ...beyond, beyond: 'debt' } });
    expect(await here.answer(owed)).toMatchObject({ balance: { available: 0, debt: 20 } });
  });

  it('U50: nothing is ever spent below zero, nor while the account is frozen; earning goes on', async () => {
    await earn({ member: 'u50', order: 'A', target: 60 });
    expect(await here.answer(redeem('u50', 61))).toBe('insufficient_points');
    const freeze = { kind: 'freeze', member: 'u50', reason: 'fraud', actor: 'li' } as const;
    expect(await here.answer(keyed({ member: 'u50', intent: freeze }))).toMatchObject({
      balances: [{ currency: 'points', available: 60, frozen: true }],
    });
    expect(await here.answer(redeem('u50', 1))).toBe('account_frozen');
    await earn({ member: 'u50', order: 'B', target: 5 });
    const unfreeze = { ...freeze, kind: 'unfreeze' } as const;
    await here.answer(keyed({ member: 'u50', intent: unfreeze }));
    expect(await here.answer(redeem('u50', 65))).toMatchObject({ balance: { available: 0 } });
  });
});

describe('what a person decides', () => {
  it('Q32: adjustments have reason and actor, and are refused beyond the balance', async () => {
    const adjust = (points: number): Sent =>
      keyed({
        member: 'q32',
        intent: { kind: 'adjust', member: 'q32', currency: 'points', points, reason: 'goodwill', actor: 'li.wei' },
      });
    expect(await here.answer(adjust(50))).toMatchObject({ balance: { available: 50 } });
    expect(await here.answer(adjust(-51))).toBe('insufficient_points');
    expect(await here.answer(adjust(-20))).toMatchObject({ balance: { available: 30 } });
    const [event] = await one.store.readStream('demo/q32/points', 0, 1);
    expect(JSON.parse(event?.data ?? '{}')).toMatchObject({ reason: 'goodwill', actor: 'li.wei', points: 50 });
  });

  it('Q05: expiry is put off, and expired points are given back', async () => {
    await earn({ member: 'late', order: 'A', target: 60, award: { expiresAt: '2026-11-20T00:00:00Z' } });
    const by = { member: 'late', currency: 'points', actor: 'li.wei' };
    const extend = { kind: 'extend-expiry', ...by, expiresAt: '2026-11-25T00:00:00+08:00' } as const;
    expect(await here.answer(keyed({ member: 'late', intent: extend }))).toMatchObject({ balance: { available: 60 } });
    clock.set(Date.parse('2026-11-24T16:00:00Z'));
    expect(await one.bookDue()).toBeGreaterThan(0);
    expect(await figures('late')).toMatchObject({ available: 0 });
    const reinstate = { kind: 'reinstate', ...by, points: 40, expiresAt: '2026-12-31T00:00:00Z' } as const;
    expect(await here.answer(keyed({ member: 'late', intent: reinstate }))).toMatchObject({
      balance: { available: 40 },
    });
  });
});
