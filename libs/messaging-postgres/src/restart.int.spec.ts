import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '@jifen/event-store';
import { createPool, createPostgresEventStore, migrate } from '@jifen/event-store-postgres';
import { accept, instant } from '@jifen/kernel';
import { appender, createConsumer, type ContractEvent } from '@jifen/messaging';
import { startPostgres, until } from '@jifen/testing';
import type { PoolClient } from 'pg';
import { createEmbeddedBus, createLogTail } from './index.ts';

const PARTITIONS = 4;
const TOPIC = 'jifen.activity.v1';
const AT = instant('2026-01-01T00:00:00.000Z');

const events = (from: number, count: number): readonly ContractEvent[] =>
  Array.from({ length: count }, (_, n) => ({ key: `shop/m-${n % 20}`, data: `{"n":${from + n}}` }));

it('goes on by itself after the database was killed, with nothing lost or applied twice', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'jifen-restart-'));
  let postgres = await startPostgres({ dataDir });
  const { port } = postgres;
  const admin = createPool(postgres.url, { max: 1 });
  await migrate(admin, { schema: 'sink', role: 'jifen_sink', migrations: [] });
  const pool = createPool(postgres.url, { schema: 'sink', role: 'jifen_sink' });
  const storeOf = (log: string): EventStore<PoolClient> =>
    createPostgresEventStore({ pool, schema: 'sink', log, partitions: PARTITIONS, clock: () => 0, notify: true });
  const source = storeOf('source');
  const sink = storeOf('sink');
  const append = appender(source);
  const failures: string[] = [];
  const consumer = createConsumer<PoolClient, string>({
    group: 'restart',
    topics: [TOPIC],
    maxBatch: 10,
    store: sink,
    decode: ({ value }) => accept(String(value)),
    apply: async (tx, items) => {
      for (const { item, message } of items)
        tx.append(message.partition, {
          stream: `${message.partition}/${message.offset}`,
          version: 1,
          key: message.key,
          type: 'effect.made',
          schemaVersion: 1,
          data: item,
          meta: {},
          occurredAt: AT,
          effectiveAt: AT,
        });
      return [];
    },
  });
  const bus = createEmbeddedBus({
    pool,
    schema: 'sink',
    topics: new Map([[TOPIC, createLogTail(source)]]),
    holder: 'one',
    onError: (error) => failures.push(error.message),
  });
  const applied = async (): Promise<number> => (await sink.heads()).reduce((sum, head) => sum + head, 0);
  try {
    const running = await bus.consume(consumer);
    await append(events(0, 200));
    await until('it is at work', async () => (await applied()) > 0);
    await postgres.kill();
    await until('it noticed', () => failures.length > 0);
    postgres = await startPostgres({ dataDir, port });
    await append(events(200, 100));
    await until('all are applied', async () => (await applied()) >= 300);
    await until('nothing is amiss', () => running.lastError() === undefined);
    expect(await applied()).toBe(300);
    expect(running.owned()).toHaveLength(PARTITIONS);
  } finally {
    await bus.close();
    await source.close();
    await sink.close();
    await Promise.all([pool.end(), admin.end()]);
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}, 60_000);
