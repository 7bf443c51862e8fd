import { fakeClock } from '@jifen/testing';
import { backlogOf } from './adapters/lanes.ts';
import { scheduler } from './adapters/scheduler.ts';
import { verifyLedger } from './index.ts';
import { startLedgerDatabase, type LedgerDatabase } from './testing/ledger-database.ts';
import type { LedgerProcess } from './testing/ledger-process.ts';
import { RatingFeed } from './testing/rating-feed.ts';

const EXPIRY = '2026-12-01T00:00:00.000Z';
const MEMBERS = 40;
const BAD = 'demo/m-13/points';
const clock = fakeClock(Date.parse('2026-11-10T00:00:00Z'));

let database: LedgerDatabase;
let ledger: LedgerProcess;

beforeAll(async () => {
  database = await startLedgerDatabase();
  ledger = database.open({ partitions: 2, clock: clock.now });
  const worth = (n: number) => ({ member: `m-${n}`, order: 'o', target: 7, award: { expiresAt: EXPIRY } });
  await ledger.deliver(new RatingFeed(2).rate(...Array.from({ length: MEMBERS }, (_, n) => worth(n))));
}, 120_000);

afterAll(() => database.stop());

it('Q03: an account that cannot be written is put off, its neighbours are booked, and it is tried again', async () => {
  const { admin } = database;
  // What a row is in that no update passes: of the batch's transaction nothing lands.
  await admin.query(`ALTER TABLE ledger.account ADD CONSTRAINT bad CHECK (key <> '${BAD}') NOT VALID`);
  clock.set(Date.parse(EXPIRY));
  const failures: string[] = [];
  const left: number[] = [];
  const idle = new AbortController();
  const pauses = [
    () => clock.set(Date.parse(EXPIRY) + 59_000),
    () => clock.set(Date.parse(EXPIRY) + 60_000),
    () => clock.set(Date.parse(EXPIRY) + 179_000),
    async () => {
      await admin.query('ALTER TABLE ledger.account DROP CONSTRAINT bad');
      clock.set(Date.parse(EXPIRY) + 180_000);
    },
    () => idle.abort(),
  ].values();
  const task = scheduler({
    pool: ledger.pool,
    store: ledger.store,
    accounts: ledger.accounts,
    posted: () => undefined,
    breached: () => undefined,
    unbooked: (failed) => failures.push(...failed.map(({ account, detail }) => `${account}: ${detail}`)),
    nudge: {
      wait: async () => {
        left.push((await backlogOf(ledger.pool, clock.now())).accounts);
        await pauses.next().value?.();
      },
    },
  });
  await task.run(idle.signal);

  // Everybody else at the first look; the bad one after one minute, then after two more.
  expect(left).toEqual([1, 1, 1, 1, 0]);
  expect(failures).toHaveLength(2);
  for (const failure of failures) expect(failure).toMatch(/^demo\/m-13\/points: .*constraint "bad"/);
  const booked = "SELECT count(*)::int AS postings FROM ledger.event WHERE type = 'points.expired'";
  expect((await admin.query(booked)).rows).toEqual([{ postings: MEMBERS }]);
  expect(await verifyLedger({ pool: admin })).toMatchObject({ ok: true });
}, 120_000);
