import { validateBalanceStated } from '@jifen/contracts';
import { BALANCE_TOPIC } from '@jifen/messaging';
import { createKafka, createKafkaBus } from '@jifen/messaging-kafka';
import { kafkaSuite } from '@jifen/testing';
import { pino } from 'pino';
import { servicesShape, type ServicesShape } from './testing/shape.ts';
import { eventually, paidOrder, Shop, SHOP_PROGRAM } from './testing/shop.ts';

const MEMBERS = 40;
const HAND_OVER_MS = 10_000;

await kafkaSuite('two ledger processes', (broker) => {
  let shape: ServicesShape;
  let shop: Shop;
  let stop = (): Promise<void> => Promise.resolve();

  beforeAll(async () => {
    shape = await servicesShape(broker().brokers, 2);
    stop = () => shape.stop();
    shop = new Shop(shape.urls, await shape.key('shop'));
    await shop.expect('rules', 'PUT', '/v1/program', { ...SHOP_PROGRAM, rules: SHOP_PROGRAM.rules.slice(0, 1) });
    await shop.expect('rules', 'POST', '/v1/program/publish', { effectiveFrom: '2020-01-01T00:00:00Z' });
  }, 180_000);
  afterAll(() => stop(), 60_000);

  const lagLines = async (url: string): Promise<number> => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return metrics.split('\n').filter((line) => /^jifen_consumer_lag\{.*jifen\.rating\.v1/.test(line)).length;
  };

  it('share the partitions, and a killed one hands its over in under 10 s, with nothing lost or doubled', async () => {
    const ledgers = shape.services.processes().filter(({ name }) => name === 'ledger');
    const shares = await eventually(
      () => Promise.all(ledgers.map(({ url }) => lagLines(url))),
      (found) => found.every((count) => count > 0) && found.reduce((a, b) => a + b, 0) === 16,
    );
    expect(shares).toEqual([8, 8]);

    let n = 0;
    const send = (): Promise<unknown> => {
      const round = n++;
      return shop.send(
        'orders',
        Array.from({ length: MEMBERS }, (_, m) => paidOrder(`m-${m}`, `o-${round}-${m}`, 3)),
      );
    };
    for (let round = 0; round < 5; round++) await send();
    const killed = performance.now();
    await ledgers[1]?.kill('SIGKILL');
    for (let round = 0; round < 5; round++) await send();
    const balances = await eventually(
      () => Promise.all(Array.from({ length: MEMBERS }, (_, m) => shop.balance(`m-${m}`))),
      (found) => found.every((points) => points >= 3 * n),
    );
    expect(performance.now() - killed).toBeLessThan(HAND_OVER_MS);
    expect(balances).toEqual(Array.from({ length: MEMBERS }, () => 3 * n));
    expect(await lagLines(ledgers[0]?.url ?? '')).toBe(16);
  }, 120_000);

  it('leave the last balance of every account on the compacted topic', async () => {
    const logger = pino({ level: 'silent' });
    const kafka = createKafka({ brokers: broker().brokers, clientId: 'reader', logger });
    const bus = createKafkaBus({ kafka, logger });
    const stated = new Map<string, { readonly available: number; readonly version: number }>();
    await bus.consume({
      group: 'reader',
      topics: [BALANCE_TOPIC],
      maxBatch: 500,
      claim: (partitions) => Promise.resolve(partitions.map((partition) => ({ partition, epoch: 1, offsets: {} }))),
      handle: ({ messages }) => {
        for (const { key, value } of messages) {
          const read = validateBalanceStated(JSON.parse(value.toString()));
          if (!read.ok) throw new Error(`${key}: ${JSON.stringify(read.violations)}`);
          if (read.value.version > (stated.get(key)?.version ?? 0)) stated.set(key, read.value);
        }
        return Promise.resolve();
      },
      release: () => undefined,
    });
    const balances = new Map(
      await Promise.all(
        Array.from({ length: MEMBERS }, async (_, m) => [`shop/m-${m}/points`, await shop.balance(`m-${m}`)] as const),
      ),
    );
    const read = await eventually(
      () => Promise.resolve(new Map([...stated].map(([key, { available }]) => [key, available]))),
      (found) => [...balances].every(([key, points]) => found.get(key) === points),
    );
    expect(read).toEqual(balances);
    await bus.close();
  }, 60_000);

  it('let another process take the place of one that ended, on its port', async () => {
    const ended = shape.services.processes().find(({ name }) => name === 'tiering');
    if (ended === undefined) throw new Error('no process of tiering');
    await ended.kill('SIGKILL');
    const started = await shape.services.replace(ended, new AbortController().signal);
    expect([started.label, started.url]).toEqual([ended.label, ended.url]);
    expect(started.pid).not.toBe(ended.pid);
    expect(shape.services.processes()).toContain(started);
    expect(shape.services.processes()).not.toContain(ended);
    await expect(shape.services.replace(ended, AbortSignal.abort())).rejects.toThrow('aborted');
  }, 60_000);

  it('end by themselves at a SIGTERM, when what they took is done', async () => {
    const left = shape.services.processes().filter((process) => process.isRunning());
    expect(left).toHaveLength(5);
    await Promise.all(left.map((process) => process.kill('SIGTERM')));
    expect(await Promise.all(left.map(({ exited }) => exited))).toEqual([0, 0, 0, 0, 0]);
  }, 60_000);
});
