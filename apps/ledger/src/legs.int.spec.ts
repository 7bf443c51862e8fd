import type { EventStore } from '@jifen/event-store';
import { partitionOf } from '@jifen/kernel';
import { fakeClock } from '@jifen/testing';
import type { Pool, PoolClient } from 'pg';
import { dueLegs, legTable } from './adapters/leg-table.ts';
import { MEMBER_TABLES } from './adapters/standing-table.ts';
import { deliverLegs } from './application/deliver-legs.ts';
import { compareBalances, rebuildBalances, verifyLedger } from './index.ts';
import type { CommandProcess } from './testing/command-process.ts';
import { dyingStore, Killed } from './testing/dying-store.ts';
import { publishPolicies, type LedgerDatabase } from './testing/ledger-database.ts';
import type { LedgerProcess } from './testing/ledger-process.ts';
import { startLedgers } from './testing/ledgers.ts';
import type { RatingFeed } from './testing/rating-feed.ts';

const PARTITIONS = 4;
const START = Date.parse('2026-11-10T00:00:00Z');
const clock = fakeClock(START);

let database: LedgerDatabase;
let admin: Pool;
let one: LedgerProcess;
let here: CommandProcess;
let there: CommandProcess;
let feed: RatingFeed;

beforeAll(async () => {
  ({ database, admin, one, here, there, feed } = await startLedgers({ partitions: PARTITIONS, clock: clock.now }));
  await publishPolicies(one, { transfers: { currencies: ['points'] } });
}, 120_000);

afterAll(() => database.stop());

/** Two members whose accounts are in different partitions, so that their ends are different transactions. */
function pairOf(name: string): readonly [string, string] {
  const from = `${name}-from`;
  const partition = partitionOf(`demo/${from}`, PARTITIONS);
  for (let n = 0; ; n++) {
    const to = `${name}-to-${n}`;
    if (partitionOf(`demo/${to}`, PARTITIONS) !== partition) return [from, to];
  }
}

const earn = (member: string, target: number, order = 'A'): Promise<void> =>
  one.deliver(feed.rate({ member, order, target, award: { expiresAt: '2026-12-01T00:00:00Z' } }));
const transfer = (from: string, to: string, points: number) =>
  here.answer({ key: `gift ${from}`, member: from, intent: { kind: 'transfer', member: from, to, points } });
const merge = (from: string, into: string) =>
  here.answer({ key: `merge ${from}`, member: from, intent: { kind: 'merge', member: from, into, actor: 'li' } });

/** Net of both and what is on its way between them. */
async function totalOf(...members: readonly string[]): Promise<number> {
  const keys = members.map((member) => `demo/${member}/points`);
  const text = 'SELECT sum(net + coalesce(in_flight, 0))::int AS total FROM ledger.account WHERE key = ANY ($1)';
  return (await admin.query<{ total: number }>(text, [keys])).rows[0]?.total ?? 0;
}
const typesOf = async (member: string): Promise<readonly string[]> =>
  (await one.store.readStream(`demo/${member}/points`, 0, 100)).map(({ type }) => type);
const availableOf = async (member: string): Promise<number> => (await one.balance(member))?.available ?? 0;
const legsWaiting = async (): Promise<number> =>
  (await admin.query<{ n: number }>('SELECT count(*)::int AS n FROM ledger.leg')).rows[0]?.n ?? 0;

/** One delivery of all legs of the sender's partition, by a process that dies on the way. */
async function deliverAndDie(from: string, store: EventStore<PoolClient>): Promise<void> {
  const { pool, accounts } = one;
  const legs = await dueLegs(pool, partitionOf(`demo/${from}`, PARTITIONS), 8.64e12, 100);
  expect(legs.length).toBeGreaterThan(0);
  await expect(deliverLegs({ store, accounts, legs: legTable, ...MEMBER_TABLES }, legs)).rejects.toThrow(Killed);
}

const KILLS = [
  ['before the receipt', 1, 'before'],
  ['in the receipt, before COMMIT', 1, 'within'],
  ['between receipt and answer', 2, 'before'],
  ['in the answer, before COMMIT', 2, 'within'],
] as const;

