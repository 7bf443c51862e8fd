import { fakeClock } from '@jifen/testing';
import type { Pool } from 'pg';
import { dueAccounts } from './adapters/lanes.ts';
import { bookDueAccounts, type Booked } from './application/book-due.ts';
import type { LedgerDatabase } from './testing/ledger-database.ts';
import type { LedgerProcess } from './testing/ledger-process.ts';
import { startLedgers } from './testing/ledgers.ts';
import type { RatingFeed, Worth } from './testing/rating-feed.ts';

const PARTITIONS = 4;
const START = Date.parse('2026-11-10T00:00:00Z');
const DAY = 86_400_000;
const clock = fakeClock(START);

let database: LedgerDatabase;
let admin: Pool;
let ledger: LedgerProcess;
let feed: RatingFeed;

beforeAll(async () => {
  ({ database, admin, one: ledger, feed } = await startLedgers({ partitions: PARTITIONS, clock: clock.now }));
}, 120_000);

afterAll(() => database.stop());

beforeEach(() => {
  clock.set(START);
});

const rows = async () => ({
  accounts: (await admin.query('SELECT * FROM ledger.account ORDER BY key')).rows,
  lots: (await admin.query('SELECT * FROM ledger.lot ORDER BY account, award, n')).rows,
  events: (await admin.query('SELECT log, partition, position, type, data FROM ledger.event ORDER BY 1, 2, 3')).rows,
  shards: (await admin.query('SELECT partition, position, cursors FROM ledger.shard ORDER BY 1')).rows,
});

/** Delivers everything twice and expects the same rows. */
async function rate(...worths: readonly Worth[]): Promise<void> {
  const messages = feed.rate(...worths);
  await ledger.deliver(messages);
  const once = await rows();
  await ledger.deliver(messages);
  expect(await rows()).toEqual(once);
}

const types = async (member: string): Promise<readonly string[]> =>
  (await ledger.store.readStream(`demo/${member}/points`, 0, 100)).map(({ type }) => type);

