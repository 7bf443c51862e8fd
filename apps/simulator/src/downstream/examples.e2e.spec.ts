import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { freePorts, kafkaSuite } from '@jifen/testing';
import { createClient, type Client } from '../client.ts';
import { startSystem, type System } from '../faults/system.ts';
import { persist } from '../parallel.ts';
import { PROOF_PROGRAM } from '../program.ts';
import { finish, follow, type Following } from './example.ts';

const WORKSPACE = fileURLToPath(new URL('../../../../', import.meta.url));
const DEADLINE_MS = 60_000;
const MEMBER = 'm-example';

const until = (what: string, holds: () => boolean | Promise<boolean>): Promise<void> =>
  persist(what, DEADLINE_MS, async () => {
    if (!(await holds())) throw new Error('not yet');
  });

await kafkaSuite('the examples, against a running system', () => {
  let system: System;
  let client: Client;
  let folder: string;
  const running: Following[] = [];
  const started = (script: string, environment: Readonly<Record<string, string>>): Following => {
    const one = follow(script, environment);
    running.push(one);
    return one;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jifen-examples-'));
    system = await startSystem({ shape: 'services', program: 'proof' });
    client = createClient(system.targets, system.key);
    await client.publishProgram(PROOF_PROGRAM);
  }, 180_000);
  afterAll(async () => {
    await Promise.all(running.map((one) => one.end('SIGTERM')));
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it('publish-orders: duplicates and a refund end in the balance that its page names', async () => {
    const input = await readFile(join(WORKSPACE, 'examples/publish-orders/orders.ndjson'), 'utf8');
    const environment = { KAFKA_BROKERS: system.brokers.join(','), PROGRAM: system.program };
    const published = await finish('publish-orders/publisher.mjs', environment, input);
    expect(published).toEqual({ code: 0, output: '4 orders published to jifen.order.v1\n' });
    const readme = await readFile(join(WORKSPACE, 'examples/publish-orders/README.md'), 'utf8');
    const [, stated = ''] = /`m-example` ends with (\d+) points/.exec(readme) ?? [];
    expect(stated).toBe('129');
    await until('the balance', async () => (await client.balance(MEMBER)).net === Number(stated));
  }, 90_000);

  it('rebuild-balances: equals the API, and says so when it does not', async () => {
    const environment = {
      KAFKA_BROKERS: system.brokers.join(','),
      FILE: join(folder, 'balances.sqlite'),
      JIFEN_URL: system.targets.ledger,
      JIFEN_KEY: system.key,
    };
    const consumer = started('rebuild-balances/consumer.mjs', environment);
    await until('the rebuilt balances', async () => {
      if (consumer.code() !== undefined) throw new Error(consumer.output());
      return (await finish('rebuild-balances/compare.mjs', environment)).code === 0;
    });
    const tamper = `new (require('node:sqlite').DatabaseSync)(process.env.FILE).exec('UPDATE balance SET available = available + 1')`;
    await promisify(execFile)(process.execPath, ['--no-warnings', '-e', tamper], {
      env: { ...process.env, FILE: environment.FILE },
    });
    const compared = await finish('rebuild-balances/compare.mjs', environment);
    expect(compared.code).toBe(1);
    expect(compared.output).toMatch(/1 accounts compared, 1 different/);
  }, 90_000);

  it('receive-webhooks: takes what is signed, once, and refuses the rest', async () => {
    const port = (await freePorts(1))[0] ?? 0;
    const url = `http://127.0.0.1:${port}/`;
    const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
    const receiver = started('receive-webhooks/receiver.mjs', {
      WEBHOOK_SECRET: secret,
      PORT: String(port),
      FILE: join(folder, 'webhooks.sqlite'),
    });
    await until('the receiver', () => receiver.output().includes('listening'));
    const { Webhook } = await import('standardwebhooks');
    const body = JSON.stringify({
      id: 'msg-1',
      type: 'points.earned',
      time: '',
      program: 'proof',
      member: 'm-1',
      data: {},
    });
    const now = new Date();
    const headers = {
      'webhook-id': 'msg-1',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign('msg-1', now, body),
    };
    const send = async (more: Readonly<Record<string, string>> = {}): Promise<number> =>
      (await fetch(url, { method: 'POST', body, headers: { ...headers, ...more } })).status;
    expect([await send(), await send(), await send({ 'webhook-signature': 'v1,AAAA' })]).toEqual([204, 204, 401]);
    expect(receiver.output().match(/points\.earned of m-1/g)).toHaveLength(1);
  }, 60_000);
});
