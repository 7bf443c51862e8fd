import { createMemoryEventStore, type EventStore } from '@jifen/event-store';
import {
  appender,
  type Bus,
  busContract,
  type BusHarness,
  type Membership,
  type RunningConsumer,
} from '@jifen/messaging';
import { type Broker, kafkaSuite } from '@jifen/testing';
import { createKafka, createKafkaBus, createRelay, type KafkaLogger } from './index.ts';

const PARTITIONS = 4;
const QUIET: KafkaLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

const everything = (partitions: number): Membership => ({
  held: () => [...Array(partitions).keys()],
  released: () => Promise.resolve(),
  refresh: () => Promise.resolve(),
  onChange: () => () => undefined,
  leave: () => Promise.resolve(),
});

let worlds = 0;

const harnessOf = (broker: () => Broker): BusHarness => ({
  patienceMillis: 20_000,
  create: async () => {
    const name = `contract-${process.pid}-${++worlds}`;
    const topic = `jifen.${name}.v1`;
    const { brokers } = broker();
    const storeOf = (log: string): EventStore<unknown> =>
      createMemoryEventStore({ log, partitions: PARTITIONS, clock: () => 0 });
    const source = storeOf('source');
    const stores = new Map<string, EventStore<unknown>>();
    const buses: Bus[] = [];
    const busOf = (member: string): Bus => {
      const kafka = createKafka({ brokers, clientId: `${name}-${member}`, logger: QUIET });
      const bus = createKafkaBus({ kafka, logger: QUIET, sessionTimeoutMs: 3000, heartbeatIntervalMs: 500 });
      // Groups outlive a world on the broker, so each world has its own.
      const own: Bus = {
        ...bus,
        consume: (consumer) => bus.consume({ ...consumer, group: `${name}-${consumer.group}` }),
      };
      buses.push(own);
      return own;
    };
    let relay: Promise<RunningConsumer> | undefined;
    const relaying = (): Promise<RunningConsumer> => {
      relay ??= (async () => {
        const kafka = createKafka({ brokers, clientId: `${name}-relay`, logger: QUIET });
        await busOf('relay').ensureTopics([{ name: topic, partitions: PARTITIONS }]);
        return createRelay({ kafka, store: source, topic, membership: everything(PARTITIONS), logger: QUIET });
      })();
      return relay;
    };
    const append = appender(source);
    return {
      topic,
      partitions: PARTITIONS,
      bus: (member) => Promise.resolve(busOf(member)),
      append: async (events) => {
        if (events[0] !== undefined) await relaying();
        await append(events);
      },
      store: (group) => {
        const store = stores.get(group) ?? storeOf(group);
        stores.set(group, store);
        return Promise.resolve(store);
      },
      // A handler that does not return sends no heartbeats, so the group forgets the member by itself.
      isolate: () => Promise.resolve(),
      close: async () => {
        await Promise.all(buses.map((bus) => bus.close()));
        await (await relay)?.stop();
      },
    };
  },
});

await kafkaSuite('on a real broker', (broker) => {
  busContract('Kafka', harnessOf(broker), { describe, it: (name, body) => it(name, body, 90_000), expect });
});
