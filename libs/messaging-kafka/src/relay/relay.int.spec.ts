import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMemoryEventStore, type EventStore } from '@jifen/event-store';
import { partitionOf } from '@jifen/kernel';
import { appender, type Membership, type Message, type RunningConsumer } from '@jifen/messaging';
import { type Broker, kafkaSuite, until } from '@jifen/testing';
import { createKafka, createKafkaBus, createRelay, EventTooLargeError, type KafkaLogger } from '../index.ts';

const PARTITIONS = 4;
/** For what takes a broker long when the machine is busy. */
const LONG_MS = 60_000;
const QUIET: KafkaLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A membership that a test moves by hand. */
function membershipOf(
  first: readonly number[],
): Membership & { move(partitions: readonly number[]): void; given: number[] } {
  let held = first;
  const listeners = new Set<() => void>();
  const given: number[] = [];
  return {
    given,
    held: () => held,
    released: (partitions) => {
      given.push(...partitions);
      return Promise.resolve();
    },
    refresh: () => Promise.resolve(),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    leave: () => Promise.resolve(),
    move: (partitions) => {
      held = partitions;
      for (const listener of listeners) listener();
    },
  };
}

const ALL = [...Array(PARTITIONS).keys()];

async function deployment(broker: Broker) {
  const topic = `jifen.relay-${randomUUID()}.v1`;
  const store: EventStore<unknown> = createMemoryEventStore({
    log: 'activity',
    partitions: PARTITIONS,
    clock: () => 0,
  });
  const kafka = createKafka({ brokers: broker.brokers, clientId: topic, logger: QUIET });
  const bus = createKafkaBus({ kafka, logger: QUIET, sessionTimeoutMs: 3000, heartbeatIntervalMs: 500 });
  await bus.ensureTopics([{ name: topic, partitions: PARTITIONS }]);
  const seen: Message[] = [];
  const watch = (): Promise<RunningConsumer> => {
    // Cursors of its own, as a shard row would hold them.
    const cursors = new Map<number, number>();
    return bus.consume({
      group: `${topic}-watch`,
      topics: [topic],
      maxBatch: 100,
      claim: (partitions) =>
        Promise.resolve(
          partitions.map((partition) => ({ partition, epoch: 1, offsets: { [topic]: cursors.get(partition) ?? 0 } })),
        ),
      handle: ({ messages }) => {
        seen.push(...messages);
        for (const { partition, offset } of messages) cursors.set(partition, offset + 1);
        return Promise.resolve();
      },
      release: () => undefined,
    });
  };
  const append = appender(store);
  const relay = (membership: Membership = membershipOf(ALL)): Promise<RunningConsumer> =>
    createRelay({ kafka, store, topic, membership, logger: QUIET });
  return { topic, store, bus, seen, watch, append, relay };
}

/** Sequences per partition as they came, after what a consumer drops: `sequence ≤ last seen`. */
function kept(messages: readonly Message[]): ReadonlyMap<number, readonly number[]> {
  const byPartition = new Map<number, number[]>();
  for (const { partition, headers } of messages) {
    const sequence = Number(headers['ce_sequence']);
    const sequences = byPartition.get(partition) ?? [];
    if (sequence > (sequences.at(-1) ?? 0)) byPartition.set(partition, [...sequences, sequence]);
  }
  return byPartition;
}

const complete = (messages: readonly Message[], heads: readonly number[]): boolean => {
  const sequences = kept(messages);
  return ALL.every((partition) => (sequences.get(partition)?.length ?? 0) >= (heads[partition] ?? 0));
};

const gapless = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

const events = (from: number, count: number): readonly { key: string; data: string }[] =>
  Array.from({ length: count }, (_, index) => ({
    key: `shop/m-${(from + index) % 97}`,
    data: `{"n":${from + index}}`,
  }));

