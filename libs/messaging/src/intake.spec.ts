import type { EventStore } from '@jifen/event-store';
import { createMemoryEventStore } from '@jifen/event-store';
import { instant } from '@jifen/kernel';
import { pause } from './contract/drills.ts';
import { Intake } from './intake.ts';

const TOPIC = 'contract.topic.v1';
const AT = instant('2026-01-01T00:00:00.000Z');
const FEW = 10;
const FAR_AHEAD = 1_200;

let events = 0;
const append = (store: EventStore<unknown>, count: number, patient: boolean): Promise<void> =>
  store.transact({ partitions: [0], patient }, async (tx) => {
    for (let index = 0; index < count; index++)
      tx.append(0, {
        stream: `s/${events++}`,
        version: 1,
        key: 'shop/m-1',
        type: 'case',
        schemaVersion: 1,
        data: '{}',
        meta: {},
        occurredAt: AT,
        effectiveAt: AT,
      });
  });

function world(): { store: EventStore<unknown>; read: (count: number) => Promise<void> } {
  const store = createMemoryEventStore({ log: 'source', partitions: 1, clock: () => 0 });
  const intake = new Intake(new Map([[TOPIC, store]]), () => undefined);
  intake.open({ partition: 0, epoch: 1, offsets: {} });
  return { store, read: async (count) => intake.handled(await intake.take([0], count)) };
}

const settled = async (work: Promise<void>): Promise<boolean> => {
  let done = false;
  void work.then(() => {
    done = true;
  });
  await pause(10);
  return done;
};

describe('a reader that is behind', () => {
  it('makes a patient writer wait until it has room again', async () => {
    const { store, read } = world();
    await append(store, FAR_AHEAD, false);
    await read(FEW);
    const writing = append(store, 1, true);
    expect(await settled(writing)).toBe(false);
    await read(FAR_AHEAD / 2);
    await writing;
  });

  it('makes nobody wait who is not patient', async () => {
    const { store, read } = world();
    await append(store, FAR_AHEAD, false);
    await read(FEW);
    expect(await settled(append(store, 1, false))).toBe(true);
  });

  it.each([
    ['it does not move', FAR_AHEAD, 0],
    ['it is so far behind that it reads from the disk', 25_000, FEW],
    ['there is room', FEW * 2, FEW],
  ])('makes nobody wait when %s', async (_, ahead, handled) => {
    const { store, read } = world();
    await append(store, ahead, false);
    if (handled > 0) await read(handled);
    expect(await settled(append(store, 1, true))).toBe(true);
  });
});
