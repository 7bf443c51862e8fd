import { FencedError } from '@jifen/event-store';
import type { Batch, Consumer, Message } from '@jifen/messaging';
import { Flow } from './flow.ts';

const QUIET = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const TOPIC = 't';

const messages = (partition: number, from: number, count: number, topic = TOPIC): readonly Message[] =>
  Array.from({ length: count }, (_, index) => ({
    topic,
    partition,
    offset: from + index,
    key: 'k',
    headers: {},
    value: '',
  }));

const placesOf = (batch: Batch): readonly string[] =>
  batch.messages.map(({ partition, offset }) => `${partition}:${offset}`);

const settled = async (condition: () => boolean): Promise<void> => {
  const deadline = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};

/** A flow over a consumer that remembers: offsets as a shard row would, and what it was given. */
function rig(options: { readonly maxBatch?: number; readonly handle?: (batch: Batch) => Promise<void> } = {}) {
  const stored = new Map<number, number>();
  const batches: Batch[] = [];
  const released: number[][] = [];
  const paused = new Set<number>();
  const resumed: [number, number][] = [];
  let epoch = 0;
  let failClaims = 0;
  const consumer: Consumer = {
    group: 'g',
    topics: [TOPIC],
    maxBatch: options.maxBatch ?? 10,
    claim: (partitions) => {
      if (failClaims-- > 0) return Promise.reject(new Error('no database'));
      epoch++;
      return Promise.resolve(
        partitions.map((partition) => ({ partition, epoch, offsets: { [TOPIC]: stored.get(partition) ?? 0 } })),
      );
    },
    handle: async (batch) => {
      await options.handle?.(batch);
      batches.push(batch);
      for (const { partition, offset } of batch.messages) stored.set(partition, offset + 1);
    },
    release: (partitions) => void released.push([...partitions]),
  };
  const flow = new Flow({
    consumer,
    logger: QUIET,
    clock: () => performance.now(),
    feed: {
      pause: (partitions) => partitions.forEach((partition) => paused.add(partition)),
      resume: (partition, offsets) => {
        paused.delete(partition);
        resumed.push([partition, offsets[TOPIC] ?? 0]);
      },
    },
  });
  flow.start();
  let beats = 0;
  const beat = { run: (): Promise<void> => Promise.resolve() };
  const offer = (partition: number, batch: readonly Message[]): Promise<boolean> =>
    flow.offer(TOPIC, partition, batch, () => {
      beats++;
      return beat.run();
    });
  return {
    flow,
    batches,
    released,
    paused,
    resumed,
    stored,
    offer,
    beat,
    beats: () => beats,
    failClaims: (count: number) => (failClaims = count),
    async owning(...partitions: number[]) {
      flow.assign(partitions);
      await settled(() => flow.lanes().every(({ epoch: claimed }) => claimed !== undefined));
    },
  };
}

