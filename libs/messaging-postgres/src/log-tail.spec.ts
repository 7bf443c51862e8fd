import type { CommittedListener, LogReader, StoredEvent } from '@jifen/event-store';
import { createMemoryEventStore } from '@jifen/event-store';
import { appender } from '@jifen/messaging';
import { partitionOf } from '@jifen/kernel';
import { createLogTail } from './index.ts';

const PARTITION = partitionOf('shop/m-1', 4);

interface Spied {
  readonly tail: LogReader;
  readonly reader: LogReader;
  append(count: number): Promise<void>;
  reads(): number;
  /** Tells listeners of these events, as if the writer had committed them. */
  tell(events: readonly StoredEvent[]): void;
}

function spied(options = {}): Spied {
  const store = createMemoryEventStore({ log: 'source', partitions: 4, clock: () => 0 });
  const append = appender(store);
  let reads = 0;
  let tell: CommittedListener = () => undefined;
  const reader: LogReader = {
    log: store.log,
    partitions: store.partitions,
    heads: () => store.heads(),
    readLog: (...place) => {
      reads++;
      return store.readLog(...place);
    },
    onCommitted: (listener) => {
      tell = listener;
      return store.onCommitted(listener);
    },
  };
  return {
    tail: createLogTail(reader, options),
    reader,
    append: (count) => append(Array.from({ length: count }, (_, n) => ({ key: 'shop/m-1', data: `{"n":${n}}` }))),
    reads: () => reads,
    tell: (events) => void tell(events, events.length === 0),
  };
}

const positions = (events: readonly StoredEvent[]): readonly number[] => events.map(({ position }) => position);

describe('a log tail', () => {
  it('answers what was just committed from memory', async () => {
    const { tail, append, reads } = spied();
    await append(5);
    expect(positions(await tail.readLog(PARTITION, 0, 3))).toEqual([1, 2, 3]);
    expect(positions(await tail.readLog(PARTITION, 3, 100))).toEqual([4, 5]);
    expect(reads()).toBe(0);
  });

  it('reads the log for whoever is further behind than it goes', async () => {
    const { tail, append, reads } = spied({ records: 3 });
    await append(10);
    expect(positions(await tail.readLog(PARTITION, 7, 10))).toEqual([8, 9, 10]);
    expect(reads()).toBe(0);
    expect(positions(await tail.readLog(PARTITION, 6, 10))).toEqual([7, 8, 9, 10]);
    expect(reads()).toBe(1);
  });

  it('is bounded in bytes, but keeps one event however large', async () => {
    const { tail, append, reads } = spied({ bytes: 1_000 });
    await append(10);
    expect(positions(await tail.readLog(PARTITION, 9, 10))).toEqual([10]);
    expect(reads()).toBe(0);
    await tail.readLog(PARTITION, 8, 10);
    expect(reads()).toBe(1);
  });

  it('lets go what all who listen have read, and nothing before', async () => {
    const { tail, append, reads } = spied();
    const stop = [tail.onCommitted(() => undefined), tail.onCommitted(() => undefined)];
    await append(5);
    const read = async (after: number, limit = 10): Promise<readonly number[]> =>
      positions(await tail.readLog(PARTITION, after, limit));
    expect(await read(0)).toEqual([1, 2, 3, 4, 5]);
    expect(await read(0, 3)).toEqual([1, 2, 3]);
    await append(2);
    expect(await read(5)).toEqual([6, 7]);
    expect(await read(3)).toEqual([4, 5, 6, 7]);
    expect(reads()).toBe(0);
    await append(1);
    expect(await read(7)).toEqual([8]);
    expect(await read(7)).toEqual([8]);
    expect(reads()).toBe(0);
    expect(await read(3)).toEqual([4, 5, 6, 7, 8]);
    expect(reads()).toBe(1);
    for (const each of stop) each();
    await append(1);
    for (let time = 0; time < 3; time++) expect(await read(8)).toEqual([9]);
    expect(reads()).toBe(1);
  });

  it('never passes over what another process wrote in between', async () => {
    const { tail, reader, append, tell, reads } = spied();
    await append(2);
    const foreign = await reader.readLog(PARTITION, 0, 1);
    await append(1);
    const [, , third] = await reader.readLog(PARTITION, 0, 3);
    const before = reads();
    if (third !== undefined) tell([{ ...third, position: 7 }]);
    expect(positions(await tail.readLog(PARTITION, 6, 10))).toEqual([7]);
    expect(reads()).toBe(before);
    expect(positions(await tail.readLog(PARTITION, 0, 10))).toEqual([1, 2, 3]);
    expect(reads()).toBe(before + 1);
    tell(foreign);
    expect(positions(await tail.readLog(PARTITION, 6, 10))).toEqual([7]);
  });

  it('passes wake-ups on, with events and without', () => {
    const { tail, tell } = spied();
    const heard: [number, boolean][] = [];
    const stop = tail.onCommitted((events, elsewhere) => void heard.push([events.length, elsewhere]));
    tell([]);
    stop();
    tell([]);
    expect(heard).toEqual([[0, true]]);
  });
});
