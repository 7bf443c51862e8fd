import { drill, join, keysEverywhere, series } from './drills.ts';
import { countOf, effectsOf, recordingConsumer } from './effects.ts';
import type { BusHarness, TestKit } from './kit.ts';

/** Topics and what the bus says about itself. */
export function topicCases(harness: BusHarness, { it, expect }: TestKit): void {
  it(
    'creates a topic with the right partition count, and names both counts when it has another',
    drill(harness, async ({ world }) => {
      const bus = await world.bus('one');
      await bus.ensureTopics([{ name: world.topic, partitions: world.partitions }]);
      await bus.ensureTopics([{ name: world.topic, partitions: world.partitions }]);
      const wrong = await bus
        .ensureTopics([{ name: world.topic, partitions: world.partitions + 1 }])
        .then(() => undefined)
        .catch((error: unknown) => error);
      expect(wrong instanceof Error).toEqual(true);
      const text = String(wrong);
      expect(
        [world.topic, String(world.partitions), String(world.partitions + 1)].filter((part) => !text.includes(part)),
      ).toEqual([]);
    }),
  );

  it(
    'tells how far it is: progress of every owned partition, no stall when idle, the last error until it is over',
    drill(harness, async ({ world, until }) => {
      const events = series(keysEverywhere(world.partitions, 1), 40);
      const store = await world.store('progress');
      const inner = recordingConsumer('progress', world.topic, store);
      let broken = true;
      const [, running] = await join(world, 'one', {
        ...inner,
        handle: (batch) => (broken ? Promise.reject(new Error('out of order')) : inner.handle(batch)),
      });
      await until('it owns all', () => running.owned().length === world.partitions);
      await world.append(events);
      await until('the failure shows', () => running.lastError()?.message === 'out of order');
      const lag = async (): Promise<number> =>
        (await running.progress()).reduce((sum, { offset, end }) => sum + end - offset, 0);
      // A topic may hold an event twice.
      await until('the lag shows', async () => (await lag()) >= events.length);
      broken = false;
      await until('all are applied', async () => countOf(await effectsOf(store)) >= events.length);
      await until('the failure is over', () => running.lastError() === undefined);
      await until('there is no lag', async () => (await lag()) === 0);
      expect((await running.progress()).length).toEqual(world.partitions);
      expect(running.stalledFor() < 5000).toEqual(true);
    }),
  );
}