await kafkaSuite('the relay on a real broker', (broker) => {
  it('publishes the log in order as CloudEvents, and records how far', async () => {
    const { store, bus, seen, watch, append, relay, topic } = await deployment(broker());
    await append(events(0, 500));
    const running = await relay();
    await watch();
    await append(events(500, 500));
    const heads = await store.heads();
    await until('all came', () => complete(seen, heads), LONG_MS);
    for (const { partition, key } of seen) expect(partition).toBe(partitionOf(key, PARTITIONS));
    expect(kept(seen)).toEqual(new Map(ALL.map((partition) => [partition, gapless(heads[partition] ?? 0)])));
    expect(seen[0]?.headers).toMatchObject({ ce_specversion: '1.0', 'content-type': 'application/json' });
    expect((await running.progress()).every(({ offset, end, topic: name }) => offset === end && name === topic)).toBe(
      true,
    );
    await running.stop();
    expect(await Promise.all(ALL.map((partition) => store.published(partition)))).toEqual(heads);
    await bus.close();
  }, 90_000);

  it('hands partitions to another relay without a gap', async () => {
    const { store, bus, seen, watch, append, relay } = await deployment(broker());
    const [mine, theirs] = [membershipOf(ALL), membershipOf([])];
    const [first, second] = [await relay(mine), await relay(theirs)];
    await watch();
    await append(events(0, 200));
    const soFar = await store.heads();
    await until('the first published', () => complete(seen, soFar), LONG_MS);
    mine.move([0, 1]);
    await until('two were given back', () => mine.given.length === 2, LONG_MS);
    theirs.move([2, 3]);
    await append(events(200, 200));
    const heads = await store.heads();
    await until('both published', () => complete(seen, heads), LONG_MS);
    expect([first.owned(), second.owned()]).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(kept(seen)).toEqual(new Map(ALL.map((partition) => [partition, gapless(heads[partition] ?? 0)])));
    await Promise.all([first.stop(), second.stop()]);
    await bus.close();
  }, 90_000);

  it('makes duplicates but no disorder when two relays own the same partition', async () => {
    const { store, bus, seen, watch, append, relay } = await deployment(broker());
    const [first, second] = [await relay(), await relay()];
    await watch();
    for (let round = 0; round < 10; round++) {
      await append(events(round * 50, 50));
      await sleep(20);
    }
    const heads = await store.heads();
    await until('all came', () => complete(seen, heads), LONG_MS);
    expect(kept(seen)).toEqual(new Map(ALL.map((partition) => [partition, gapless(heads[partition] ?? 0)])));
    await Promise.all([first.stop(), second.stop()]);
    await bus.close();
  }, 90_000);

  it('stops only the partition whose event is too large, and names the event', async () => {
    const { store, bus, seen, watch, append, relay } = await deployment(broker());
    const running = await relay();
    await watch();
    const huge = { key: 'shop/m-1', data: JSON.stringify('x'.repeat(2_000_000)) };
    const blocked = partitionOf(huge.key, PARTITIONS);
    await append([...events(0, 40), huge, ...events(40, 40)]);
    const heads = await store.heads();
    const others = ALL.filter((partition) => partition !== blocked);
    await until('the others came', () => others.every((p) => kept(seen).get(p)?.length === heads[p]), LONG_MS);
    await until('the fault shows', () => running.lastError() !== undefined, LONG_MS);
    expect(running.lastError()).toBeInstanceOf(EventTooLargeError);
    const before = kept(seen).get(blocked)?.length ?? 0;
    expect(running.lastError()?.message).toContain(`event activity-${blocked}-${before + 1} `);
    expect(before).toBeLessThan(heads[blocked] ?? 0);
    await running.stop();
    expect(await store.published(blocked)).toBe(before);
    await bus.close();
  }, 90_000);
});

await kafkaSuite(
  'the relay and a broker that dies',
  (broker) => {
    it('loses nothing and keeps the order over three kill -9 of the broker while it publishes', async () => {
      const { store, bus, seen, watch, append, relay } = await deployment(broker());
      const running = await relay();
      const watching = await watch();
      let written = 0;
      let writing = true;
      const writer = (async () => {
        while (writing) {
          await append(events(written, 20));
          written += 20;
          await sleep(20);
        }
      })();
      for (let kill = 0; kill < 3; kill++) {
        await sleep(700);
        await broker().kill();
        await sleep(1500);
        await broker().restart();
        await sleep(1500);
      }
      writing = false;
      await writer;
      const heads = await store.heads();
      await until('all came', () => complete(seen, heads), LONG_MS);
      expect(kept(seen)).toEqual(new Map(ALL.map((partition) => [partition, gapless(heads[partition] ?? 0)])));
      expect(written).toBeGreaterThan(500);
      await until('it is calm', () => watching.stalledFor() < 5000 && running.stalledFor() < 5000, LONG_MS);
      await running.stop();
      await bus.close();
    }, 180_000);
  },
  { kill: true },
);
