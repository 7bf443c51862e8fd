import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueKey, startStandalone, type RunningStandalone } from './standalone.ts';
import { eventually, paidOrder, Shop, SHOP_PROGRAM } from './testing/shop.ts';

/** Postings and tiers are told to tiering and notifications after the balance can be read. */
const LAST = 'tiering jifen.ledger.v1';

describe('the log of the processes', () => {
  let dataDir: string;
  let running: RunningStandalone;
  const lines: string[] = [];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'jifen-follow-'));
    // As root the server runs as another user, who has to walk through.
    await chmod(dataDir, 0o711);
    const logDestination = { write: (line: string) => void lines.push(line) };
    running = await startStandalone({ dataDir, port: 0, logLevel: 'debug', logDestination, environment: {} });
  }, 60_000);
  afterAll(async () => {
    await running.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('shows the way of one order, from the request to the balance and beyond, to one search', async () => {
    const shop = new Shop(running.urls, await issueKey(running.databaseUrl, { program: 'shop', name: 'follow' }));
    await shop.expect('rules', 'PUT', '/v1/program', SHOP_PROGRAM);
    await shop.expect('rules', 'POST', '/v1/program/publish', { effectiveFrom: '2020-01-01T00:00:00Z' });
    await shop.expect('ingestion', 'POST', '/v1/orders', paidOrder('m-2', 'other', 30));
    const { position } = await shop.expect<{ readonly position: string }>(
      'ingestion',
      'POST',
      '/v1/orders',
      paidOrder('m-1', 'followed', 50),
    );
    const search = new RegExp(`${position.replace(':', '[:-]')}\\b`);
    const found = await eventually(
      () => Promise.resolve(lines.filter((line) => search.test(line)).map((line) => stepOf(line))),
      (steps) => steps.includes(LAST),
    );
    expect(found[0]).toBe('POST /v1/orders');
    expect(found.slice(1)).toEqual(
      expect.arrayContaining(['rules jifen.activity.v1', 'ledger jifen.rating.v1', 'tiering jifen.activity.v1', LAST]),
    );
    expect(lines.filter((line) => search.test(line)).join('')).not.toContain('m-2');
  }, 60_000);
});

function stepOf(line: string): string {
  const { msg, method, path, group, topic } = JSON.parse(line) as Readonly<Record<string, string>>;
  return msg === 'request' ? `${method} ${path}` : `${group} ${topic}`;
}
