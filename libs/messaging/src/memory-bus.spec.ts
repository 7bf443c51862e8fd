import type { EventStore } from '@jifen/event-store';
import { createMemoryEventStore } from '@jifen/event-store';
import { appender, busContract, createMemoryBus } from './index.ts';
import type { BusHarness, MemoryBus } from './index.ts';

const PARTITIONS = 4;
const TOPIC = 'contract.topic.v1';

const harness: BusHarness = {
  create: async () => {
    const storeOf = (log: string): EventStore<unknown> =>
      createMemoryEventStore({ log, partitions: PARTITIONS, clock: () => 0 });
    const source = storeOf('source');
    const stores = new Map<string, EventStore<unknown>>();
    const first = createMemoryBus({ logs: new Map([[TOPIC, source]]), partitions: PARTITIONS });
    const buses = new Map<unknown, MemoryBus>();
    return {
      topic: TOPIC,
      partitions: PARTITIONS,
      bus: async () => {
        const bus = first.fork();
        buses.set(bus, bus);
        return bus;
      },
      append: appender(source),
      store: async (group) => {
        const store = stores.get(group) ?? storeOf(group);
        stores.set(group, store);
        return store;
      },
      isolate: async (bus) => buses.get(bus)?.isolate(),
      close: async () => {
        await Promise.all([...buses.values()].map((bus) => bus.close()));
      },
    };
  },
  patienceMillis: 5_000,
};

busContract('in-memory', harness, { describe, it, expect });