describe('the consumer', () => {
  it('U12: the same order event delivered twice pays once', async () => {
    await rate({ member: 'u12', order: 'A', target: 100 });
    expect(await ledger.balance('u12')).toMatchObject({ available: 100, net: 100, debt: 0, lifetime: 100 });
    expect(await types('u12')).toEqual(['points.earned']);
  });

  it('U16: a re-rating with the same total moves nothing', async () => {
    await rate({ member: 'u16', order: 'A', target: 100 });
    await rate({ member: 'u16', order: 'A', target: 100 }, { member: 'u16', order: 'A', target: 100 });
    expect(await ledger.balance('u16')).toMatchObject({ available: 100 });
    expect(await types('u16')).toEqual(['points.earned']);
  });

  it('U01, U04: returns take back what the order earned, in parts and whole, and buying again earns once', async () => {
    const u01 = (target: number, order = 'A'): Worth => ({ member: 'u01', order, target });
    await rate(u01(100));
    await rate(u01(60));
    expect(await ledger.balance('u01')).toMatchObject({ available: 60 });
    await rate(u01(0));
    await rate(u01(100, 'B'), u01(0, 'B'));
    expect(await ledger.balance('u01')).toMatchObject({ available: 0, net: 0, debt: 0 });
  });

  it('U06: cancel, then complete again, and the points come back', async () => {
    for (const target of [100, 0, 100, 0, 100]) await rate({ member: 'u06', order: 'A', target });
    expect(await ledger.balance('u06')).toMatchObject({ available: 100, net: 100 });
  });

  it('U08: a reversal takes what was granted then, under whatever rule version it arrives', async () => {
    await rate({ member: 'u08', order: 'A', target: 100, award: { ruleVersion: 1 } });
    await rate({ member: 'u08', order: 'A', target: 0, award: { ruleVersion: 7 } });
    const events = await ledger.store.readStream('demo/u08/points', 0, 10);
    expect(JSON.parse(events[1]?.data ?? '{}')).toMatchObject({ points: -100, granted: 0 });
    expect(await ledger.balance('u08')).toMatchObject({ available: 0, debt: 0 });
  });

  it('U45: a rating with a negative target is a dead letter and mints nothing', async () => {
    await rate({ member: 'u45', order: 'A', target: -5 }, { member: 'u45', order: 'B', target: 10 });
    expect(await ledger.balance('u45')).toMatchObject({ available: 10 });
    const letters = await admin.query("SELECT reason, detail FROM ledger.dead_letter WHERE key = 'demo/u45'");
    expect(letters.rows).toEqual([{ reason: 'schema', detail: '/awards/0/target must be >= 0' }]);
  });

  it('keeps members, programs and orders of one flush apart', async () => {
    await rate(
      { member: 'a1', order: 'A', target: 10 },
      { member: 'a2', order: 'A', target: 20 },
      { member: 'a1', order: 'B', target: 5 },
      { member: 'a1', order: 'A', target: 7, program: 'other' },
      { member: 'a1', order: 'A', target: 12 },
    );
    expect(await ledger.balance('a1')).toMatchObject({ available: 17 });
    expect(await ledger.balance('a2')).toMatchObject({ available: 20 });
    expect(await ledger.balance('a1', 'other')).toMatchObject({ available: 7 });
  });

  it('parks a member whose books would not add up, and only that one', async () => {
    await rate({ member: 'rich', order: 'A', target: Number.MAX_SAFE_INTEGER });
    await rate({ member: 'rich', order: 'B', target: 1 }, { member: 'poor', order: 'A', target: 1 });
    expect(await ledger.balance('poor')).toMatchObject({ available: 1 });
    const parked = await ledger.store.listParked({ limit: 10 });
    expect(parked).toMatchObject([{ key: 'demo/rich', reason: 'invariant', messages: 1 }]);
  });

  it('writes one event, one account row and one lot row for a plain order', async () => {
    const before = await rows();
    await rate({ member: 'plain', order: 'A', target: 10 }, { member: 'plain', order: 'B', target: 0 });
    const after = await rows();
    expect(after.events.length - before.events.length).toBe(1);
    expect(after.accounts.length - before.accounts.length).toBe(1);
    expect(after.lots.length - before.lots.length).toBe(1);
  });

  it('moves the watermark that read-your-writes waits for, also when nothing is posted', async () => {
    const [message] = feed.rate({ member: 'mark', order: 'A', target: 0 });
    if (message === undefined) throw new Error('no message');
    await ledger.deliver([message]);
    const shard = (await ledger.store.shards()).find(({ partition }) => partition === message.partition);
    expect(shard?.cursors['origin:activity']?.sequence).toBe(message.offset);
  });
});

describe('spent points, as they will be after redemptions', () => {
  /** Spends in the books what a redemption would: the lot and the account, not the log. */
  async function spend(member: string, order: string, points: number): Promise<void> {
    const key = `demo/${member}/points`;
    await admin.query('UPDATE ledger.account SET available = available - $2, net = net - $2 WHERE key = $1', [
      key,
      points,
    ]);
    await admin.query('UPDATE ledger.lot SET remaining = remaining - $3 WHERE account = $1 AND award = $2 AND n = 0', [
      key,
      `${member}~base~shop~${order}`,
      points,
    ]);
  }

  it('U04: a return of spent points becomes debt, and the next earning pays it first', async () => {
    await rate({ member: 'debt', order: 'A', target: 100 }, { member: 'debt', order: 'B', target: 30 });
    await spend('debt', 'A', 100);
    await rate({ member: 'debt', order: 'A', target: 0 });
    expect(await ledger.balance('debt')).toMatchObject({ available: 0, debt: 70, net: -70 });
    await rate({ member: 'debt', order: 'C', target: 100 });
    expect(await ledger.balance('debt')).toMatchObject({ available: 30, debt: 0, net: 30 });
    expect((await types('debt')).slice(2)).toEqual([
      'points.reversed',
      'debt.incurred',
      'points.earned',
      'debt.repaid',
    ]);
    await admin.query("DELETE FROM ledger.lot WHERE account = 'demo/debt/points'");
  });
});

