import { partitionOf } from '@jifen/kernel';
import type { Batch, Bus, Consumer, PartitionClaim, RunningConsumer } from '../bus.ts';
import type { Message } from '../message.ts';
import type { BusHarness, BusWorld, ContractEvent } from './kit.ts';

const PATIENCE_MILLIS = 15_000;
const LOOK_EVERY_MILLIS = 20;

class PatienceError extends Error {
  override readonly name = 'PatienceError';
}

/** What a case works with: the world, and waiting that ends. */
export interface Drill {
  readonly world: BusWorld;
  until(what: string, condition: () => boolean | Promise<boolean>): Promise<void>;
  /** A door that is shut until somebody opens it, at the latest when the case ends. */
  gate(): Gate;
}

export interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}

export const drill =
  (harness: BusHarness, body: (drill: Drill) => Promise<void>): (() => Promise<void>) =>
  async () => {
    const world = await harness.create();
    const gates: Gate[] = [];
    const gate = (): Gate => {
      const made = newGate();
      gates.push(made);
      return made;
    };
    const until = async (what: string, condition: () => boolean | Promise<boolean>): Promise<void> => {
      const deadline = performance.now() + (harness.patienceMillis ?? PATIENCE_MILLIS);
      while (!(await condition())) {
        if (performance.now() > deadline) throw new PatienceError(`waited in vain until ${what}`);
        await pause(LOOK_EVERY_MILLIS);
      }
    };
    try {
      await body({ world, until, gate });
    } finally {
      for (const made of gates) made.open();
      await world.close();
    }
  };

export const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

/** `count` events dealt over the keys in turn; the payload says which one it is. */
export const series = (keys: readonly string[], count: number, from = 0): readonly ContractEvent[] =>
  Array.from({ length: count }, (_, index) => {
    const n = from + index;
    const key = keys[n % keys.length] ?? 'shop/m';
    return { key, data: JSON.stringify({ key, n }) };
  });

export const payloadsByKey = (events: readonly ContractEvent[]): ReadonlyMap<string, readonly string[]> => {
  const byKey = new Map<string, string[]>();
  for (const { key, data } of events) byKey.set(key, [...(byKey.get(key) ?? []), data]);
  return byKey;
};

/** `count` keys of every partition. */
export function keysEverywhere(partitions: number, count: number): readonly string[] {
  const found = Array.from({ length: partitions }, (): string[] => []);
  for (let n = 0; found.some((keys) => keys.length < count); n++) {
    const key = `shop/m-${n}`;
    const keys = found[partitionOf(key, partitions)];
    if (keys !== undefined && keys.length < count) keys.push(key);
  }
  return found.flat();
}

export const join = async (world: BusWorld, member: string, consumer: Consumer): Promise<[Bus, RunningConsumer]> => {
  const bus = await world.bus(member);
  await bus.ensureTopics([{ name: world.topic, partitions: world.partitions }]);
  return [bus, await bus.consume(consumer)];
};

/** The consumer with another way to handle a batch. */
export const handling = (consumer: Consumer, handle: (batch: Batch) => Promise<void>): Consumer => ({
  ...consumer,
  handle,
});

/** A consumer without a store that starts where it is told to and keeps what it sees. */
export function watcher(
  group: string,
  topic: string,
  offsets: ReadonlyMap<number, number>,
): { readonly consumer: Consumer; readonly seen: Message[] } {
  const seen: Message[] = [];
  const claimOf = (partition: number): PartitionClaim => {
    const offset = offsets.get(partition);
    return { partition, epoch: 0, offsets: offset === undefined ? {} : { [topic]: offset } };
  };
  const consumer: Consumer = {
    group,
    topics: [topic],
    maxBatch: 50,
    claim: async (partitions) => partitions.map(claimOf),
    handle: async ({ messages }) => {
      seen.push(...messages);
    },
    release: () => undefined,
  };
  return { consumer, seen };
}

function newGate(): Gate {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}
