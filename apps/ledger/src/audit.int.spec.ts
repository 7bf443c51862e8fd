import { fakeClock } from '@jifen/testing';
import type { Pool } from 'pg';
import { auditPace } from './adapters/auditor.ts';
import { readAudit, rebuildBalances } from './index.ts';
import { auditStep, parkDrifted, type AuditStep } from './maintenance/audit.ts';
import type { LedgerDatabase } from './testing/ledger-database.ts';
import type { LedgerProcess } from './testing/ledger-process.ts';
import { startLedgers } from './testing/ledgers.ts';
import type { RatingFeed, Worth } from './testing/rating-feed.ts';

const PARTITIONS = 4;
const clock = fakeClock(Date.parse('2026-11-10T00:00:00Z'));

let database: LedgerDatabase;
let admin: Pool;
let ledger: LedgerProcess;
let feed: RatingFeed;

beforeAll(async () => {
  ({ database, admin, one: ledger, feed } = await startLedgers({ partitions: PARTITIONS, clock: clock.now }));
  await ledger.deliver(feed.rate(...worths(0, 300)));
}, 120_000);

afterAll(() => database.stop());

const worths = (from: number, count: number): readonly Worth[] =>
  Array.from({ length: count }, (_, index) => {
    const i = from + index;
    return { member: `m-${i % 20}`, order: `O-${i % 90}`, target: (i * 31) % 89 };
  });

/** All accounts once, as the service does it, without its pauses. */
async function round(events = 40): Promise<readonly AuditStep[]> {
  const steps: AuditStep[] = [];
  for (let finished = false; !finished;) {
    const step = await auditStep(ledger.pool, events, clock.now());
    if (step === undefined) continue;
    steps.push(step);
    finished = step.finished;
  }
  return steps;
}

describe('the audit', () => {
  it('N19: walks all accounts in small steps, remembers its place, and says when it is through', async () => {
    const first = await auditStep(ledger.pool, 40, clock.now());
    expect(first).toMatchObject({ finished: false, fresh: [], open: 0 });
    expect(first?.events).toBeGreaterThanOrEqual(40);
    const rest = await round();
    expect((first?.accounts ?? 0) + rest.reduce((sum, { accounts }) => sum + accounts, 0)).toBe(20);
    expect(await readAudit(admin)).toMatchObject({ accounts: 20, rounds: 1, findings: [] });
  });

  it('U53: finds a row that drifted, keeps the evidence, parks its member once and nobody else', async () => {
    await admin.query(
      "UPDATE ledger.account SET available = available + 5, net = net + 5 WHERE key = 'demo/m-4/points'",
    );
    const fresh = (await round()).flatMap((step) => step.fresh);
    expect(fresh).toMatchObject([{ account: 'demo/m-4/points', table: 'account' }]);
    expect(JSON.parse(fresh[0]?.detail ?? '')).toMatchObject({ live: { key: 'demo/m-4/points' } });
    expect(await parkDrifted(ledger.store, fresh)).toEqual(['demo/m-4']);
    expect(await ledger.store.listParked({ limit: 10 })).toMatchObject([{ key: 'demo/m-4', reason: 'drift' }]);
    // Told once; found as long as it is there.
    const again = await round();
    expect(again.flatMap((step) => step.fresh)).toEqual([]);
    expect(again.at(-1)?.open).toBe(1);
    // A rating of the parked member waits behind it and is not posted over the wrong row.
    await ledger.deliver(feed.rate({ member: 'm-4', order: 'late', target: 9 }));
    expect(await ledger.store.listParked({ limit: 10 })).toMatchObject([{ key: 'demo/m-4', messages: 1 }]);
  });

  it('has nothing more to say once the tables were rebuilt and the member let go', async () => {
    await rebuildBalances({ pool: admin });
    expect((await round()).at(-1)?.open).toBe(0);
    expect(await ledger.consumer.redrive?.('demo/m-4', { dryRun: false })).toMatchObject({ applied: 1 });
    expect(await ledger.store.listParked({ limit: 10 })).toEqual([]);
    expect((await round()).flatMap((step) => step.fresh)).toEqual([]);
  });

  it('does not park for what was put right before it looked once more', async () => {
    const fresh = [{ account: 'demo/m-5/points', table: 'account', row: '', detail: '{}' }];
    expect(await parkDrifted(ledger.store, fresh)).toEqual([]);
  });

  it('U54: finds nothing while writers and the clock go on, in many rounds', async () => {
    const other = database.open({ partitions: PARTITIONS, clock: clock.now });
    let stop = false;
    let flushes = 0;
    const writing = (async () => {
      const later = (n: number) => ({ award: { availableAt: new Date(clock.now() + n * 1_000).toISOString() } });
      for (let from = 1_000; !stop; from += 25, flushes++) {
        await other.deliver(
          feed.rate(...worths(from, 25).map((worth, n) => (n % 3 === 0 ? { ...worth, ...later(n) } : worth))),
        );
        clock.advance(5_000);
      }
    })();
    const steps: AuditStep[] = [];
    try {
      while (steps.length < 60 || flushes < 5) steps.push(...(await round(30)));
    } finally {
      stop = true;
      await writing;
      await other.close();
    }
    expect(steps.flatMap((step) => step.fresh)).toEqual([]);
  }, 120_000);

  it('two processes do not audit the same at the same time', async () => {
    const steps = await Promise.all([1, 2, 3].map(() => auditStep(ledger.pool, 10, clock.now())));
    expect(steps.filter((step) => step !== undefined).length).toBeGreaterThanOrEqual(1);
    expect((await readAudit(admin)).findings).toEqual([]);
  });

  it.each([
    [{}, 500],
    [{ JIFEN_AUDIT_EVENTS_PER_SECOND: '0' }, 0],
    [{ JIFEN_AUDIT_EVENTS_PER_SECOND: '20' }, 20],
  ])('reads its pace from %j', (environment, pace) => {
    expect(auditPace(environment)).toBe(pace);
    expect(() => auditPace({ JIFEN_AUDIT_EVENTS_PER_SECOND: 'fast' })).toThrow('JIFEN_AUDIT_EVENTS_PER_SECOND');
  });
});
