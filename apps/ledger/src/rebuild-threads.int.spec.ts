import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ensureBuilt, fakeClock, until } from '@jifen/testing';
import type { Threads } from '@jifen/event-store-postgres';
import type { Pool } from 'pg';
import { BrokenLogError, compareBalances, rebuildBalances, verifyLedger } from './index.ts';
import type { LedgerDatabase } from './testing/ledger-database.ts';
import type { LedgerProcess } from './testing/ledger-process.ts';
import { startLedgers } from './testing/ledgers.ts';
import type { RatingFeed } from './testing/rating-feed.ts';

const PARTITIONS = 4;
const clock = fakeClock(Date.parse('2026-11-10T00:00:00Z'));
const MEMBER = 'demo/m-3/points';

let database: LedgerDatabase;
let admin: Pool;
let ledger: LedgerProcess;
let feed: RatingFeed;
let threads: Threads;

beforeAll(async () => {
  await ensureBuilt();
  ({ database, admin, one: ledger, feed } = await startLedgers({ partitions: PARTITIONS, clock: clock.now }));
  threads = { databaseUrl: database.url, count: 2 };
  const worth = Array.from({ length: 300 }, (_, i) => ({
    member: `m-${i % 30}`,
    order: `O-${i % 100}`,
    target: i % 97,
  }));
  await ledger.deliver(feed.rate(...worth));
}, 120_000);

afterAll(() => database.stop());

const stateOf = async () => ({
  accounts: (await admin.query('SELECT * FROM ledger.account ORDER BY key')).rows,
  lots: (await admin.query('SELECT * FROM ledger.lot ORDER BY account, award, n')).rows,
});

const schemas = async (): Promise<unknown[]> =>
  (await admin.query("SELECT nspname FROM pg_namespace WHERE nspname ~ '^ledger_'")).rows;

const waitingWalkers = async (): Promise<readonly number[]> => {
  const { rows } = await admin.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'jifen-walk' AND wait_event_type = 'Lock'",
  );
  return rows.map(({ pid }) => pid);
};

/** Begins a rebuild and meets it while its threads have written a part: they wait for one of the tables, which the work here holds. */
async function inTheMiddle(begin: () => void, work: () => Promise<void>): Promise<void> {
  const log = await admin.connect();
  const table = await admin.connect();
  try {
    await log.query('BEGIN; LOCK TABLE ledger.event IN ACCESS EXCLUSIVE MODE');
    begin();
    await until('the new tables are there', async () => (await schemas()).length === 1);
    await table.query('BEGIN; LOCK TABLE ledger.done IN ACCESS EXCLUSIVE MODE');
    await log.query('ROLLBACK');
    await until('a thread has written a part', async () => (await waitingWalkers()).length > 0);
    await work();
  } finally {
    await log.query('ROLLBACK');
    await table.query('ROLLBACK');
    log.release();
    table.release();
  }
}

async function isAsItWas(state: Awaited<ReturnType<typeof stateOf>>): Promise<void> {
  expect(await stateOf()).toEqual(state);
  expect(await rebuildBalances({ pool: admin, threads })).toMatchObject({ differing: 0, swapped: true });
  expect(await stateOf()).toEqual(state);
  expect(await schemas()).toEqual([]);
  await ledger.deliver(feed.rate({ member: 'm-3', order: `after-${clock.now()}`, target: 5 }));
  clock.advance(1_000);
  expect(await verifyLedger({ pool: admin, threads })).toMatchObject({ ok: true });
}

describe('rebuild in threads', () => {
  it('finds and gives what it does in one', async () => {
    const state = await stateOf();
    const alone = await rebuildBalances({ pool: admin });
    const seen: number[] = [];
    const onProgress = ({ position }: { readonly position: number }): void => void seen.push(position);
    expect(await rebuildBalances({ pool: admin, threads, onProgress })).toEqual(alone);
    expect(seen.at(-1)).toBe(alone.events);
    expect(await stateOf()).toEqual(state);
    await admin.query('UPDATE ledger.account SET lifetime = lifetime + 1 WHERE key = $1', [MEMBER]);
    const found = await compareBalances({ pool: admin });
    expect(found).toMatchObject({ differing: 1, differences: [{ table: 'account', account: MEMBER }] });
    expect(await compareBalances({ pool: admin, threads })).toEqual(found);
    expect(await rebuildBalances({ pool: admin, threads })).toMatchObject({ differing: 1, swapped: true });
    expect(await stateOf()).toEqual(state);
  });

  it('stops at an event that does not follow, and leaves the live tables alone', async () => {
    const state = await stateOf();
    const change = (from: string, to: string) =>
      admin.query(
        `ALTER TABLE ledger.event DISABLE TRIGGER ALL;
         UPDATE ledger.event SET data = replace(data, '${from}', '${to}') WHERE stream = '${MEMBER}' AND version = 1;
         ALTER TABLE ledger.event ENABLE TRIGGER ALL`,
      );
    await change('"available":', '"available":1');
    expect(await compareBalances({ pool: admin, threads })).toMatchObject({ broken: [{ account: MEMBER }] });
    await expect(rebuildBalances({ pool: admin, threads })).rejects.toThrow(BrokenLogError);
    await change('"available":1', '"available":');
    await isAsItWas(state);
  });

  it('fails when a connection of a thread is cut in the middle, and can be begun again', async () => {
    const state = await stateOf();
    let failed: unknown;
    await inTheMiddle(
      () => void rebuildBalances({ pool: admin, threads }).catch((error: unknown) => (failed = error)),
      async () => {
        for (const pid of await waitingWalkers()) await admin.query('SELECT pg_terminate_backend($1)', [pid]);
      },
    );
    await until('the rebuild has failed', () => failed !== undefined);
    expect(failed).toMatchObject({ code: '57P01' });
    await until('nothing of it is left', async () => (await schemas()).length === 0);
    await isAsItWas(state);
  });

  it('N08: killed in the middle, a rebuild has changed nothing, and the next one is not hindered', async () => {
    const state = await stateOf();
    const cwd = fileURLToPath(new URL('..', import.meta.url));
    const code = `
      import { rebuildBalances } from './dist/index.js';
      import { createPool } from '@jifen/event-store-postgres';
      const databaseUrl = process.argv[1];
      await rebuildBalances({ pool: createPool(databaseUrl, { max: 4 }), threads: { databaseUrl, count: 2 } });`;
    let child: ReturnType<typeof spawn> | undefined;
    await inTheMiddle(
      () => {
        child = spawn(process.execPath, ['--input-type=module', '-e', code, database.url], { cwd, stdio: 'inherit' });
      },
      async () => {
        const gone = once(child ?? process, 'exit');
        child?.kill('SIGKILL');
        await gone;
      },
    );
    expect(await schemas()).toHaveLength(1);
    await isAsItWas(state);
  });
});
