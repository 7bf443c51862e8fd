import { createPool } from '@jifen/event-store-postgres';
import { fakeClock, startPostgres, type RunningPostgres } from '@jifen/testing';
import type { Pool } from 'pg';
import { rebuildBalances, verifyLedger, type RebuildReport } from './index.ts';
import { migrateLedger, openLedger, type LedgerProcess } from './testing/ledger-process.ts';
import { RatingFeed, type Worth } from './testing/rating-feed.ts';

const PARTITIONS = 4;
const MEMBERS = 30;
const START = Date.parse('2026-11-10T00:00:00Z');
const clock = fakeClock(START);

let postgres: RunningPostgres;
let admin: Pool;
let ledger: LedgerProcess;
let feed: RatingFeed;

beforeAll(async () => {
  postgres = await startPostgres({ fsync: false });
  admin = createPool(postgres.url);
  await migrateLedger(admin);
  ledger = openLedger({ url: postgres.url, partitions: PARTITIONS, clock: clock.now });
  feed = new RatingFeed(PARTITIONS);
  await ledger.deliver(feed.rate(...history(0, 300)));
}, 120_000);

afterAll(async () => {
  await ledger.close();
  await admin.end();
  await postgres.stop();
});

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

const tables = async () =>
  (
    await admin.query(
      "SELECT relname FROM pg_class WHERE relnamespace = 'ledger'::regnamespace AND relname ~ '^(account|lot)' ORDER BY 1",
    )
  ).rows;

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

  it('U54: with writes going on there is no false drift, no command is refused and nothing is lost', async () => {
    const other = openLedger({ url: postgres.url, partitions: PARTITIONS, clock: clock.now });
    let stop = false;
    let flushes = 0;
    const writing = (async () => {
      for (let from = 1_000; !stop; from += 20) {
        await other.deliver(feed.rate(...history(from, 20)));
        expect((await other.balance('m-3'))?.net).toBeGreaterThanOrEqual(0);
        flushes++;
      }
    })();
    const reports: RebuildReport[] = [];
    try {
      for (let round = 0; round < 3; round++) {
        reports.push(await rebuildBalances({ pool: admin, verifyOnly: true }));
        reports.push(await rebuildBalances({ pool: admin }));
      }
    } finally {
      stop = true;
      await writing;
      await other.close();
    }
    expect(reports.map(({ differing }) => differing)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(flushes).toBeGreaterThan(2);
    expect((await verifyLedger({ pool: admin })).ok).toBe(true);
  }, 120_000);

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
