import { ensureBuilt, startPostgres, type RunningPostgres } from '@jifen/testing';
import { sameUrl } from '../definitions.ts';
import { issueKey } from '../standalone.ts';
import { eventually, paidOrder, Shop, SHOP_PROGRAM } from '../testing/shop.ts';
import { startProcesses, type RunningProcesses } from './supervisor.ts';

const SECRET_KEY = 'a-key-of-this-suite-only-0123456789abcdef';
const ROUNDS = 4;
const ORDERS = 25;
const MEMBERS = 40;
const POINTS = 7;

interface Report {
  readonly status: string;
  readonly checks: Readonly<Record<string, string>>;
}

describe('several processes on one port', () => {
  const said: string[] = [];
  let database: RunningPostgres;
  let running: RunningProcesses;

  beforeAll(async () => {
    await ensureBuilt();
    database = await startPostgres({ fsync: false });
    running = await startProcesses({
      count: 3,
      port: 0,
      environment: { DATABASE_URL: database.url, JIFEN_SECRET_KEY: SECRET_KEY, LOG_LEVEL: 'error' },
      say: (line) => said.push(line),
    });
  }, 120_000);
  afterAll(async () => {
    await running.stop();
    await database.stop();
  });

  const ask = async (path: string): Promise<string> => (await fetch(running.url + path)).text();
  const report = async (path: string): Promise<Report> => JSON.parse(await ask(path)) as Report;

  it('are asked as one: any of them answers for all', async () => {
    const { status, checks } = await eventually(
      () => report('/readyz'),
      (found) => found.status === 'ok',
    );
    expect(status).toBe('ok');
    for (const name of ['1', '2', '3']) expect(checks[`process ${name}: ledger: partitions`]).toBe('ok');
    expect((await report('/healthz')).status).toBe('ok');
    const page = await ask('/metrics');
    for (const name of ['1', '2', '3'])
      expect(page).toContain(`jifen_dead_letters{service="ledger",process="${name}"} 0`);
  });

  it('share the partitions, and pay each order once while one after the other is killed', async () => {
    const key = await issueKey(database.url, { program: 'shop', name: 'processes' });
    const shop = new Shop(sameUrl(running.url), key);
    await shop.expect('rules', 'PUT', '/v1/program', { ...SHOP_PROGRAM, rules: SHOP_PROGRAM.rules.slice(0, 1) });
    await shop.expect('rules', 'POST', '/v1/program/publish', { effectiveFrom: '2020-01-01T00:00:00Z' });
    const expected = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round++) {
      for (let n = 0; n < ORDERS; n++) {
        const member = `m-${(round * ORDERS + n) % MEMBERS}`;
        const order = paidOrder(member, `o-${round}-${n}`, POINTS);
        // A process that dies with the request in hand leaves its answer open: the same order again is no second one.
        const status = await eventually(
          () =>
            shop.call('ingestion', 'POST', '/v1/orders', order).then(
              (answer) => answer.status,
              () => 0,
            ),
          (found) => found === 202,
        );
        expect(status).toBe(202);
        expected.set(member, (expected.get(member) ?? 0) + POINTS);
        if (n === 10) process.kill(running.pids()[round % running.pids().length] ?? 0, 'SIGKILL');
      }
      await eventually(
        () => Promise.resolve(running.pids().length),
        (count) => count === 3,
      );
    }
    for (const [member, points] of expected) {
      await eventually(
        () => shop.balance(member).catch(() => -1),
        (found) => found >= points,
      );
      expect([member, await shop.balance(member)]).toEqual([member, points]);
    }
    expect(said).toHaveLength(ROUNDS);
    expect(said[0]).toMatch(/^Process \d \(\d+\) ended with SIGKILL; another one takes its place in 0.5 s\.$/);
    await eventually(
      async () => (await report('/readyz')).status,
      (status) => status === 'ok',
    );
  }, 180_000);

  it('tells why a start fails, and leaves nothing running', async () => {
    const start = startProcesses({
      count: 2,
      port: 0,
      environment: { DATABASE_URL: 'mysql://elsewhere' },
      say: () => undefined,
    });
    await expect(start).rejects.toThrow(/^Process 1 \(\d+\) ended with 1 before it was ready$/);
  }, 60_000);
});
