import type { EventStore } from '@jifen/event-store';
import { fakeClock } from '@jifen/testing';
import type { Pool, PoolClient } from 'pg';
import { backlogOf } from './adapters/lanes.ts';
import { MAX_BOOKED, scheduler } from './adapters/scheduler.ts';
import { verifyLedger } from './index.ts';
import { dyingStore, Killed } from './testing/dying-store.ts';
import { startLedgerDatabase, type LedgerDatabase } from './testing/ledger-database.ts';
import type { LedgerProcess } from './testing/ledger-process.ts';
import { RatingFeed, type Worth } from './testing/rating-feed.ts';

const PARTITIONS = 4;
const EXPIRY = '2026-12-01T00:00:00.000Z';
const MEMBERS = 2_000;
/** Ten lots each: 20,000 that lapse at one instant. */
const LOTS = 10;
const POINTS = 7;
const clock = fakeClock(Date.parse('2026-11-10T00:00:00Z'));

let database: LedgerDatabase;
let admin: Pool;
let one: LedgerProcess;
let other: LedgerProcess;
let earning: LedgerProcess;
const feed = new RatingFeed(PARTITIONS);

beforeAll(async () => {
  database = await startLedgerDatabase();
  admin = database.admin;
  const open = () => database.open({ partitions: PARTITIONS, clock: clock.now });
  [one, other, earning] = [open(), open(), open()];
  for (let order = 0; order < LOTS; order++) {
    for (let from = 0; from < MEMBERS; from += 500) {
      const worths = Array.from({ length: 500 }, (_, n): Worth => {
        const award = { expiresAt: EXPIRY };
        return { member: `m-${from + n}`, order: `o-${order}`, target: POINTS, award };
      });
      await one.deliver(feed.rate(...worths));
    }
  }
}, 300_000);

afterAll(() => database.stop());

interface Swept {
  /** Accounts of each transaction. */
  readonly batches: number[];
  /** Accounts that were still due after each. */
  readonly left: number[];
}

/** Runs the scheduler until nothing is due or it dies. */
async function sweep({ pool, accounts }: LedgerProcess, store: EventStore<PoolClient>): Promise<Swept> {
  const swept: Swept = { batches: [], left: [] };
  const looking: Promise<void>[] = [];
  const idle = new AbortController();
  const task = scheduler({
    pool,
    store,
    accounts,
    nudge: { wait: () => Promise.resolve(idle.abort()) },
    breached: () => undefined,
    unbooked: () => undefined,
    posted: (events) => {
      swept.batches.push(new Set(events.map(({ entry }) => entry.member)).size);
      looking.push(backlogOf(pool, clock.now()).then(({ accounts: due }) => void swept.left.push(due)));
    },
  });
  try {
    await task.run(idle.signal);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
  await Promise.all(looking);
  return swept;
}

it('Q03: 20,000 lots that lapse at once are booked in small batches, on from where a process died, while others earn', async () => {
  clock.set(Date.parse(EXPIRY));
  const before = await backlogOf(one.pool, clock.now());
  expect(before.accounts).toBe(MEMBERS);
  // Right before anything is booked.
  expect(await one.balance('m-77')).toMatchObject({ available: 0, lapsed: LOTS * POINTS });

  const first = await sweep(one, dyingStore(one.store, 4, 'within'));
  expect(first.batches).toHaveLength(3);
  const left = (await backlogOf(one.pool, clock.now())).accounts;
  expect(left).toBe(MEMBERS - first.batches.reduce((sum, size) => sum + size, 0));

  let flushes = 0;
  let swept = false;
  const earn = async (): Promise<void> => {
    for (; !swept; flushes++) await earning.deliver(feed.rate({ member: 'm-1', order: `new-${flushes}`, target: 1 }));
  };
  const [second] = await Promise.all([sweep(other, other.store).finally(() => (swept = true)), earn()]);
  for (const size of [...first.batches, ...second.batches]) expect(size).toBeLessThanOrEqual(MAX_BOOKED);
  expect(second.batches.length).toBeGreaterThan(10);
  expect(Math.min(...second.left)).toBeLessThan(Math.max(...second.left));
  // One posting or more between two batches, on the average: nobody waits for the whole sweep.
  expect(flushes).toBeGreaterThan(second.batches.length / 2);

  expect((await backlogOf(one.pool, clock.now())).accounts).toBe(0);
  const sums = `SELECT count(*)::int AS postings, sum((data::json ->> 'points')::int)::int AS points
    FROM ledger.event WHERE type = 'points.expired'`;
  const { rows } = await admin.query<{ postings: number; points: number }>(sums);
  expect(rows[0]?.points).toBe(-MEMBERS * LOTS * POINTS);
  expect(await one.balance('m-1')).toMatchObject({ available: flushes, net: flushes, lapsed: 0 });
  expect(await one.balance('m-77')).toMatchObject({ available: 0, net: 0, lapsed: 0 });
  expect(await verifyLedger({ pool: admin })).toMatchObject({ ok: true });
}, 300_000);
