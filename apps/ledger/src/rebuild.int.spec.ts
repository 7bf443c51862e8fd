import { fakeClock } from '@jifen/testing';
import { partitionOf } from '@jifen/kernel';
import type { Pool } from 'pg';
import { PROJECTIONS } from './adapters/projections.ts';
import {
  BrokenLogError,
  compareBalances,
  discardKept,
  NothingKeptError,
  rebuildBalances,
  rollbackRebuild,
  ShapeChangedError,
  verifyLedger,
  type Findings,
} from './index.ts';
import type { LedgerDatabase } from './testing/ledger-database.ts';
import type { LedgerProcess } from './testing/ledger-process.ts';
import { startLedgers } from './testing/ledgers.ts';
import type { RatingFeed, Worth } from './testing/rating-feed.ts';

const PARTITIONS = 4;
const MEMBERS = 30;
const START = Date.parse('2026-11-10T00:00:00Z');
const clock = fakeClock(START);

let database: LedgerDatabase;
let admin: Pool;
let ledger: LedgerProcess;
let feed: RatingFeed;

beforeAll(async () => {
  ({ database, admin, one: ledger, feed } = await startLedgers({ partitions: PARTITIONS, clock: clock.now }));
  await ledger.deliver(feed.rate(...history(0, 300)));
}, 120_000);

afterAll(() => database.stop());

/** Orders, returns, every fifth one pending for a while, every third one paid a day later; the same for the same numbers. */
function history(from: number, count: number): readonly Worth[] {
  return Array.from({ length: count }, (_, index) => {
    const i = from + index;
    const award = i % 5 === 0 ? { availableAt: '2026-11-11T00:00:00.000Z' } : {};
    const at = `2026-11-0${i % 3 === 0 ? 2 : 1}T00:00:00.000Z`;
    return { member: `m-${i % MEMBERS}`, order: `O-${i % 100}`, target: (i * 37) % 101, award, at };
  });
}

const stateOf = async () => ({
  accounts: (await admin.query('SELECT * FROM ledger.account ORDER BY key')).rows,
  lots: (await admin.query('SELECT * FROM ledger.lot ORDER BY account, award, n')).rows,
});

/** Everything of the projections that the catalogue knows by name, and what may be done with them. */
const tables = async () => ({
  relations: (
    await admin.query(
      `SELECT c.relname, c.reloptions, coalesce(i.indexdef, '') AS definition, c.relacl::text
       FROM pg_class c LEFT JOIN pg_indexes i ON i.schemaname = 'ledger' AND i.indexname = c.relname
       WHERE relnamespace = 'ledger'::regnamespace AND relname ~ '^(account|lot)' ORDER BY 1`,
    )
  ).rows,
  constraints: (
    await admin.query(
      `SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
       WHERE conrelid IN ('ledger.account'::regclass, 'ledger.lot'::regclass) ORDER BY 1, 2`,
    )
  ).rows,
  schemas: (await admin.query("SELECT nspname FROM pg_namespace WHERE nspname ~ '^ledger' ORDER BY 1")).rows,
});

