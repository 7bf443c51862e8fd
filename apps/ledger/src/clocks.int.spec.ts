import { instantFromMillis } from '@jifen/kernel';
import type { Pool } from 'pg';
import { scheduler } from './adapters/scheduler.ts';
import { commandsOf } from './testing/command-process.ts';
import { publishPolicies, startLedgerDatabase, type LedgerDatabase } from './testing/ledger-database.ts';
import type { LedgerProcess } from './testing/ledger-process.ts';
import { RatingFeed } from './testing/rating-feed.ts';

/** Two processes of one deployment, whose own clocks are a day ahead and a day behind the database's. */
const PARTITIONS = 4;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const real = Date.now;
let database: LedgerDatabase;
let admin: Pool;
let ahead: LedgerProcess;
let behind: LedgerProcess;
const feed = new RatingFeed(PARTITIONS);

beforeAll(async () => {
  database = await startLedgerDatabase();
  admin = database.admin;
  ahead = database.open({ partitions: PARTITIONS });
  behind = database.open({ partitions: PARTITIONS });
  await publishPolicies(behind, { transfers: { currencies: ['points'] } }, { effectiveFrom: from(-DAY) });
}, 120_000);

afterAll(() => database.stop());

afterEach(() => {
  Date.now = real;
});

const from = (millis: number): string => instantFromMillis(real() + millis);

/** What a process does whose own clock is that far off. */
async function off<T>(millis: number, work: () => Promise<T>): Promise<T> {
  Date.now = () => real() + millis;
  try {
    return await work();
  } finally {
    Date.now = real;
  }
}

/** Lets the process do all that it finds due. */
async function runScheduler({ pool, store, accounts }: LedgerProcess): Promise<void> {
  const idle = new AbortController();
  const nudge = { wait: () => Promise.resolve(idle.abort()) };
  const told = { posted: () => undefined, breached: () => undefined, unbooked: () => undefined };
  await scheduler({ pool, store, accounts, nudge, ...told }).run(idle.signal);
}
const aheadWorks = (): Promise<void> => off(DAY, () => runScheduler(ahead));
const behindWorks = (): Promise<void> => off(-DAY, () => runScheduler(behind));

const typesOf = async (member: string): Promise<readonly string[]> =>
  (await behind.store.readStream(`demo/${member}/points`, 0, 100)).map(({ type }) => type);

async function earnDated(member: string): Promise<void> {
  const worth = (order: string, award: { availableAt: string; expiresAt: string }) =>
    feed.rate({ member, order, target: 100, award, at: from(-10 * DAY) });
  await ahead.deliver(worth('lapses-in-12-hours', { availableAt: from(-2 * DAY), expiresAt: from(12 * HOUR) }));
  await ahead.deliver(worth('starts-in-12-hours', { availableAt: from(12 * HOUR), expiresAt: from(9 * DAY) }));
}

/** Nobody can wait for a day: what was to come an hour from now is made to have come. */
async function letPass(member: string, order: string, column: 'expires_at' | 'available_at'): Promise<void> {
  const due = column === 'expires_at' ? 'expiry_due' : 'activation_due';
  await admin.query(
    `WITH moved AS (UPDATE ledger.lot SET ${column} = now() - interval '1 minute' WHERE award = $1)
     UPDATE ledger.account SET ${due} = now() - interval '1 minute' WHERE key = $2`,
    [`${member}~base~shop~${order}`, `demo/${member}/points`],
  );
}

describe('clocks that are a day off', () => {
  it.each([
    ['ahead first', [aheadWorks, behindWorks]],
    ['behind first', [behindWorks, aheadWorks]],
  ] as const)('book nothing early, nothing twice and skip nothing (%s)', async (name, workers) => {
    const member = `due ${name}`.replaceAll(' ', '-');
    await off(DAY, () => earnDated(member));
    for (const work of workers) await work();
    expect(await typesOf(member)).toEqual(['points.earned', 'points.earned']);
    const [spent] = await off(DAY, () =>
      commandsOf(ahead).run({ key: `k ${name}`, member, intent: { kind: 'redeem', member, points: 40 } }),
    );
    expect(spent?.ok).toBe(true);

    await letPass(member, 'lapses-in-12-hours', 'expires_at');
    await letPass(member, 'starts-in-12-hours', 'available_at');
    for (const work of [...workers, ...workers]) await work();
    const booked = ['points.earned', 'points.earned', 'points.redeemed'];
    expect((await typesOf(member)).slice(0, 3)).toEqual(booked);
    expect((await typesOf(member)).slice(3).sort()).toEqual(['points.activated', 'points.expired']);
    expect(await behind.balance(member)).toMatchObject({ available: 100, pending: 0 });
  });

  it('a transfer whose receiver is parked waits a minute, not a day', async () => {
    await ahead.deliver(feed.rate({ member: 'giver', order: 'A', target: 100 }));
    await admin.query(
      "INSERT INTO ledger.parked (log, key, reason, since) VALUES ('ledger', 'demo/taker', 'drift', now())",
    );
    const intent = { kind: 'transfer', member: 'giver', to: 'taker', points: 60 } as const;
    const [sent] = await commandsOf(behind).run({ key: 'gift', member: 'giver', intent });
    expect(sent?.ok).toBe(true);
    await aheadWorks();
    const waits = async (): Promise<readonly { seconds: number }[]> =>
      (await admin.query('SELECT extract(epoch FROM due - now())::int AS seconds FROM ledger.leg')).rows;
    const [leg] = await waits();
    expect(leg?.seconds).toBeGreaterThan(30);
    expect(leg?.seconds).toBeLessThanOrEqual(60);

    await admin.query("DELETE FROM ledger.parked WHERE key = 'demo/taker'");
    await admin.query("UPDATE ledger.leg SET due = now() - interval '1 second'");
    await behindWorks();
    await aheadWorks();
    expect(await waits()).toEqual([]);
    expect(await typesOf('taker')).toEqual(['points.transferred-in']);
    expect(await typesOf('giver')).toEqual(['points.earned', 'points.transferred-out', 'points.transfer-settled']);
  });

  it('an answer is kept for seven days of the database', async () => {
    const kept = `INSERT INTO ledger.answered (program, key, partition, request_hash, status, answer, answered_at)
      VALUES ('demo', $1, 0, '', 200, '{}', now() - $2::interval)`;
    await admin.query(kept, ['young', '6 days 12 hours']);
    await admin.query(kept, ['old', '7 days 1 hour']);
    await aheadWorks();
    const left = await admin.query("SELECT key FROM ledger.answered WHERE key IN ('young', 'old')");
    expect(left.rows).toEqual([{ key: 'young' }]);
    await admin.query(kept, ['old', '7 days 1 hour']);
    await behindWorks();
    const after = await admin.query("SELECT key FROM ledger.answered WHERE key IN ('young', 'old')");
    expect(after.rows).toEqual([{ key: 'young' }]);
  });
});
