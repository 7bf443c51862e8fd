import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMemoryEventStore, type EventStore } from '@jifen/event-store';
import { instant, partitionOf } from '@jifen/kernel';
import { type Membership, type MirrorPlace, type RunningConsumer } from '@jifen/messaging';
import { type Broker, kafkaSuite, until } from '@jifen/testing';
import { createKafka, createKafkaBus, createMirror, type KafkaLogger } from '../index.ts';
import { orderedProducer } from '../kafka.ts';

const PARTITIONS = 4;
/** Longer than asking for the ends and finding a broker for a new producer may take, one after the other. */
const FROZEN_MS = 25_000;
const ALL = [...Array(PARTITIONS).keys()];

const holding = (partitions: readonly number[]): Membership => ({
  held: () => partitions,
  released: () => Promise.resolve(),
  refresh: () => Promise.resolve(),
  onChange: () => () => undefined,
  leave: () => Promise.resolve(),
});

interface Last {
  readonly value: string;
  readonly sequence: string;
}

async function deployment(broker: Broker) {
  const topic = `jifen.mirror-${randomUUID()}.v1`;
  const warnings: string[] = [];
  const note = (_: object, message: string): void => void warnings.push(message);
  const quiet = (): void => undefined;
  const logger: KafkaLogger = { debug: quiet, info: quiet, warn: note, error: note };
  const store: EventStore<unknown> = createMemoryEventStore({ log: 'ledger', partitions: PARTITIONS, clock: () => 0 });
  const kafka = createKafka({ brokers: broker.brokers, clientId: topic, logger });
  const bus = createKafkaBus({ kafka, logger, sessionTimeoutMs: 3000, heartbeatIntervalMs: 500 });
  await bus.ensureTopics([{ name: topic, partitions: PARTITIONS, compacted: true }]);
  const places = new Map<number, MirrorPlace>();
  const last = new Map<string, Last>();
  let records = 0;
  await bus.consume({
    group: `${topic}-watch`,
    topics: [topic],
    maxBatch: 500,
    claim: (claimed) => Promise.resolve(claimed.map((partition) => ({ partition, epoch: 1, offsets: {} }))),
    handle: ({ messages }) => {
      records += messages.length;
      // What compaction keeps: whatever comes last.
      for (const { key, value, headers } of messages)
        last.set(key, { value: value.toString(), sequence: headers['ce_sequence'] ?? '' });
      return Promise.resolve();
    },
    release: () => undefined,
  });
  const versions = new Map<string, number>();
  /** Each key is a stream. */
  const append = async (events: readonly { readonly key: string; readonly data: string }[]): Promise<void> => {
    await store.transact({ partitions: ALL }, (tx) => {
      for (const { key, data } of events) {
        const version = (versions.get(key) ?? 0) + 1;
        versions.set(key, version);
        const at = instant('2026-01-01T00:00:00.000Z');
        const of = { stream: key, version, key, type: 'points.earned', schemaVersion: 1, data, meta: {} };
        tx.append(partitionOf(key, PARTITIONS), { ...of, occurredAt: at, effectiveAt: at });
      }
      return Promise.resolve();
    });
  };
  const mirror = (partitions: readonly number[] = ALL, checkMillis = 300): Promise<RunningConsumer> =>
    createMirror({
      kafka,
      store,
      membership: holding(partitions),
      logger,
      checkMillis,
      gatherMillis: 20,
      mirror: {
        topic,
        log: 'ledger',
        places: {
          read: (partition) => Promise.resolve(places.get(partition)),
          write: (moved) => {
            for (const [partition, place] of moved) places.set(partition, place);
            return Promise.resolve();
          },
        },
        state: ({ stream, data }) =>
          data.includes('silent') ? undefined : { key: stream, type: 'balance.stated', data },
      },
    });
  const foreign = async (key: string, value: string): Promise<void> => {
    const producer = orderedProducer(kafka);
    await producer.connect();
    const partition = partitionOf(key, PARTITIONS);
    await producer.send({ topic, acks: -1, messages: [{ key, partition, value }] });
    await producer.disconnect();
  };
  const recreate = async (): Promise<void> => {
    const admin = kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
    await sleep(500);
    // kafkajs asks on for topics that it has seen, also when they are gone.
    const anew = createKafkaBus({
      kafka: createKafka({ brokers: broker.brokers, clientId: `${topic}-anew`, logger }),
      logger,
    });
    await anew.ensureTopics([{ name: topic, partitions: PARTITIONS, compacted: true }]);
    await anew.close();
  };
  return { topic, store, bus, places, last, append, mirror, foreign, recreate, warnings, written: () => records };
}

/** `count` events over 50 streams; the value of a stream is the number of its last event. */
const events = (from: number, count: number): readonly { key: string; data: string }[] =>
  Array.from({ length: count }, (_, index) => ({
    key: `shop/m-${(from + index) % 50}`,
    data: `{"n":${from + index}}`,
  }));

