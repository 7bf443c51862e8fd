import { createMemoryEventStore } from '@jifen/event-store';
import type { Batch, Membership, RunningConsumer } from './index.ts';
import { appender, runConsumer } from './index.ts';
import { keysEverywhere, pause, series } from './contract/drills.ts';
import { partsOf } from './side-by-side.ts';

const PARTITIONS = 4;
const TOPIC = 'contract.topic.v1';
const KEYS = keysEverywhere(PARTITIONS, 1);

interface Counted extends Membership {
  readonly signs: () => number;
  readonly left: () => number;
}

function holding(partitions: readonly number[]): Counted {
  let signs = 0;
  let left = 0;
  return {
    held: () => partitions,
    moves: () => void signs++,
    released: () => Promise.resolve(),
    refresh: () => Promise.resolve(),
    onChange: () => () => undefined,
    leave: () => {
      left++;
      return Promise.resolve();
    },
    signs: () => signs,
    left: () => left,
  };
}

const waitFor = async (condition: () => boolean): Promise<void> => {
  for (let looks = 0; !condition(); looks++) {
    if (looks > 1_000) throw new Error('waited in vain');
    await pause(2);
  }
};

interface Run {
  readonly running: RunningConsumer;
  readonly membership: Counted;
  readonly handled: Batch[];
  /** Of the batches under way, the partitions of each. */
  readonly underWay: Map<Batch, ReadonlySet<number>>;
}

const open: RunningConsumer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((running) => running.stop()));
});

async function run(messages: number, handle: (batch: Batch, before: number) => Promise<void>): Promise<Run> {
  const store = createMemoryEventStore({ log: 'source', partitions: PARTITIONS, clock: () => 0 });
  await appender(store)(series(KEYS, messages));
  const membership = holding([0, 1, 2, 3]);
  const handled: Batch[] = [];
  const underWay = new Map<Batch, ReadonlySet<number>>();
  const consumer = {
    group: 'group',
    topics: [TOPIC],
    maxBatch: 8,
    atOnce: 2,
    claim: (partitions: readonly number[]) =>
      Promise.resolve(partitions.map((partition) => ({ partition, epoch: 1, offsets: {} }))),
    handle: async (batch: Batch) => {
      const before = underWay.size;
      underWay.set(batch, new Set(batch.messages.map(({ partition }) => partition)));
      try {
        await handle(batch, before);
        handled.push(batch);
      } finally {
        underWay.delete(batch);
      }
    },
    release: () => undefined,
  };
  const backoff = { firstMillis: 5, maxMillis: 20 };
  const running = runConsumer(consumer, { logs: new Map([[TOPIC, store]]), membership }, { backoff, pollMillis: 5 });
  open.push(running);
  return { running, membership, handled, underWay };
}

const seen = (batches: readonly Batch[]): number => batches.reduce((sum, { messages }) => sum + messages.length, 0);

describe('a consumer of several batches at once', () => {
  it('has two under way, never of one partition, and each partition in its order', async () => {
    let together = 0;
    const { handled, underWay, running } = await run(80, async (batch, before) => {
      together = Math.max(together, before + 1);
      const others = [...underWay].flatMap(([other, partitions]) => (other === batch ? [] : [...partitions]));
      const own = new Set(batch.messages.map(({ partition }) => partition));
      expect(others.filter((partition) => own.has(partition))).toEqual([]);
      await pause(2);
    });
    await waitFor(() => seen(handled) === 80);
    expect(together).toBe(2);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const offsets = handled
        .flatMap(({ messages }) => messages.filter((message) => message.partition === partition))
        .map(({ offset }) => offset);
      expect(offsets).toEqual(Array.from({ length: 20 }, (_, place) => place + 1));
    }
    expect(running.owned()).toEqual([0, 1, 2, 3]);
    expect((await running.progress()).map(({ offset, end }) => end - offset)).toEqual([0, 0, 0, 0]);
  });

  it('goes on with the others while one is stuck, and then gives no sign that it moves', async () => {
    let free: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => {
      free = resolve;
    });
    const { handled, membership, running } = await run(40, (batch) =>
      batch.messages.some(({ partition }) => partition === 0) ? stuck : Promise.resolve(),
    );
    await waitFor(() => seen(handled) === 20);
    await pause(30);
    const signs = membership.signs();
    await pause(60);
    expect(membership.signs()).toBe(signs);
    expect(running.stalledFor()).toBeGreaterThan(80);
    free();
    await waitFor(() => seen(handled) === 40);
    await waitFor(() => membership.signs() > signs);
  });

  it('says what fails in one of them, while the others go on', async () => {
    let broken = true;
    const { handled, running } = await run(40, (batch) =>
      broken && batch.messages.some(({ partition }) => partition === 1)
        ? Promise.reject(new Error('bad partition'))
        : Promise.resolve(),
    );
    await waitFor(() => seen(handled) === 30);
    expect(running.lastError()?.message).toBe('bad partition');
    broken = false;
    await waitFor(() => seen(handled) === 40);
    await waitFor(() => running.lastError() === undefined);
  });

  it('leaves the group once, when all of them have stopped', async () => {
    const { running, membership } = await run(0, () => Promise.resolve());
    await running.stop();
    expect(membership.left()).toBe(1);
  });

  it('deals out what the member holds, none to two', () => {
    const parts = partsOf(holding([1, 2, 3, 6]), 2);
    expect(parts.map((part) => part.held())).toEqual([
      [2, 6],
      [1, 3],
    ]);
  });
});
