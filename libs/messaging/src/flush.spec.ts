import type { EventStore, Shard } from '@jifen/event-store';
import { ConcurrencyError, createMemoryEventStore, FencedError } from '@jifen/event-store';
import { accept, InvariantError, partitionOf, refuse } from '@jifen/kernel';
import type { FlushCounts, FlushOptions, Message } from './index.ts';
import { createConsumer, redriveParked } from './index.ts';
import { appendEffects, effectsOf, textOf } from './contract/effects.ts';

const TOPIC = 'jifen.activity.v1';
const PARTITIONS = 4;

const message = (sequence: number, value: string, key = 'shop/m-1', headers: Record<string, string> = {}): Message => ({
  topic: TOPIC,
  partition: partitionOf(key, PARTITIONS),
  offset: sequence,
  key,
  headers: {
    ce_specversion: '1.0',
    ce_id: `activity-0-${sequence}`,
    ce_source: '/jifen/ingestion',
    ce_type: 'order.recorded',
    ce_time: '2026-01-01T00:00:00.000Z',
    ce_sequence: String(sequence).padStart(16, '0'),
    ...headers,
  },
  value,
});

/** Keys of one partition, so that their messages share a sequence. */
const KEYS = [...Array(400).keys()]
  .map((n) => `shop/m-${n}`)
  .filter((key) => partitionOf(key, PARTITIONS) === partitionOf('shop/m-1', PARTITIONS));
const [A = '', B = '', C = ''] = KEYS;
const PARTITION = partitionOf(A, PARTITIONS);

interface Bench {
  readonly store: EventStore<unknown>;
  readonly counts: FlushCounts[];
  readonly options: FlushOptions<unknown, string>;
  /** Payloads handed to `apply`, call by call. */
  readonly calls: string[][];
  deliver(...messages: Message[]): Promise<void>;
  applied(): Promise<readonly string[]>;
  shard(): Promise<Shard | undefined>;
}

