import { FencedError } from '@jifen/event-store';
import { drill, handling, join, keysEverywhere, payloadsByKey, series } from './drills.ts';
import { countOf, effectsOf, recordingConsumer } from './effects.ts';
import type { BusHarness, TestKit } from './kit.ts';

/** What several members see: spreading, hand-over, fencing. */
export function ownershipCases(harness: BusHarness, { it, expect }: TestKit): void {
  it(
    'hands partitions over between two, one and two members with nothing lost or applied twice',
    drill(harness, async ({ world, until }) => {
      const keys = keysEverywhere(world.partitions, 2);
      const events = series(keys, 600);
      const store = await world.store('shared');
      const all = world.partitions;
      const consumer = recordingConsumer('shared', world.topic, store);
      const [, one] = await join(world, 'one', consumer);
      await until('one owns all', () => one.owned().length === all);
      const [, two] = await join(world, 'two', consumer);
      await world.append(events.slice(0, 150));
      await until('both own a part', () => one.owned().length > 0 && two.owned().length > 0);
      await until('every partition has one owner', () => one.owned().length + two.owned().length === all);
      await world.append(events.slice(150, 300));
      await one.stop();
      await world.append(events.slice(300, 450));
      await until('two owns all', () => two.owned().length === all);
      const [, three] = await join(world, 'three', consumer);
      await world.append(events.slice(450));
      await until('both own a part again', () => two.owned().length > 0 && three.owned().length > 0);
      await until('all are applied', async () => countOf(await effectsOf(store)) >= events.length);
      expect(await effectsOf(store)).toEqual(payloadsByKey(events));
    }),
  );

  it(
    'fences a paused owner: what it wakes up with fails and leaves no trace',
    drill(harness, async ({ world, until, gate }) => {
      const events = series(keysEverywhere(world.partitions, 1), 60);
      const store = await world.store('fence');
      const inner = recordingConsumer('fence', world.topic, store);
      const door = gate();
      const outcomes: unknown[] = [];
      let asleep = false;
      const sleepy = handling(inner, async (batch) => {
        if (outcomes.length > 0) return inner.handle(batch);
        asleep = true;
        await door.passed;
        const outcome = await inner.handle(batch).catch((error: unknown) => error);
        outcomes.push(outcome);
        if (outcome instanceof Error) throw outcome;
      });
      const [bus, first] = await join(world, 'sleepy', sleepy);
      await until('the first owns all', () => first.owned().length === world.partitions);
      await world.append(events);
      await until('it fell asleep with a batch in hand', () => asleep);
      await world.isolate(bus);
      await join(world, 'awake', inner);
      await until('the other applied all', async () => countOf(await effectsOf(store)) >= events.length);
      door.open();
      await until('the sleeper woke up', () => outcomes.length > 0);
      expect(outcomes[0] instanceof FencedError).toEqual(true);
      expect(await effectsOf(store)).toEqual(payloadsByKey(events));
    }),
  );

  it(
    'keeps a slow owner from stopping the partitions of another',
    drill(harness, async ({ world, until, gate }) => {
      const keys = keysEverywhere(world.partitions, 1);
      const store = await world.store('slow');
      const inner = recordingConsumer('slow', world.topic, store);
      const door = gate();
      let blocked: readonly number[] = [];
      const slow = handling(inner, async (batch) => {
        blocked = [...new Set(batch.messages.map(({ partition }) => partition))];
        await door.passed;
        await inner.handle(batch);
      });
      const [, one] = await join(world, 'slow', slow);
      const [, two] = await join(world, 'quick', inner);
      await until(
        'every partition has one owner',
        () =>
          one.owned().length > 0 &&
          two.owned().length > 0 &&
          one.owned().length + two.owned().length === world.partitions,
      );
      const quick = new Set(two.owned());
      const events = series(keys, keys.length * 5);
      await world.append(events);
      const expected = [...payloadsByKey(events)].filter((_, index) => quick.has(index));
      await until('the quick partitions are done', async () => {
        const effects = await effectsOf(store);
        return expected.every(([key, texts]) => effects.get(key)?.length === texts.length);
      });
      expect(blocked.some((partition) => quick.has(partition))).toEqual(false);
      door.open();
      await until('all are applied', async () => countOf(await effectsOf(store)) >= events.length);
      expect(await effectsOf(store)).toEqual(payloadsByKey(events));
    }),
  );
}
