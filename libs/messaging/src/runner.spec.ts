import { createMemoryEventStore } from '@jifen/event-store';
import { partitionOf, present } from '@jifen/kernel';
import type { Batch, Consumer, RunningConsumer } from './index.ts';
import { appender, createMemoryBus } from './index.ts';
import { keysEverywhere, pause, series } from './contract/drills.ts';

const PARTITIONS = 4;
const TOPIC = 'contract.topic.v1';
const KEYS = keysEverywhere(PARTITIONS, 1);

interface Run {
  readonly running: RunningConsumer;
  readonly batches: Batch[];
  readonly append: ReturnType<typeof appender>;
  heads(): number;
  until(condition: () => boolean): Promise<void>;
}

const open: RunningConsumer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((running) => running.stop()));
});

async function run(
  handle: (batch: Batch) => Promise<void> = async () => undefined,
  before = 0,
  gatherMillis = 0,
): Promise<Run> {
  const store = createMemoryEventStore({ log: 'source', partitions: PARTITIONS, clock: () => 0 });
  const append = appender(store);
  await append(series(KEYS, before));
  let heads = 0;
  const reader = {
    log: store.log,
    partitions: PARTITIONS,
    heads: () => {
      heads++;
      return store.heads();
    },
    readLog: store.readLog.bind(store),
    onCommitted: store.onCommitted.bind(store),
  };
  const batches: Batch[] = [];
  const next = new Map<number, number>();
  const consumer: Consumer = {
    group: 'group',
    topics: [TOPIC],
    maxBatch: 8,
    gatherMillis,
    claim: async (partitions) =>
      partitions.map((partition) => ({ partition, epoch: 1, offsets: { [TOPIC]: next.get(partition) ?? 0 } })),
    handle: async (batch) => {
      await handle(batch);
      batches.push(batch);
      for (const { partition, offset } of batch.messages) next.set(partition, offset + 1);
    },
    release: () => undefined,
  };
  const bus = createMemoryBus({
    logs: new Map([[TOPIC, reader]]),
    partitions: PARTITIONS,
    backoff: { firstMillis: 5, maxMillis: 20 },
  });
  const running = await bus.consume(consumer);
  open.push(running);
  const until = async (condition: () => boolean): Promise<void> => {
    for (let looks = 0; !condition(); looks++) {
      if (looks > 1_000) throw new Error('waited in vain');
      await pause(2);
    }
  };
  return { running, batches, append, heads: () => heads, until };
}

const seen = (batches: readonly Batch[]): number => batches.reduce((sum, { messages }) => sum + messages.length, 0);

describe('the runner', () => {
  it('merges all partitions into batches, an equal share of each', async () => {
    const { batches, until } = await run(undefined, 40);
    await until(() => seen(batches) === 40);
    const [first] = batches;
    expect(batches.map(({ messages }) => messages.length)).toEqual([8, 8, 8, 8, 8]);
    for (let partition = 0; partition < PARTITIONS; partition++)
      expect(first?.messages.filter((message) => message.partition === partition)).toHaveLength(2);
  });

  it('is woken by a commit at once, and asks nothing of the log while it idles between polls', async () => {
    const { batches, append, until, heads } = await run();
    await until(() => heads() > 0);
    const asked = heads();
    const began = performance.now();
    await append(series(KEYS, 4));
    await until(() => seen(batches) === 4);
    expect(performance.now() - began).toBeLessThan(100);
    expect(heads()).toBe(asked);
  });

  it('gathers what comes after a small batch, lets nothing wait after a pause, and never what is plenty', async () => {
    const { batches, append, until, heads } = await run(undefined, 0, 150);
    await until(() => heads() > 0);
    const began = performance.now();
    await append(series(KEYS, 1));
    await until(() => seen(batches) === 1);
    expect(performance.now() - began).toBeLessThan(100);
    for (let each = 0; each < 3; each++) await append(series(KEYS, 1));
    await until(() => seen(batches) === 4);
    expect(performance.now() - began).toBeGreaterThan(140);
    expect(batches.map(({ messages }) => messages.length)).toEqual([1, 3]);
    await append(series(KEYS, 40));
    const full = performance.now();
    await until(() => seen(batches) === 44);
    expect(performance.now() - full).toBeLessThan(300);
  });

  it('lets one partition that fails rest, while the others go on', async () => {
    const bad = partitionOf(present(KEYS[1], 'a key'), PARTITIONS);
    let broken = true;
    const { batches, running, append, until } = await run(async ({ messages }) => {
      if (broken && messages.some(({ partition }) => partition === bad)) throw new Error('bad partition');
    });
    await append(series(KEYS, 40));
    await until(() => seen(batches) === 30);
    expect(running.lastError()?.message).toBe('bad partition');
    const lag = (await running.progress()).filter(({ offset, end }) => offset < end);
    expect(lag).toEqual([{ topic: TOPIC, partition: bad, offset: 1, end: 11 }]);
    broken = false;
    await until(() => seen(batches) === 40);
    await until(() => running.lastError() === undefined);
  });

  it('says how long nothing moved', async () => {
    const { running, append, until } = await run(() => Promise.reject(new Error('never')));
    await until(() => running.owned().length === PARTITIONS);
    expect(running.stalledFor()).toBeLessThan(600);
    await append(series(KEYS, 4));
    await until(() => running.stalledFor() > 80);
  });

  it('refuses a topic that no log carries', async () => {
    const bus = createMemoryBus({ logs: new Map(), partitions: PARTITIONS });
    const { running } = await run();
    const consumer = { group: running.group, topics: ['nowhere'], maxBatch: 1 };
    await expect(
      bus.consume({
        ...consumer,
        claim: () => Promise.resolve([]),
        handle: () => Promise.resolve(),
        release: () => undefined,
      }),
    ).rejects.toThrow('nowhere');
  });
});