describe('time', () => {
  const later = { availableAt: '2026-11-20T00:00:00.000Z', expiresAt: '2026-12-20T00:00:00.000Z' };

  const all = Array.from({ length: PARTITIONS }, (_, partition) => partition);
  const due = async (): Promise<ReadonlyMap<number, readonly string[]>> => {
    const found = new Map<number, readonly string[]>();
    for (const partition of all) {
      const keys = await dueAccounts(ledger.pool, partition, clock.now(), 10);
      if (keys.length > 0) found.set(partition, keys);
    }
    return found;
  };
  const book = async (found: ReadonlyMap<number, readonly string[]>): Promise<Booked> => {
    const booked: Booked[] = [];
    for (const [partition, keys] of found)
      booked.push(await bookDueAccounts(ledger.store, ledger.accounts, partition, keys));
    return {
      events: booked.flatMap(({ events }) => events),
      breaches: booked.flatMap(({ breaches }) => breaches),
      failed: booked.flatMap(({ failed }) => failed),
    };
  };

  it('U25: pending becomes available and lapses by the clock alone, no sweeper has run', async () => {
    await rate({ member: 'u25', order: 'A', target: 100, award: later }, { member: 'u25', order: 'B', target: 5 });
    expect(await ledger.balance('u25')).toMatchObject({
      available: 5,
      pending: 100,
      nextExpiry: { at: later.expiresAt, points: 100 },
    });
    clock.advance(10 * DAY);
    expect(await ledger.balance('u25')).toMatchObject({ available: 105, pending: 0 });
    clock.advance(30 * DAY);
    expect(await ledger.balance('u25')).toMatchObject({
      available: 5,
      pending: 0,
      lapsed: 100,
      net: 5,
      nextExpiry: null,
    });
  });

  it('books what fell due before it posts anything else', async () => {
    await rate({ member: 'lazy', order: 'A', target: 100, award: later });
    clock.advance(10 * DAY);
    await rate({ member: 'lazy', order: 'B', target: 1 });
    expect(await types('lazy')).toEqual(['points.earned', 'points.activated', 'points.earned']);
    const [, activated] = await ledger.store.readStream('demo/lazy/points', 0, 10);
    expect(JSON.parse(activated?.data ?? '{}')).toMatchObject({
      points: 0,
      moved: 100,
      balance: { available: 100, pending: 0 },
    });
  });

  it('U46: activation of one member touches no row of another', async () => {
    await rate(
      { member: 'u46-a', order: 'A', target: 40, award: later },
      { member: 'u46-b', order: 'A', target: 9, award: later },
    );
    await rate({ member: 'u46-b', order: 'A', target: 0 });
    expect(await due()).toEqual(new Map());
    clock.advance(10 * DAY);
    const found = await due();
    const { events } = await book(found);
    expect(
      events.filter(({ entry }) => entry.member.startsWith('u46')).map(({ entry }) => [entry.member, entry.moved]),
    ).toEqual([['u46-a', 40]]);
    expect(await ledger.balance('u46-a')).toMatchObject({ available: 40, pending: 0 });
    expect(await ledger.balance('u46-b')).toMatchObject({ available: 0, pending: 0 });
    expect(await due()).toEqual(new Map());
    const settled = await rows();
    expect(await book(found)).toEqual({ events: [], breaches: [], failed: [] });
    expect(await rows()).toEqual(settled);
  });

  it('passes over an account whose books do not add up, and books the others', async () => {
    await rate(
      { member: 'bent', order: 'A', target: 8, award: later },
      { member: 'well', order: 'A', target: 4, award: later },
    );
    await admin.query("UPDATE ledger.lot SET remaining = 7 WHERE account = 'demo/bent/points'");
    clock.advance(10 * DAY);
    const swept = await book(await due());
    expect(swept.breaches.map(({ owner }) => owner)).toEqual(['demo/bent']);
    expect((await ledger.store.listParked({ limit: 10 })).map(({ key }) => key)).toContain('demo/bent');
    expect(swept.events.map(({ entry }) => entry.member)).toContain('well');
    expect(await due()).toEqual(new Map());
    await admin.query("UPDATE ledger.lot SET remaining = 8 WHERE account = 'demo/bent/points'");
  });
});