describe('the flow of a group member', () => {
  it('claims and seeks before it takes anything', async () => {
    const { flow, offer, paused, resumed, stored, owning } = rig();
    stored.set(1, 7);
    expect(await offer(1, messages(1, 0, 3))).toBe(false);
    flow.assign([0, 1]);
    expect([...paused]).toEqual([0, 1]);
    expect(await offer(1, messages(1, 0, 3))).toBe(false);
    await owning(0, 1);
    expect(resumed.slice(-2)).toEqual([
      [0, 0],
      [1, 7],
    ]);
    expect(paused.size).toBe(0);
    await flow.stop();
  });

  it('merges what several partitions bring into one batch, evenly, with their epochs', async () => {
    const { flow, offer, batches, owning, beats } = rig({ maxBatch: 6 });
    await owning(0, 1, 2);
    const all = [offer(0, messages(0, 0, 9)), offer(1, messages(1, 0, 1)), offer(2, messages(2, 0, 3))];
    expect(await Promise.all(all)).toEqual([true, true, true]);
    expect(batches.map(placesOf)).toEqual([
      ['1:0', '2:0', '2:1', '2:2', '0:0', '0:1'],
      ['0:2', '0:3', '0:4', '0:5', '0:6', '0:7'],
      ['0:8'],
    ]);
    expect([...(batches[0]?.epochs.keys() ?? [])].sort()).toEqual([0, 1, 2]);
    expect(beats()).toBe(2);
    await flow.stop();
  });

  it('leaves out what lies before the claimed offset', async () => {
    const { flow, offer, batches, stored, owning } = rig();
    stored.set(0, 2);
    await owning(0);
    expect(await offer(0, messages(0, 0, 4))).toBe(true);
    expect(await offer(0, messages(0, 0, 4))).toBe(true);
    expect(batches.map(placesOf)).toEqual([['0:2', '0:3']]);
    await flow.stop();
  });

  it('claims again and seeks back after a failure, with a growing pause, until it goes', async () => {
    let failures = 2;
    const { flow, offer, batches, paused, resumed, owning } = rig({
      handle: () => (failures-- > 0 ? Promise.reject(new Error('deadlock')) : Promise.resolve()),
    });
    await owning(0);
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(await offer(0, messages(0, 0, 2))).toBe(false);
      expect(paused.has(0)).toBe(true);
      expect(flow.lastError()?.message).toBe('deadlock');
      await settled(() => !paused.has(0));
    }
    expect(await offer(0, messages(0, 0, 2))).toBe(true);
    expect(resumed).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(batches.map(placesOf)).toEqual([['0:0', '0:1']]);
    expect(flow.lastError()).toBeUndefined();
    await flow.stop();
  });

  it('tries partitions of a failed batch alone, so that only the bad one waits', async () => {
    const { flow, offer, batches, paused, owning } = rig({
      handle: ({ messages: given }) =>
        given.some(({ partition }) => partition === 1) ? Promise.reject(new Error('gap')) : Promise.resolve(),
    });
    await owning(0, 1);
    await Promise.all([offer(0, messages(0, 0, 2)), offer(1, messages(1, 0, 2))]);
    await settled(() => paused.size === 0);
    const again = [offer(0, messages(0, 0, 2)), offer(1, messages(1, 0, 2))];
    expect(await Promise.all(again)).toEqual([true, false]);
    expect(batches.map(placesOf)).toEqual([['0:0', '0:1']]);
    expect(flow.lanes().map(({ lastError }) => lastError?.message)).toEqual([undefined, 'gap']);
    await flow.stop();
  });

  it('re-claims the others at once and the fenced partition only after a heartbeat could tell', async () => {
    let fences = 1;
    const { flow, offer, paused, owning } = rig({
      handle: () => (fences-- > 0 ? Promise.reject(new FencedError(1, 1, 2)) : Promise.resolve()),
    });
    await owning(0, 1);
    expect(await Promise.all([offer(0, messages(0, 0, 1)), offer(1, messages(1, 0, 1))])).toEqual([false, false]);
    await settled(() => !paused.has(0));
    expect(paused.has(1)).toBe(true);
    expect(await offer(0, messages(0, 0, 1))).toBe(true);
    await settled(() => !paused.has(1));
    await flow.stop();
  });

  it('tries a failed claim again', async () => {
    const { flow, failClaims, owning } = rig();
    failClaims(2);
    flow.assign([0]);
    await settled(() => flow.lastError() !== undefined);
    expect(flow.lastError()?.message).toBe('no database');
    await owning(0);
    await flow.stop();
  });

  it('drops what waits when a heartbeat says that the group is dealt anew', async () => {
    const { flow, offer, batches, beat, owning } = rig({ maxBatch: 2 });
    await owning(0, 1);
    beat.run = () => Promise.reject(Object.assign(new Error('rebalancing'), { type: 'REBALANCE_IN_PROGRESS' }));
    const outcomes = await Promise.allSettled([offer(0, messages(0, 0, 3)), offer(1, messages(1, 0, 3))]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(batches).toHaveLength(1);
    expect(await offer(0, messages(0, 1, 1))).toBe(false);
    await flow.stop();
  });

  it('goes on when a heartbeat only finds no broker: no join would follow, and with it no new assignment', async () => {
    const { flow, offer, batches, beat, owning } = rig({ maxBatch: 2 });
    await owning(0, 1);
    beat.run = () => Promise.reject(new Error('connect ECONNREFUSED'));
    expect(await Promise.all([offer(0, messages(0, 0, 3)), offer(1, messages(1, 0, 3))])).toEqual([true, true]);
    expect(batches.flatMap(placesOf).sort()).toEqual(['0:0', '0:1', '0:2', '1:0', '1:1', '1:2']);
    expect(await offer(0, messages(0, 3, 1))).toBe(true);
    await flow.stop();
  });

  it('releases what it no longer has, and drops its messages', async () => {
    const { flow, offer, batches, released, owning } = rig();
    await owning(0, 1);
    await owning(1);
    expect(released).toEqual([[0]]);
    expect(await offer(0, messages(0, 0, 1))).toBe(false);
    expect(batches).toEqual([]);
    flow.release();
    expect(released).toEqual([[0], [1]]);
    await flow.stop();
  });

  it('finishes the batch in hand when it stops, and takes no other', async () => {
    let open: () => void = () => undefined;
    const door = new Promise<void>((resolve) => (open = resolve));
    const { flow, offer, batches, owning } = rig({ maxBatch: 2, handle: () => door });
    await owning(0);
    const offered = offer(0, messages(0, 0, 5));
    await new Promise((resolve) => setTimeout(resolve, 5));
    const stopped = flow.stop();
    open();
    await stopped;
    expect(await offered).toBe(false);
    expect(batches.map(placesOf)).toEqual([['0:0', '0:1']]);
  });

  it('says so when a topic ends before what was read of it', async () => {
    const { flow, stored, owning } = rig();
    stored.set(0, 100);
    await owning(0);
    flow.checkEnd(TOPIC, 0, 100);
    expect(flow.lastError()).toBeUndefined();
    flow.checkEnd(TOPIC, 0, 3);
    expect(flow.lastError()?.message).toContain('ends at 3, but was read up to 100');
    await flow.stop();
  });
});