describe('a process that dies between the legs', () => {
  it.each(KILLS)('Q08, U20: a transfer arrives once, and the total never changes (%s)', async (name, nth, when) => {
    const [from, to] = pairOf(`t-${nth}-${when}`);
    await earn(from, 100);
    expect(await transfer(from, to, 60)).toMatchObject({ transfer: { state: 'in-flight' } });
    expect(await totalOf(from, to)).toBe(100);
    await deliverAndDie(from, dyingStore(one.store, nth, when));
    expect(await legsWaiting()).toBe(1);
    // After the receipt and before the answer the points are there and still counted as in flight by the sender.
    expect(await totalOf(from, to)).toBe(
      name === 'between receipt and answer' || (nth === 2 && when === 'within') ? 160 : 100,
    );
    expect(await transfer(from, to, 60)).toMatchObject({ transfer: { state: 'in-flight' } });
    await there.deliver();
    await here.deliver();
    expect(await totalOf(from, to)).toBe(100);
    expect([await availableOf(from), await availableOf(to)]).toEqual([40, 60]);
    expect(await typesOf(from)).toEqual(['points.earned', 'points.transferred-out', 'points.transfer-settled']);
    expect(await typesOf(to)).toEqual(['points.transferred-in']);
    expect(await legsWaiting()).toBe(0);
  });

  it.each(KILLS)('Q08, U02: a refused transfer comes back once (%s)', async (_, nth, when) => {
    const [from, to] = pairOf(`r-${nth}-${when}`);
    const [, elsewhere] = pairOf(to);
    await earn(from, 100);
    await earn(to, 1);
    await merge(to, elsewhere);
    await there.deliver();
    expect(await transfer(from, to, 60)).toMatchObject({ transfer: { state: 'in-flight' } });
    await deliverAndDie(from, dyingStore(one.store, nth, when));
    expect(await availableOf(from)).toBe(40);
    await there.deliver();
    await here.deliver();
    expect([await availableOf(from), await availableOf(elsewhere)]).toEqual([100, 1]);
    expect(await typesOf(from)).toEqual(['points.earned', 'points.transferred-out', 'points.transfer-returned']);
    expect((await typesOf(to)).filter((type) => type === 'points.transfer-refused')).toHaveLength(1);
    const { rows } = await admin.query('SELECT remaining FROM ledger.lot WHERE account = $1', [`demo/${from}/points`]);
    expect(rows).toEqual([{ remaining: 100 }]);
  });

  it.each(KILLS)('Q35: a merge takes everything over once, what comes meanwhile too (%s)', async (_, nth, when) => {
    const [from, into] = pairOf(`m-${nth}-${when}`);
    await earn(from, 100);
    await earn(into, 10);
    const hold = { kind: 'hold', member: from, points: 30, ttlSeconds: 86_400 } as const;
    await here.answer({ key: `hold ${from}`, member: from, intent: hold });
    await merge(from, into);
    await deliverAndDie(from, dyingStore(one.store, nth, when));
    await earn(from, 7, 'meanwhile');
    await there.deliver();
    await here.deliver();
    expect(await one.balance(into)).toMatchObject({ available: 87, held: 30, net: 117 });
    expect(await one.balance(from)).toMatchObject({ available: 0, held: 0, net: 0 });
    expect(await totalOf(from, into)).toBe(117);
    expect((await typesOf(into)).filter((type) => type === 'points.transferred-in')).toHaveLength(2);
    expect(await legsWaiting()).toBe(0);
  });
});

describe('a leg that cannot be written', () => {
  it('parks its sender and waits; the others of its flush arrive', async () => {
    const [bad, badTo] = pairOf('bad');
    await earn(bad, 100);
    await transfer(bad, badTo, 60);
    const good = ['good-1', 'good-2', 'good-3'].map(pairOf);
    for (const [from, to] of good) {
      await earn(from, 100);
      await transfer(from, to, 60);
    }
    // A name that no text column takes.
    const spoil = `UPDATE ledger.leg SET leg = replace(leg, '"lot":"', '"lot":"\\u0000') WHERE account = $1`;
    await admin.query(spoil, [`demo/${bad}/points`]);
    const legs = (
      await Promise.all([...Array(PARTITIONS).keys()].map((each) => dueLegs(one.pool, each, clock.now(), 100)))
    ).flat();
    const { store, accounts } = one;
    const { breaches } = await deliverLegs({ store, accounts, legs: legTable, ...MEMBER_TABLES }, legs);
    expect(breaches).toMatchObject([{ owner: `demo/${bad}` }]);
    for (const [, to] of good) expect(await availableOf(to)).toBe(60);
    expect(await availableOf(badTo)).toBe(0);
    expect(await legsWaiting()).toBe(1);
    expect(await store.listParked({ limit: 10 })).toMatchObject([{ key: `demo/${bad}` }]);
    expect(await dueLegs(one.pool, partitionOf(`demo/${bad}`, PARTITIONS), clock.now(), 100)).toEqual([]);

    // A rebuild takes the leg from the log again; once the sender is let go it arrives.
    await rebuildBalances({ pool: admin });
    await one.consumer.redrive?.(`demo/${bad}`, { dryRun: false });
    await there.deliver();
    expect(await availableOf(badTo)).toBe(60);
    expect(await totalOf(bad, badTo)).toBe(100);
    expect(await legsWaiting()).toBe(0);
  });
});

describe('legs and the log', () => {
  it('N08, U53: a leg that is lost or left over is found, a rebuild mends it, and the points arrive', async () => {
    const [from, to] = pairOf('lost');
    await earn(from, 100);
    await transfer(from, to, 60);
    const waiting = async () => (await admin.query('SELECT id, account, leg FROM ledger.leg ORDER BY 1')).rows;
    const right = await waiting();
    expect(right).toHaveLength(1);
    expect(await compareBalances({ pool: admin })).toMatchObject({ differing: 0, rows: { leg: 1 } });
    await admin.query("UPDATE ledger.leg SET id = 'never-sent'");
    const found = await compareBalances({ pool: admin });
    expect(found.differences.map(({ table, account }) => [table, account])).toEqual([
      ['leg', `demo/${from}/points`],
      ['leg', `demo/${from}/points`],
    ]);
    expect(await rebuildBalances({ pool: admin })).toMatchObject({ differing: 2, swapped: true });
    expect(await waiting()).toEqual(right);
    await there.deliver();
    expect([await availableOf(from), await availableOf(to)]).toEqual([40, 60]);
    expect(await waiting()).toEqual([]);
    expect(await verifyLedger({ pool: admin })).toMatchObject({ ok: true });
  });
});
