import type { EventStore } from '@jifen/event-store';
import { createPool, createPostgresEventStore, grantLogReading, migrate } from '@jifen/event-store-postgres';
import type { Bus, BusHarness } from '@jifen/messaging';
import { appender, busContract } from '@jifen/messaging';
import { startPostgres, type RunningPostgres } from '@jifen/testing';
import type { Pool, PoolClient } from 'pg';
import { createEmbeddedBus, createLogTail } from './index.ts';

const PARTITIONS = 4;
const TOPIC = 'contract.topic.v1';
const LEASE_MILLIS = 450;

let postgres: RunningPostgres;
let source: Pool;
let sink: Pool;
let worlds = 0;

beforeAll(async () => {
  postgres = await startPostgres({ fsync: false });
  const admin = createPool(postgres.url);
  await migrate(admin, { schema: 'source', role: 'jifen_source', migrations: [] });
  await migrate(admin, { schema: 'sink', role: 'jifen_sink', migrations: [] });
  await grantLogReading(admin, { schema: 'source', role: 'jifen_sink' });
  await admin.end();
  source = createPool(postgres.url, { schema: 'source', role: 'jifen_source' });
  sink = createPool(postgres.url, { schema: 'sink', role: 'jifen_sink', max: 20 });
});
afterAll(async () => {
  await source.end();
  await sink.end();
  await postgres.stop();
});

/** Members of one process share the writer's tail; those of other processes read what they are notified of. */
const harnessOf = (where: 'one process' | 'several processes'): BusHarness => ({
  create: async () => {
    const world = ++worlds;
    const closing: (() => Promise<void>)[] = [];
    const storeOf = (pool: Pool, schema: string, log: string): EventStore<PoolClient> => {
      const options = { pool, schema, log, partitions: PARTITIONS, clock: () => 0, notify: schema === 'source' };
      const store = createPostgresEventStore(options);
      closing.push(() => store.close());
      return store;
    };
    const writer = storeOf(source, 'source', `log${world}`);
    const tail = createLogTail(writer);
    const buses: Bus[] = [];
    const stores = new Map<string, EventStore<unknown>>();
    return {
      topic: TOPIC,
      partitions: PARTITIONS,
      bus: async (member) => {
        const reader = where === 'one process' ? tail : createLogTail(storeOf(sink, 'source', `log${world}`));
        const bus = createEmbeddedBus({
          pool: sink,
          schema: 'sink',
          topics: new Map([[TOPIC, reader]]),
          holder: `${member}-${world}`,
          leaseMillis: LEASE_MILLIS,
          handleLimitMillis: 600,
        });
        buses.push(bus);
        return bus;
      },
      append: appender(writer),
      store: async (group) => {
        const store = stores.get(group) ?? storeOf(sink, 'sink', `${group}${world}`);
        stores.set(group, store);
        return store;
      },
      // A handler that does not come back stops renewing its leases by itself.
      isolate: async () => undefined,
      close: async () => {
        await Promise.all(buses.map((bus) => bus.close()));
        await Promise.all(closing.map((close) => close()));
      },
    };
  },
});

for (const where of ['one process', 'several processes'] as const)
  busContract(`embedded, ${where}:`, harnessOf(where), { describe, it, expect });
