import { createPool, createPostgresEventStore, migrate, type PostgresEventStore } from '@jifen/event-store-postgres';
import { createLogger, roleOf, type ServiceDefinition, type ServiceParts } from '@jifen/service-host';
import {
  DEFAULT_PARTITIONS,
  messageOfEvent,
  Precedence,
  SERVICE_OF_LOG,
  TOPIC_OF_LOG,
  type Consumer,
  type Message,
} from '@jifen/messaging';
import type { Pool } from 'pg';
import { Registry } from 'prom-client';

/** A service with its store and consumers, but without bus, HTTP or relay: to time one step alone. */
export interface BareService {
  readonly pool: Pool;
  readonly parts: ServiceParts;
  store(log: string): PostgresEventStore;
  consumer(topic: string): Consumer;
  close(): Promise<void>;
}

const services: Readonly<Record<string, string>> = SERVICE_OF_LOG;

export async function bareService(
  definition: ServiceDefinition,
  databaseUrl: string,
  clock: () => number = Date.now,
): Promise<BareService> {
  const schema = definition.name;
  const role = roleOf(schema);
  const admin = createPool(databaseUrl, { max: 1 });
  await migrate(admin, { schema, role, migrations: definition.migrations });
  await admin.end();
  const pool = createPool(databaseUrl, { role, schema, max: 4 });
  const stores = new Map<string, PostgresEventStore>();
  /** Logs of other services lie in their schemas; nothing is read of them here. */
  const store = (log: string): PostgresEventStore => {
    let found = stores.get(log);
    if (found === undefined) {
      const home = definition.logs.some((own) => own === log) ? schema : (services[log] ?? schema);
      const options = { pool, schema: home, log, partitions: DEFAULT_PARTITIONS, clock, notify: false };
      stores.set(log, (found = createPostgresEventStore(options)));
    }
    return found;
  };
  for (const log of definition.logs) await store(log).shards();
  const parts = await definition.create({
    pool,
    partitions: DEFAULT_PARTITIONS,
    store,
    clock,
    logger: createLogger('silent'),
    metrics: new Registry(),
    environment: {},
    precedence: new Precedence(),
  });
  return {
    pool,
    parts,
    store,
    consumer: (topic) => {
      const found = parts.consumers.find(({ topics }) => topics.includes(topic));
      if (found === undefined) throw new Error(`${schema} does not consume ${topic}`);
      return found;
    },
    close: async () => {
      for (const each of stores.values()) await each.close();
      await pool.end();
    },
  };
}

const PAGE = 1_000;

/** Everything in a log as the messages of its topic, partitions in turn, as a consumer of all of them would see it. */
export async function messagesOf(store: PostgresEventStore, log: keyof typeof TOPIC_OF_LOG): Promise<Message[]> {
  const lanes: Message[][] = [];
  for (let partition = 0; partition < DEFAULT_PARTITIONS; partition++) {
    const lane: Message[] = [];
    for (let position = 0; ;) {
      const events = await store.readLog(partition, position, PAGE);
      for (const event of events) lane.push(messageOfEvent(event, TOPIC_OF_LOG[log]));
      position = events.at(-1)?.position ?? position;
      if (events.length < PAGE) break;
    }
    lanes.push(lane);
  }
  const merged: Message[] = [];
  for (let row = 0; lanes.some((lane) => row < lane.length); row++)
    for (const lane of lanes) if (lane[row] !== undefined) merged.push(lane[row] as Message);
  return merged;
}

/** Claims every partition; answers what handles a batch of messages. */
export async function claimed(consumer: Consumer): Promise<(messages: readonly Message[]) => Promise<void>> {
  const claims = await consumer.claim(Array.from({ length: DEFAULT_PARTITIONS }, (_, partition) => partition));
  const epochs = new Map(claims.map(({ partition, epoch }) => [partition, epoch]));
  return async (messages) => {
    const own = new Set(messages.map(({ partition }) => partition));
    await consumer.handle({ messages, epochs: new Map([...epochs].filter(([partition]) => own.has(partition))) });
  };
}

/** Hands all messages to the consumer in batches, one after another; answers the seconds that it took. */
export async function feed(consumer: Consumer, messages: readonly Message[], batch: number): Promise<number> {
  const handle = await claimed(consumer);
  const started = performance.now();
  for (let from = 0; from < messages.length; from += batch) await handle(messages.slice(from, from + batch));
  return (performance.now() - started) / 1_000;
}
