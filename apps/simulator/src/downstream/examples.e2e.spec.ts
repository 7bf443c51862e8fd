import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Order } from '@jifen/contracts';
import { freePorts, kafkaSuite } from '@jifen/testing';
import { createClient, type Client } from '../client.ts';
import { startSystem, type System } from '../faults/system.ts';
import { persist } from '../parallel.ts';
import { PROOF_PROGRAM } from '../program.ts';
import { finish, follow, type Following } from './example.ts';

const WORKSPACE = fileURLToPath(new URL('../../../../', import.meta.url));
const DEADLINE_MS = 60_000;
const MEMBER = 'm-example';
/** Its place among the URLs of a system of services. */
const NOTIFICATIONS = 4;

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

  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch((system.urls[NOTIFICATIONS] ?? '') + path, {
      method,
      headers: { authorization: `Bearer ${system.key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jifen-examples-'));
    system = await startSystem({
      ...{ shape: 'services', program: 'proof' },
      // The receiver of the example listens on this machine.
      environment: { JIFEN_WEBHOOK_ALLOW_PRIVATE: '1' },
    });
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

  it('receive-webhooks: prints what the system sends it, once, also when all is sent again', async () => {
    const port = (await freePorts(1))[0] ?? 0;
    const hook = await ask<{ id: string; secret: string }>('POST', '/v1/webhooks', {
      ...{ url: `http://127.0.0.1:${port}/`, events: ['points.*'] },
    });
    const environment = { WEBHOOK_SECRET: hook.secret, PORT: String(port), FILE: join(folder, 'live.sqlite') };
    const receiver = started('receive-webhooks/receiver.mjs', environment);
    await until('the receiver', () => receiver.output().includes('listening'));
    const at = new Date(Date.now() - 60_000).toISOString();
    const order: Order = {
      ...{ source: 'shop', orderId: 'live-1', revision: 1, member: 'm-live', status: 'paid', currency: 'CNY' },
      lines: [{ lineId: '1', sku: 'A', quantity: 1, amount: '21.00' }],
      ...{ occurredAt: at, placedAt: at, paidAt: at },
    };
    await client.submit('order', [order]);
    await until('the webhook', () => receiver.output().includes('points.earned of m-live'));
    expect(await ask('POST', `/v1/webhooks/${hook.id}/replay`, { from: at })).toEqual({ replayed: 1 });
    await until('the second delivery', async () => {
      const path = `/v1/webhooks/${hook.id}/deliveries`;
      const { data } = await ask<{ data: { state: string; replayedAt?: string }[] }>('GET', path);
      return data[0]?.state === 'delivered' && data[0].replayedAt !== undefined;
    });
    expect(receiver.output().match(/points\.earned of m-live: .*"points":21/g)).toHaveLength(1);
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