function bench(changes: Partial<FlushOptions<unknown, string>> = {}): Bench {
  const store: EventStore<unknown> = createMemoryEventStore({ log: 'rating', partitions: PARTITIONS, clock: () => 0 });
  const counts: FlushCounts[] = [];
  const calls: string[][] = [];
  const options: FlushOptions<unknown, string> = {
    group: 'rules',
    topics: [TOPIC],
    store,
    decode: (received) => {
      const text = textOf(received);
      if (text.startsWith('throw')) throw new Error('decoder broke');
      return text.startsWith('refuse') ? refuse({ reason: 'schema', detail: text }) : accept(text);
    },
    apply: async (tx, items) => {
      calls.push(items.map(({ item }) => item));
      const broken = items.find(({ item }) => item.startsWith('invariant'));
      if (broken !== undefined) throw new InvariantError(broken.item);
      await appendEffects(
        tx,
        items.map((delivered) => delivered.message),
      );
      return items
        .filter(({ item }) => item.startsWith('fail'))
        .map(({ item, message: { key } }) => ({ key, reason: 'conflict', detail: item }));
    },
    observe: (count) => counts.push(count),
    ...changes,
  };
  const consumer = createConsumer(options);
  return {
    store,
    counts,
    options,
    calls,
    deliver: (...messages) => consumer.handle({ messages, epochs: new Map() }),
    applied: async () => [...(await effectsOf(store)).values()].flat(),
    shard: async () => (await store.shards())[PARTITION],
  };
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('cursors', () => {
  it('U12: the same message delivered again and again is applied once', async () => {
    const { deliver, applied, counts } = bench();
    const messages = [message(1, '1', A), message(2, '2', B), message(3, '3', A)];
    await deliver(...messages);
    await deliver(...messages);
    await deliver(...messages.slice(1), message(4, '4', B), message(4, '4', B));
    expect([...(await applied())].sort()).toEqual(['1', '2', '3', '4']);
    expect(counts.map(({ messages: all, duplicates }) => [all, duplicates])).toEqual([
      [3, 0],
      [3, 3],
      [4, 3],
    ]);
  });

  it('drops a sequence that comes again at a later offset, as a relay repeats it after a crash', async () => {
    const { deliver, applied, shard } = bench();
    await deliver(message(1, '1', A), message(2, '2', A));
    await deliver({ ...message(2, '2', A), offset: 3 }, { ...message(3, '3', A), offset: 4 });
    expect(await applied()).toEqual(['1', '2', '3']);
    expect((await shard())?.cursors[TOPIC]).toEqual({ offset: 5, sequence: 3 });
  });

  it('stops at a gap, names what is missing and applies nothing', async () => {
    const { deliver, applied } = bench();
    await deliver(message(1, '1', A));
    const error = await rejection(deliver(message(2, '2', A), message(4, '4', A)));
    expect(error).toMatchObject({
      name: 'SequenceGapError',
      topic: TOPIC,
      partition: PARTITION,
      expected: 3,
      found: 4,
    });
    expect(await applied()).toEqual(['1']);
  });

  it('goes back after a gap, so that what another bus placed elsewhere is found', async () => {
    const { options, deliver, applied } = bench();
    await deliver(message(1, '1', A), message(2, '2', A));
    const consumer = createConsumer(options);
    const epochs = new Map<number, number>();
    expect(await consumer.claim([PARTITION])).toMatchObject([{ offsets: { [TOPIC]: 3 } }]);
    const elsewhere = [3, 4].map((sequence) => ({ ...message(sequence, `${sequence}`, A), offset: sequence - 1 }));
    expect(await rejection(consumer.handle({ messages: elsewhere.slice(1), epochs }))).toMatchObject({ expected: 3 });
    expect(await consumer.claim([PARTITION])).toMatchObject([{ offsets: { [TOPIC]: 2 } }]);
    await consumer.handle({ messages: elsewhere, epochs });
    expect(await applied()).toEqual(['1', '2', '3', '4']);
    expect(await consumer.claim([PARTITION])).toMatchObject([{ offsets: { [TOPIC]: 4 } }]);
  });

  it('takes a first sequence other than 1 only when told that the beginning is gone', async () => {
    expect(await rejection(bench().deliver(message(7, '7', A)))).toMatchObject({ expected: 1, found: 7 });
    const fresh = bench({ acceptFirstGap: true });
    await fresh.deliver(message(7, '7', A), message(8, '8', A));
    expect(await fresh.applied()).toEqual(['7', '8']);
    expect(await rejection(fresh.deliver(message(10, '10', A)))).toMatchObject({ expected: 9, found: 10 });
  });

  it('goes by the offset alone on foreign topics', async () => {
    const { deliver, applied } = bench({ sequenced: false });
    const foreign = (offset: number, value: string): Message => ({ ...message(offset, value, A), headers: {} });
    await deliver(foreign(10, 'a'), foreign(17, 'b'));
    await deliver(foreign(17, 'b'), foreign(18, 'c'));
    expect(await applied()).toEqual(['a', 'b', 'c']);
  });

  it('moves the watermark of the origin with the items', async () => {
    const { deliver, shard } = bench({
      origin: ({ envelope }) => ({ partition: PARTITION, position: envelope.sequence + 100 }),
    });
    await deliver(message(1, '1', A), message(2, 'refuse', A), message(3, '3', B));
    expect((await shard())?.cursors['origin:activity']).toEqual({ offset: 104, sequence: 103 });
  });

  it('leaves watermarks of partitions alone that it does not hold', async () => {
    const other = (PARTITION + 1) % PARTITIONS;
    const { deliver, store, applied } = bench({ origin: () => ({ partition: other, position: 7 }) });
    await deliver(message(1, '1', A));
    expect(await applied()).toEqual(['1']);
    expect((await store.shards()).flatMap(({ cursors }) => Object.keys(cursors))).toEqual([TOPIC]);
  });

  it('is fenced by the epoch of a later claim', async () => {
    const { store, options, applied } = bench();
    const consumer = createConsumer(options);
    const [claim] = await consumer.claim([PARTITION]);
    await consumer.claim([PARTITION]);
    const epochs = new Map([[PARTITION, claim?.epoch ?? 0]]);
    const error = await rejection(consumer.handle({ messages: [message(1, '1', A)], epochs }));
    expect(error).toBeInstanceOf(FencedError);
    expect(await applied()).toEqual([]);
    expect(store.log).toBe('rating');
  });

  it('claims with the offsets of its own topics only', async () => {
    const { deliver, options } = bench({ origin: () => ({ partition: PARTITION, position: 5 }) });
    await deliver(message(1, '1', A));
    expect(await createConsumer(options).claim([PARTITION])).toMatchObject([{ offsets: { [TOPIC]: 2 } }]);
  });
});

describe('dead letters', () => {
  it('keeps what cannot be decoded, with the reason and its bytes, and goes on', async () => {
    const { deliver, applied, store, counts } = bench();
    await deliver(message(1, '1', A), message(2, 'refuse it', A), message(3, 'throw', A), message(4, '4', A));
    await deliver({ ...message(5, 'x', A), headers: { ce_id: 'junk' } }, { ...message(5, '5', A), offset: 6 });
    expect(await applied()).toEqual(['1', '4', '5']);
    const letters = await store.listDeadLetters({ limit: 10 });
    expect(
      letters.map(({ offset, reason, detail, value }) => [offset, reason, detail, new TextDecoder().decode(value)]),
    ).toEqual([
      [2, 'schema', 'refuse it', 'refuse it'],
      [3, 'undecodable', 'Error: decoder broke', 'throw'],
      [5, 'undecodable', 'header ce_specversion is not 1.0', 'x'],
    ]);
    expect(counts.map(({ deadLetters }) => deadLetters)).toEqual([2, 1]);
  });
});

describe('parked members', () => {
  it('parks the member that fails, queues what follows of it in order, and lets the others go on', async () => {
    const { deliver, applied, store, counts, calls } = bench();
    await deliver(message(1, '1', A), message(2, 'fail', B), message(3, '3', B), message(4, '4', A));
    await deliver(message(5, '5', B), message(6, '6', C));
    expect([...(await applied())].sort()).toEqual(['1', '4', '6']);
    expect(await store.listParked({ limit: 10 })).toMatchObject([{ key: B, reason: 'conflict', messages: 3 }]);
    expect(counts.map(({ parked }) => parked)).toEqual([2, 1]);
    expect(calls).toEqual([['1', 'fail', '3', '4'], ['1', '4'], ['6']]);
  });

  it('finds the member whose data breaks an invariant and parks only it', async () => {
    const { deliver, applied, store } = bench();
    const keys = KEYS.slice(0, 16);
    const messages = keys.map((key, n) => message(n + 1, n === 11 ? 'invariant' : `${n}`, key));
    await deliver(...messages);
    expect(await applied()).toHaveLength(15);
    expect(await store.listParked({ limit: 10 })).toMatchObject([{ key: keys[11], reason: 'invariant' }]);
  });

  it('takes values that the database refuses for a fault of their member', async () => {
    const refusal = Object.assign(new Error('check violated'), { code: '23514' });
    const { deliver, store } = bench({
      apply: async (_, items) => {
        if (items.some(({ item }) => item === 'bad')) throw refusal;
        return [];
      },
    });
    await deliver(message(1, 'good', A), message(2, 'bad', B));
    expect(await store.listParked({ limit: 10 })).toMatchObject([{ key: B, messages: 1 }]);
  });

  it('parks nobody when everybody fails: that is a fault of the program', async () => {
    const fault = new InvariantError('the program is broken');
    const { deliver, store } = bench({ apply: () => Promise.reject(fault) });
    const messages = KEYS.slice(0, 30).map((key, n) => message(n + 1, 'x', key));
    expect(await rejection(deliver(...messages))).toBe(fault);
    expect(await store.listParked({ limit: 10 })).toEqual([]);
  });

  it('fails the whole batch for a fault that is nobody’s own, leaving nothing behind', async () => {
    const fault = new Error('connection terminated');
    const { deliver, store, applied } = bench({ apply: () => Promise.reject(fault) });
    expect(await rejection(deliver(message(1, '1', A)))).toBe(fault);
    expect([await applied(), await store.listParked({ limit: 1 })]).toEqual([[], []]);
  });

  it('refuses a failure of somebody who is not in the batch', async () => {
    const { deliver } = bench({ apply: async () => [{ key: 'shop/stranger', reason: 'x', detail: '' }] });
    expect(await rejection(deliver(message(1, '1', A)))).toBeInstanceOf(InvariantError);
  });

  it('decides again when somebody else wrote meanwhile, but not for ever', async () => {
    let conflicts = 0;
    const calm = bench({
      apply: async () => {
        if (conflicts++ < 3) throw new ConcurrencyError('somebody was faster');
        return [];
      },
    });
    await calm.deliver(message(1, '1', A));
    expect(conflicts).toBe(4);
    const storm = bench({ apply: () => Promise.reject(new ConcurrencyError('again')) });
    expect(await rejection(storm.deliver(message(1, '1', A)))).toBeInstanceOf(ConcurrencyError);
  });

  it('drops caches before it applies again', async () => {
    const released: (readonly number[])[] = [];
    const { deliver } = bench({ release: (partitions) => released.push(partitions) });
    await deliver(message(1, 'fail', A), message(2, '2', B));
    expect(released).toEqual([[PARTITION]]);
  });
});

describe('redrive', () => {
  const parked = async (): Promise<Bench & { heal(): void }> => {
    let healed = false;
    const inner = bench();
    const made = bench({
      store: inner.store,
      apply: async (tx, items) => {
        const bad = items.filter(({ item }) => item.startsWith('fail') && !healed);
        if (bad.length > 0) return bad.map(({ message: { key }, item }) => ({ key, reason: 'conflict', detail: item }));
        await appendEffects(
          tx,
          items.map((delivered) => delivered.message),
        );
        return [];
      },
    });
    await made.deliver(message(1, 'fail 1', B), message(2, '2', B), message(3, '3', A), message(4, '4', B));
    return { ...made, store: inner.store, applied: inner.applied, heal: () => (healed = true) };
  };

  it('applies the queue in order and lets the member go', async () => {
    const { options, heal, applied, store } = await parked();
    heal();
    expect(await redriveParked(options, B)).toEqual({ key: B, applied: 3, deadLetters: 0 });
    expect(await applied()).toEqual(['3', 'fail 1', '2', '4']);
    expect(await store.listParked({ limit: 1 })).toEqual([]);
  });

  it('keeps the member parked and its queue in order when it still fails', async () => {
    const { options, applied, store } = await parked();
    const report = await redriveParked(options, B);
    expect(report).toMatchObject({ applied: 0, failure: { reason: 'conflict', detail: 'fail 1' } });
    expect(await applied()).toEqual(['3']);
    expect(await store.listParked({ limit: 1 })).toMatchObject([{ key: B, messages: 3 }]);
  });

  it('writes nothing in a dry run', async () => {
    const { options, heal, applied, store } = await parked();
    heal();
    expect(await redriveParked(options, B, { dryRun: true })).toMatchObject({ applied: 3 });
    expect(await applied()).toEqual(['3']);
    expect(await store.listParked({ limit: 1 })).toMatchObject([{ messages: 3 }]);
  });

  it('goes through a queue longer than one transaction, as far as it can', async () => {
    const { options, deliver, applied, store } = await parked();
    const more = Array.from({ length: 600 }, (_, n) => message(n + 5, `${n + 5}`, B));
    await deliver(...more.slice(0, 300), message(305, 'fail 305', B), ...more.slice(301));
    const half = { ...options, apply: healing(options, 'fail 305') };
    expect(await redriveParked(half, B)).toMatchObject({ applied: 303, failure: { detail: 'fail 305' } });
    expect(await store.listParked({ limit: 1 })).toMatchObject([{ messages: 300 }]);
    expect(await redriveParked({ ...options, apply: healing(options, 'nothing') }, B)).toMatchObject({ applied: 300 });
    const texts = (await applied()).filter((text) => text !== '3');
    expect(texts).toHaveLength(603);
    expect(texts.map((text) => Number(/\d+$/.exec(text)?.[0]))).toEqual([1, 2, 4, ...more.map((_, n) => n + 5)]);
  });
});

/** Applies everything but one payload. */
const healing =
  ({ group }: FlushOptions<unknown, string>, bad: string): FlushOptions<unknown, string>['apply'] =>
  async (tx, items) => {
    const found = items.find(({ item }) => item === bad);
    if (found !== undefined) return [{ key: found.message.key, reason: group, detail: bad }];
    await appendEffects(
      tx,
      items.map((delivered) => delivered.message),
    );
    return [];
  };
