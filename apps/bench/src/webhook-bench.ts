import { PROOF_PROGRAM, STANDARD_WORKLOAD, startSystem, workload, type System } from '@jifen/app-simulator';
import { createPool } from '@jifen/event-store-postgres';
import type { Pool } from 'pg';
import { bulks, type Bulk, type Caller } from './load.ts';
import { cpuCounter } from './machine.ts';
import { openShop } from './open-shop.ts';
import { awardsBetween, booksOf, type Award, type Deployed, type Heard } from './webhook-books.ts';
import { startReceivers, type Manner, type Receivers } from './webhook-receivers.ts';

export interface WebhookOptions {
  readonly endpoints: number;
  /** Endpoints of a program, each of which gets every award of it. */
  readonly perProgram: number;
  readonly eventsPerSecond: number;
  readonly seconds: number;
  readonly say: (line: string) => void;
}

export interface WebhookResult {
  readonly awardsPerSecond: number;
  readonly deliveriesPerSecond: number;
  /** CPU seconds per 1,000 awards by part, from the order to the webhook. */
  readonly cpuPer1000: Readonly<Record<string, number>>;
  readonly heard: readonly Heard[];
}

/** One of each; all others are healthy. */
const UNWELL: readonly Manner[] = ['dead', 'slow', 'lying'];
/** Orders of a program come in so many at once. */
const BATCH = 5;
const MEMBERS = 200;
/** Of each program. */
const CONNECTIONS = 4;
const WARM_UP_SECONDS = 5;
/** For what is under way when the last order is in. */
const DRAIN_MS = 20_000;
const LOOK_MS = 200;

interface Shop {
  readonly caller: Caller;
  readonly orders: Iterator<Bulk>;
}

/** Orders of many programs in at a steady rate; from the posting of their points to the arrival at each endpoint. */
export async function measureWebhooks(options: WebhookOptions): Promise<WebhookResult> {
  const { endpoints, perProgram, eventsPerSecond, seconds, say } = options;
  const deployed: Deployed = {
    endpoints,
    mannerOf: (endpoint) => UNWELL[endpoint] ?? 'healthy',
    programOf: (endpoint) => `bench-${Math.floor(endpoint / perProgram)}`,
  };
  const receivers = await startReceivers(deployed.mannerOf);
  const onCrash = (name: string, code: number | null): void => say(`${name} ended with ${code}`);
  const environment = { JIFEN_WEBHOOK_ALLOW_PRIVATE: '1' };
  const system = await startSystem({ shape: 'standalone', program: 'bench', environment, onCrash });
  const pool = createPool(system.databaseUrl, { max: 2 });
  const shops: Shop[] = [];
  try {
    say(`${endpoints} endpoints of ${Math.ceil(endpoints / perProgram)} programs`);
    shops.push(...(await openShops(system, pool, receivers, deployed)));
    say(`warm-up, then ${seconds} s at ${eventsPerSecond} awards/s`);
    await trade(shops, eventsPerSecond, WARM_UP_SECONDS);
    const [cpu, from] = [cpuCounter(system.pids()), Date.now()];
    await trade(shops, eventsPerSecond, seconds);
    const [used, to] = [cpu(), Date.now()];
    const awards = await settled(pool, receivers, deployed, from, to);
    const delivered = receivers.arrivals.filter(({ at }) => at >= from && at < to).length;
    return {
      awardsPerSecond: Math.round((awards.length * 1_000) / (to - from)),
      deliveriesPerSecond: Math.round((delivered * 1_000) / (to - from)),
      cpuPer1000: Object.fromEntries(
        Object.entries(used).map(([name, own]) => [
          name,
          Math.round((own / Math.max(1, awards.length)) * 1_000_000) / 1_000,
        ]),
      ),
      heard: booksOf(awards, receivers.arrivals, deployed),
    };
  } finally {
    for (const { caller } of shops) caller.close();
    await pool.end();
    await system.stop();
    await receivers.close();
  }
}

async function openShops(
  system: System,
  pool: Pool,
  receivers: Receivers,
  { endpoints, programOf }: Deployed,
): Promise<readonly Shop[]> {
  const shops = new Map<string, Shop & { readonly key: string }>();
  for (let endpoint = 0; endpoint < endpoints; endpoint++) {
    const program = programOf(endpoint);
    let shop = shops.get(program);
    if (shop === undefined) {
      const { key, caller } = await openShop(system, pool, {
        program,
        document: PROOF_PROGRAM,
        connections: CONNECTIONS,
      });
      const settings = { ...STANDARD_WORKLOAD, seed: shops.size + 1, members: MEMBERS, duplicates: 0, refunds: 0 };
      const orders = bulks(workload(settings, Number.MAX_SAFE_INTEGER), BATCH);
      shops.set(program, (shop = { key, orders, caller }));
    }
    await createWebhook(system, shop.key, receivers.url(endpoint));
  }
  return [...shops.values()];
}

async function createWebhook(system: System, key: string, url: string): Promise<void> {
  const response = await fetch(`${system.urls[0]}/v1/webhooks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url, events: ['points.earned'] }),
  });
  if (response.status !== 201) throw new Error(`POST /v1/webhooks: ${response.status} ${await response.text()}`);
}

/** Open loop: a batch of one shop after the other is due every `BATCH / rate` seconds, whatever the earlier ones do. */
async function trade(shops: readonly Shop[], rate: number, seconds: number): Promise<void> {
  const under: Promise<unknown>[] = [];
  const failures: unknown[] = [];
  const started = performance.now();
  for (let sent = 0; sent < rate * seconds; sent += BATCH) {
    const wait = started + (sent / rate) * 1_000 - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const shop = shops[(sent / BATCH) % shops.length];
    const next = shop?.orders.next();
    if (shop === undefined || next?.done !== false) throw new Error('a shop has no more orders');
    under.push(shop.caller.post(next.value).catch((error: unknown) => failures.push(error)));
  }
  await Promise.all(under);
  if (failures.length > 0) throw failures[0];
}

/** Once the healthy endpoints have everything, or after a while. */
async function settled(
  pool: Pool,
  { arrivals }: Receivers,
  deployed: Deployed,
  from: number,
  to: number,
): Promise<readonly Award[]> {
  const deadline = Date.now() + DRAIN_MS;
  for (;;) {
    const awards = await awardsBetween(pool, from, to);
    const [healthy] = booksOf(awards, arrivals, deployed);
    if (healthy?.received === healthy?.expected || Date.now() > deadline) return awards;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
