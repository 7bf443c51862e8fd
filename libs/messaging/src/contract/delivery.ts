import { present } from '@jifen/kernel';
import type { FlushCounts } from '../flush.ts';
import { drill, handling, join, keysEverywhere, payloadsByKey, series, watcher } from './drills.ts';
import { countOf, effectsOf, POISON, recordingConsumer, textOf } from './effects.ts';
import type { BusHarness, TestKit } from './kit.ts';

const MEGABYTE = 1_000_000;

/** What one member sees: order, groups, replays, duplicates, large and bad messages. */
export function deliveryCases(harness: BusHarness, { it, expect }: TestKit): void {
  it(
    'delivers the messages of a key in order, and every one',
    drill(harness, async ({ world, until }) => {
      const events = series(keysEverywhere(world.partitions, 2), 300);
      await world.append(events.slice(0, 200));
      const store = await world.store('order');
      await join(world, 'one', recordingConsumer('order', world.topic, store));
      await world.append(events.slice(200));
      await until('all are applied', async () => countOf(await effectsOf(store)) >= events.length);
      expect(await effectsOf(store)).toEqual(payloadsByKey(events));
    }),
  );

  it(
    'gives every group everything',
    drill(harness, async ({ world, until }) => {
      const events = series(keysEverywhere(world.partitions, 1), 100);
      const stores = [await world.store('left'), await world.store('right')];
      await join(world, 'one', recordingConsumer('left', world.topic, present(stores[0], 'left')));
      await join(world, 'two', recordingConsumer('right', world.topic, present(stores[1], 'right')));
      await world.append(events);
      for (const store of stores) {
        await until('all are applied', async () => countOf(await effectsOf(store)) >= events.length);
        expect(await effectsOf(store)).toEqual(payloadsByKey(events));
      }
    }),
  );

  it(
    'replays from the offsets that the claim answers',
    drill(harness, async ({ world, until }) => {
      const events = series(keysEverywhere(world.partitions, 1), 120);
      await world.append(events);
      const first = watcher('first', world.topic, new Map());
      await join(world, 'one', first.consumer);
      await until('all are seen', () => first.seen.length >= events.length);
      const half = new Map<number, number>();
      for (let partition = 0; partition < world.partitions; partition++) {
        const offsets = first.seen.filter((message) => message.partition === partition).map(({ offset }) => offset);
        half.set(partition, present(offsets[Math.floor(offsets.length / 2)], 'an offset'));
      }
      const expected = first.seen.filter(({ partition, offset }) => offset >= (half.get(partition) ?? 0));
      const again = watcher('again', world.topic, half);
      await join(world, 'two', again.consumer);
      await until('the second half is seen', () => again.seen.length >= expected.length);
      const placed = (texts: typeof expected): readonly string[] =>
        texts.map((message) => `${message.partition}/${message.offset} ${textOf(message)}`).sort();
      expect(placed(again.seen)).toEqual(placed(expected));
    }),
  );

  it(
    'applies once what is delivered twice',
    drill(harness, async ({ world, until }) => {
      const events = series(keysEverywhere(world.partitions, 1), 100);
      const store = await world.store('twice');
      const inner = recordingConsumer('twice', world.topic, store);
      const twice = handling(inner, async (batch) => {
        await inner.handle(batch);
        await inner.handle(batch);
      });
      await join(world, 'one', twice);
      await world.append(events);
      await until('all are applied', async () => countOf(await effectsOf(store)) >= events.length);
      expect(await effectsOf(store)).toEqual(payloadsByKey(events));
    }),
  );

  it(
    'applies once when the owner fails between commit and acknowledge',
    drill(harness, async ({ world, until }) => {
      const events = series(keysEverywhere(world.partitions, 1), 100);
      await world.append(events.slice(0, 50));
      const store = await world.store('crash');
      const inner = recordingConsumer('crash', world.topic, store);
      let crashes = 0;
      const crashing = handling(inner, async (batch) => {
        await inner.handle(batch);
        if (crashes++ === 0) throw new Error('crashed after the commit');
      });
      await join(world, 'one', crashing);
      await until('it crashed and went on', () => crashes > 0);
      await world.append(events.slice(50));
      await until('all are applied', async () => countOf(await effectsOf(store)) >= events.length);
      expect(await effectsOf(store)).toEqual(payloadsByKey(events));
    }),
  );

  it(
    'carries a message of 1 MB',
    drill(harness, async ({ world, until }) => {
      const data = JSON.stringify({ text: '积'.repeat(MEGABYTE / 3) });
      const store = await world.store('large');
      await join(world, 'one', recordingConsumer('large', world.topic, store));
      await world.append([{ key: 'shop/m-1', data }]);
      await until('it is applied', async () => countOf(await effectsOf(store)) > 0);
      expect(await effectsOf(store)).toEqual(new Map([['shop/m-1', [data]]]));
    }),
  );

  it(
    'goes on behind a poison message, which becomes a dead letter',
    drill(harness, async ({ world, until }) => {
      const [key = 'shop/m'] = keysEverywhere(world.partitions, 1);
      const good = series([key], 20);
      const counts: FlushCounts[] = [];
      const store = await world.store('poison');
      const observe = (count: FlushCounts): number => counts.push(count);
      await join(world, 'one', recordingConsumer('poison', world.topic, store, { observe }));
      await world.append([...good.slice(0, 10), { key, data: POISON }, ...good.slice(10)]);
      await until('the good ones are applied', async () => countOf(await effectsOf(store)) >= good.length);
      expect(await effectsOf(store)).toEqual(payloadsByKey(good));
      await until('it is counted', () => counts.some(({ deadLetters }) => deadLetters > 0));
      expect(counts.reduce((sum, { deadLetters }) => sum + deadLetters, 0)).toEqual(1);
    }),
  );

  it(
    'drains on stop: the batch in hand lands, and nothing comes after it',
    drill(harness, async ({ world, until, gate }) => {
      const events = series(keysEverywhere(world.partitions, 1), 40);
      await world.append(events);
      const store = await world.store('stop');
      const inner = recordingConsumer('stop', world.topic, store, { maxBatch: 10 });
      const door = gate();
      let begun = 0;
      let ended = 0;
      const slow = handling(inner, async (batch) => {
        begun++;
        await door.passed;
        await inner.handle(batch);
        ended++;
      });
      const [, running] = await join(world, 'one', slow);
      await until('a batch is in hand', () => begun > 0);
      const stopped = running.stop();
      door.open();
      await stopped;
      expect(ended).toEqual(begun);
      const applied = countOf(await effectsOf(store));
      await join(world, 'two', inner);
      await until('the next one reads on', async () => countOf(await effectsOf(store)) >= events.length);
      expect(await effectsOf(store)).toEqual(payloadsByKey(events));
      expect(ended).toEqual(begun);
      expect(applied > 0).toEqual(true);
    }),
  );
}
