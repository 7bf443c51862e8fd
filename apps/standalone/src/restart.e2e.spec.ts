import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDemo } from './demo/demo.ts';
import { loadDemo } from './demo/load.ts';
import { issueKey, startStandalone, type RunningStandalone } from './standalone.ts';
import { eventually, paidOrder, Shop, SHOP_PROGRAM } from './testing/shop.ts';

const WRITERS = 4;
const MEMBERS = 20;

/** On the embedded database, as `npm start` runs. */
describe('a stop in the middle of work', () => {
  let dataDir: string;
  const start = (): Promise<RunningStandalone> =>
    startStandalone({ dataDir, port: 0, logLevel: 'warn', environment: {} });

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'jifen-restart-'));
    // As root the server runs as another user, who has to walk through.
    await chmod(dataDir, 0o711);
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('loses nothing that was accepted and pays nothing twice', async () => {
    const first = await start();
    const key = await issueKey(first.databaseUrl, { program: 'shop', name: 'restart' });
    const shop = new Shop(first.urls, key);
    await shop.expect('rules', 'PUT', '/v1/program', { ...SHOP_PROGRAM, rules: SHOP_PROGRAM.rules.slice(0, 1) });
    await shop.expect('rules', 'POST', '/v1/program/publish', { effectiveFrom: '2020-01-01T00:00:00Z' });

    const accepted = new Map<string, number>();
    let running = true;
    const write = async (writer: number): Promise<void> => {
      for (let n = 0; running; n++) {
        const member = `m-${(writer + n) % MEMBERS}`;
        try {
          const answer = await shop.call('ingestion', 'POST', '/v1/orders', paidOrder(member, `o-${writer}-${n}`, 7));
          if (answer.status === 202) accepted.set(member, (accepted.get(member) ?? 0) + 7);
          else running = false;
        } catch {
          running = false;
        }
      }
    };
    const writers = Array.from({ length: WRITERS }, (_, writer) => write(writer));
    await eventually(
      () => Promise.resolve(accepted.size),
      (size) => size === MEMBERS,
    );
    await first.stop();
    await Promise.all(writers);

    const second = await start();
    const again = new Shop(second.urls, key);
    for (const [member, points] of accepted) {
      const balance = await eventually(
        () => again.balance(member),
        (found) => found >= points,
      );
      // A request that was cut off may have been durable: its writer does not know, and only one per writer can be.
      expect(balance - points).toBeLessThanOrEqual(7 * WRITERS);
      expect(balance).toBeGreaterThanOrEqual(points);
    }
    await second.stop();
  }, 120_000);

  it('loads the demo through the doors, and a second time changes nothing', async () => {
    const running = await start();
    const key = await issueKey(running.databaseUrl, { program: 'demo', name: 'demo' });
    const steps: number[] = [];
    const load = () =>
      loadDemo({
        urls: running.urls,
        key,
        until: new Date('2026-11-22T00:00:00Z'),
        onProgress: (done, total) => steps.push(done / total),
      });
    await load();
    expect(steps.at(-1)).toBe(1);
    const demo = new Shop(running.urls, key);
    const before = await demo.balance('member-01');
    expect(before).toBeGreaterThan(500);
    await load();
    expect(await demo.balance('member-01')).toBe(before);
    await running.stop();
  }, 120_000);

  it('leaves off loading the demo when it is stopped, and goes on at the next start', async () => {
    const running = await start();
    const stop = new AbortController();
    const seen: number[] = [];
    const leaveOff = (done: number): void => {
      seen.push(done);
      if (done > 60) stop.abort();
    };
    expect(await ensureDemo(running, leaveOff, stop.signal)).toBeUndefined();
    expect(seen.at(-1)).toBe(120);
    const key = await ensureDemo(running, () => undefined, new AbortController().signal);
    const loaded = await new Shop(running.urls, key ?? '').balance('member-01');
    expect(loaded).toBeGreaterThan(500);

    await rm(join(dataDir, 'demo.json'));
    const another = await ensureDemo(running, () => expect('no record').toBe('sent'), new AbortController().signal);
    expect(another).not.toBe(key);
    expect(await new Shop(running.urls, another ?? '').balance('member-01')).toBe(loaded);
    await running.stop();
  }, 120_000);
});