const holds = (last: ReadonlyMap<string, Last>, total: number): boolean =>
  Array.from({ length: 50 }, (_, n) => n).every((n) => {
    const value = last.get(`shop/m-${n}`)?.value;
    return value === `{"n":${total - 50 + ((n - (total % 50) + 50) % 50)}}`;
  });

await kafkaSuite('the mirror of last states on a real broker', (broker) => {
  it('writes the last state of each stream, and not every event', async () => {
    const { bus, append, mirror, last, written } = await deployment(broker());
    await append(events(0, 5000));
    const running = await mirror();
    await until('it is there', () => holds(last, 5000));
    expect(written()).toBeLessThan(2000);
    await append(events(5000, 100));
    await until('it follows', () => holds(last, 5100));
    expect(last.get('shop/m-0')?.sequence).toMatch(/^\d{16}$/);
    expect((await running.progress()).every(({ offset, end }) => offset === end)).toBe(true);
    await running.stop();
    await bus.close();
  }, 90_000);

  it('goes on where another stopped, and writes nothing twice', async () => {
    const { bus, append, mirror, last, written, warnings } = await deployment(broker());
    await append(events(0, 500));
    const first = await mirror();
    await until('it is there', () => holds(last, 500));
    await first.stop();
    const before = written();
    const second = await mirror();
    await append(events(500, 50));
    await until('it follows', () => holds(last, 550));
    expect(written() - before).toBeLessThanOrEqual(50);
    expect(warnings.filter((warning) => warning.includes('written again'))).toEqual([]);
    await second.stop();
    await bus.close();
  }, 90_000);

  it('writes all states again when an old one came from somewhere else: at rest, at work, and between two owners', async () => {
    const { bus, append, mirror, last, foreign, warnings } = await deployment(broker());
    await append(events(0, 500));
    const first = await mirror();
    await until('it is there', () => holds(last, 500));
    await foreign('shop/m-7', '{"n":7}');
    await until('the rest is mended', () => warnings.length > 0 && holds(last, 500));
    await first.stop();
    await foreign('shop/m-8', '{"n":8}');
    await until('the stale state is read', () => last.get('shop/m-8')?.value === '{"n":8}');
    // It looks at the ends only when it takes over and when it writes.
    const second = await mirror(ALL, 1_000_000);
    await until('the take-over mends', () => holds(last, 500));
    await foreign('shop/m-9', '{"n":9}');
    await until('the stale state is read', () => last.get('shop/m-9')?.value === '{"n":9}');
    await append(events(500, 50));
    await until('the next write mends', () => holds(last, 550));
    await second.stop();
    await bus.close();
  }, 90_000);

  it('two owners at once leave the last states', async () => {
    const { bus, append, mirror, last } = await deployment(broker());
    const both = await Promise.all([mirror(), mirror()]);
    for (let from = 0; from < 2000; from += 100) {
      await append(events(from, 100));
      await sleep(10);
    }
    await both[0].stop();
    await until('it is right', () => holds(last, 2000));
    await both[1].stop();
    await bus.close();
  }, 90_000);

  it('goes on when a broker that did not answer for a while answers again', async () => {
    const kafka = broker();
    const { bus, append, mirror, last, warnings } = await deployment(kafka);
    await append(events(0, 100));
    const running = await mirror();
    await until('it is there', () => holds(last, 100));
    // Somebody else's broker answers all the time.
    if (kafka.canKill) await kafka.freeze(FROZEN_MS);
    expect(warnings.includes('the last states could not be written')).toBe(kafka.canKill);
    await append(events(100, 100));
    await until('it follows', () => holds(last, 200), 40_000);
    const stopping = performance.now();
    await running.stop();
    expect(performance.now() - stopping).toBeLessThan(10_000);
    await bus.close();
  }, 120_000);

  it('fills a topic that was made anew', async () => {
    const { bus, append, mirror, recreate, places, warnings } = await deployment(broker());
    await append(events(0, 500));
    const running = await mirror();
    await until('it is there', () => places.size === PARTITIONS);
    await recreate();
    await until('it is filled', () => warnings.some((warning) => warning.includes('written again')));
    await until('all are there', () => [...places.values()].reduce((sum, { end }) => sum + end, 0) === 50);
    await running.stop();
    await bus.close();
  }, 90_000);

  it('skips events that do not tell how their stream stands', async () => {
    const { bus, append, mirror, last, places, store } = await deployment(broker());
    await append([{ key: 'shop/m-1', data: '"silent"' }]);
    await append([{ key: 'shop/m-2', data: '{"n":2}' }]);
    const running = await mirror();
    const heads = await store.heads();
    const at = (partition: number): number => places.get(partition)?.position ?? 0;
    await until('both are past', () => ALL.every((partition) => at(partition) === (heads[partition] ?? 0)));
    await until('one came', () => last.size === 1);
    expect([...last.keys()]).toEqual(['shop/m-2']);
    await running.stop();
    await bus.close();
  }, 90_000);
});