describe('rebuild', () => {
  it('gives the same tables, under the same names, as the live ones', async () => {
    const before = { state: await stateOf(), tables: await tables() };
    const report = await rebuildBalances({ pool: admin });
    expect(report).toMatchObject({ differing: 0, differences: [], swapped: true });
    expect({ state: await stateOf(), tables: await tables() }).toEqual(before);
    expect(await rebuildBalances({ pool: admin })).toEqual(report);
  });

  it('rebuilds the instant of an award that was earned at another', async () => {
    const earned = async (): Promise<unknown> =>
      (await admin.query("SELECT earned_at FROM ledger.lot WHERE account = 'demo/paid/points'")).rows;
    const worth = { member: 'paid', order: 'O-1', target: 100 };
    await ledger.deliver(feed.rate(worth, { ...worth, at: '2026-11-05T00:00:00.000Z' }));
    expect(await earned()).toEqual([{ earned_at: new Date('2026-11-05T00:00:00.000Z') }]);
    expect(await rebuildBalances({ pool: admin })).toMatchObject({ differing: 0, swapped: true });
    expect(await earned()).toEqual([{ earned_at: new Date('2026-11-05T00:00:00.000Z') }]);
  });

  it('rebuilds what was pending when it was posted and has been activated since', async () => {
    clock.advance(2 * 86_400_000);
    await ledger.deliver(feed.rate(...history(300, 100)));
    expect(await verifyLedger({ pool: admin })).toMatchObject({ ok: true, chain: { ok: true } });
    await rebuildBalances({ pool: admin });
    expect(await verifyLedger({ pool: admin })).toMatchObject({ ok: true });
  });

  it('U53: drift between balances and log is found row by row, and a rebuild repairs it', async () => {
    const right = await stateOf();
    await admin.query(
      "UPDATE ledger.account SET available = available + 1, net = net + 1 WHERE key = 'demo/m-1/points'",
    );
    await admin.query("DELETE FROM ledger.lot WHERE account = 'demo/m-2/points'");
    await admin.query("INSERT INTO ledger.account SELECT 'demo/ghost/points', 0, 1, 7, 0, 0, 0, 7, 7, 'infinity'");
    const found = await verifyLedger({ pool: admin });
    expect(found.ok).toBe(false);
    const accounts = found.balances?.differences.filter(({ table }) => table === 'account');
    expect(accounts?.map(({ account }) => account).sort()).toEqual(['demo/ghost/points', 'demo/m-1/points']);
    expect(accounts?.find(({ account }) => account === 'demo/ghost/points')?.rebuilt).toBeNull();
    const lots = found.balances?.differences.filter(({ table }) => table === 'lot') ?? [];
    expect(lots.length).toBeGreaterThan(0);
    expect(new Set(lots.map(({ account }) => account))).toEqual(new Set(['demo/m-2/points']));
    expect(found.balances?.differing).toBe(2 + lots.length);

    const { differing } = await rebuildBalances({ pool: admin });
    expect(differing).toBe(found.balances?.differing);
    expect(await stateOf()).toEqual(right);
    expect((await verifyLedger({ pool: admin })).ok).toBe(true);
  });

  it('U54, U55: with writes and reads going on there is no false drift, no command is refused and no reader sees a gap', async () => {
    const other = database.open({ partitions: PARTITIONS, clock: clock.now });
    let stop = false;
    let flushes = 0;
    const writing = (async () => {
      for (let from = 1_000; !stop; from += 20) {
        await other.deliver(feed.rate(...history(from, 20), { member: 'rising', order: `R-${from}`, target: 1 }));
        expect((await other.balance('m-3'))?.net).toBeGreaterThanOrEqual(0);
        flushes++;
      }
    })();
    const reports: Findings[] = [];
    let reads = 0;
    const reading = (async () => {
      // Points are only ever added to it: a reader that sees less than before has looked into a gap.
      for (let before = 0; !stop; reads++) {
        const net = (await ledger.balance('rising'))?.net ?? 0;
        expect(net).toBeGreaterThanOrEqual(before);
        before = net;
      }
    })();
    try {
      for (let round = 0; round < 3; round++) {
        reports.push(await compareBalances({ pool: admin }));
        reports.push(await rebuildBalances({ pool: admin, keepOld: true }));
        await rollbackRebuild({ pool: admin });
      }
    } finally {
      stop = true;
      await Promise.all([writing, reading]);
      await other.close();
    }
    expect(reports.map(({ differing }) => differing)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(Math.min(flushes, reads)).toBeGreaterThan(2);
    expect(await ledger.balance('rising')).toMatchObject({ net: flushes });
    expect((await verifyLedger({ pool: admin })).ok).toBe(true);
  }, 120_000);

  it('has every column of every projection in its list', async () => {
    for (const { table, columns } of PROJECTIONS) {
      const found = await admin.query<{ name: string }>(
        'SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped',
        [`ledger.${table}`],
      );
      expect(columns.map(({ name }) => name).sort()).toEqual(found.rows.map(({ name }) => name).sort());
    }
  });

  it('compares the accounts of one member, or of one partition', async () => {
    const partition = partitionOf('demo/m-1', PARTITIONS);
    const scopes = [{ member: { program: 'demo', member: 'm-1' } }, { partition }];
    for (const scope of scopes) {
      const sound = await compareBalances({ pool: admin, ...scope });
      expect(sound).toMatchObject({ differing: 0, broken: [] });
      expect(sound.events).toBeGreaterThan(0);
    }
    await admin.query("UPDATE ledger.account SET version = version + 1 WHERE key = 'demo/m-1/points'");
    for (const scope of scopes) expect((await compareBalances({ pool: admin, ...scope })).differing).toBe(1);
    const others = [{ member: { program: 'demo', member: 'm-10' } }, { partition: (partition + 1) % PARTITIONS }];
    for (const scope of others) expect((await compareBalances({ pool: admin, ...scope })).differing).toBe(0);
    await admin.query("UPDATE ledger.account SET version = version - 1 WHERE key = 'demo/m-1/points'");
  });

  it('folds an account with many lots as it folds one with few', async () => {
    const lots = Array.from({ length: 300 }, (_, i) => ({ member: 'hot', order: `H-${i}`, target: 7 }));
    const later = { availableAt: '2026-12-01T00:00:00.000Z' };
    await ledger.deliver(feed.rate(...lots.slice(0, 200), ...lots.slice(200).map((lot) => ({ ...lot, award: later }))));
    await ledger.deliver(feed.rate(...lots.slice(0, 90).map((lot) => ({ ...lot, target: 3 }))));
    const hot = { program: 'demo', member: 'hot' };
    expect(await compareBalances({ pool: admin, member: hot })).toMatchObject({ differing: 0, rows: { lot: 300 } });
    const due = async () => (await admin.query("SELECT * FROM ledger.account WHERE key = 'demo/hot/points'")).rows;
    const before = await due();
    await rebuildBalances({ pool: admin });
    expect(await due()).toEqual(before);
  });

  it('N08: keeps the replaced tables and returns to them, caught up with what was written since', async () => {
    const before = await tables();
    expect(await rebuildBalances({ pool: admin, keepOld: true })).toMatchObject({ differing: 0, swapped: true });
    await ledger.deliver(feed.rate({ member: 'since', order: 'S-1', target: 11 }, ...history(900, 40)));
    const after = await stateOf();
    const back = await rollbackRebuild({ pool: admin });
    expect(back.events).toBeGreaterThanOrEqual(1);
    expect(await stateOf()).toEqual(after);
    expect(await ledger.balance('since')).toMatchObject({ available: 11 });
    await ledger.deliver(feed.rate({ member: 'since', order: 'S-2', target: 5 }));
    expect(await ledger.balance('since')).toMatchObject({ available: 16 });
    // The tables replaced by the roll-back are kept in turn: once more is forward again.
    expect((await rollbackRebuild({ pool: admin })).events).toBe(1);
    expect(await ledger.balance('since')).toMatchObject({ available: 16 });
    expect(await compareBalances({ pool: admin })).toMatchObject({ differing: 0 });
    expect(await discardKept({ pool: admin })).toBe(true);
    expect(await discardKept({ pool: admin })).toBe(false);
    await expect(rollbackRebuild({ pool: admin })).rejects.toThrow(NothingKeptError);
    expect(await tables()).toEqual(before);
  });

  it('N08: does not return to tables that a migration has left behind', async () => {
    await rebuildBalances({ pool: admin, keepOld: true });
    await admin.query('ALTER TABLE ledger.lot ADD COLUMN colour text');
    await expect(rollbackRebuild({ pool: admin })).rejects.toThrow(ShapeChangedError);
    await admin.query('ALTER TABLE ledger.lot DROP COLUMN colour');
    await discardKept({ pool: admin });
    expect(await compareBalances({ pool: admin })).toMatchObject({ differing: 0 });
  });

  it('an event that does not follow is named, the rest is compared, and no rebuild takes place', async () => {
    const state = await stateOf();
    await admin.query('ALTER TABLE ledger.event DISABLE TRIGGER ALL');
    const change = (from: string, to: string) =>
      admin.query(
        `UPDATE ledger.event SET data = replace(data, $1, $2) WHERE stream = 'demo/since/points' AND version = 1`,
        [from, to],
      );
    await change('"available":11', '"available":12');
    const found = await compareBalances({ pool: admin });
    expect(found).toMatchObject({ differing: 0, broken: [{ account: 'demo/since/points' }] });
    await expect(rebuildBalances({ pool: admin })).rejects.toThrow(BrokenLogError);
    await change('"available":12', '"available":11');
    await admin.query('ALTER TABLE ledger.event ENABLE TRIGGER ALL');
    expect(await stateOf()).toEqual(state);
    expect(await verifyLedger({ pool: admin })).toMatchObject({ ok: true });
  });

  it('names the first broken row, and then says nothing about balances', async () => {
    await admin.query('ALTER TABLE ledger.event DISABLE TRIGGER ALL');
    await admin.query(
      `UPDATE ledger.event SET data = replace(data, '"points":', '"points": ') WHERE partition = 1 AND position = 3`,
    );
    await admin.query('ALTER TABLE ledger.event ENABLE TRIGGER ALL');
    const found = await verifyLedger({ pool: admin });
    expect(found).toMatchObject({ ok: false, chain: { broken: { log: 'ledger', partition: 1, position: 3 } } });
    expect(found.balances).toBeUndefined();
  });
});
