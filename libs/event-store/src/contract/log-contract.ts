import assert from 'node:assert/strict';
import { instantFromMillis } from '@jifen/kernel';
import { InvalidEventError } from '../errors.ts';
import type { StoredEvent } from '../event.ts';
import { eventHash, GENESIS_HASH } from '../hash.ts';
import { appendAll, newEvent, rejection, type ContractPart } from './fixtures.ts';

const streams = (events: readonly StoredEvent[]): readonly string[] => events.map((event) => event.stream);
const positions = (events: readonly StoredEvent[]): readonly number[] => events.map((event) => event.position);
const MEGABYTE = 1024 * 1024;

export function logContract<Sql>({ runner: { describe, it }, subject }: ContractPart<Sql>): void {
  describe('the log', () => {
    it('starts empty', async () => {
      const { store } = await subject();
      assert.deepEqual(await store.readLog(0, 0, 10), []);
      assert.deepEqual(await store.heads(), Array<number>(store.partitions).fill(0));
    });

    it('numbers the events of each partition from 1 without gaps, also over what was rolled back', async () => {
      const { store } = await subject();
      await appendAll(store, 0, ['a', 'b']);
      await appendAll(store, 1, ['c']);
      const failed = store.transact({ partitions: [0] }, async (tx) => {
        tx.append(0, newEvent('lost', 1));
        throw new Error('no');
      });
      assert.match(String(await rejection(failed)), /no/);
      await appendAll(store, 0, ['d']);
      assert.deepEqual(positions(await store.readLog(0, 0, 10)), [1, 2, 3]);
      assert.deepEqual(streams(await store.readLog(0, 0, 10)), ['a', 'b', 'd']);
      assert.deepEqual((await store.heads()).slice(0, 2), [3, 1]);
    });

    it('reads at most the limit, after the position', async () => {
      const { store } = await subject();
      await appendAll(store, 2, ['a', 'b', 'c', 'd']);
      assert.deepEqual(streams(await store.readLog(2, 1, 2)), ['b', 'c']);
      assert.deepEqual(await store.readLog(2, 4, 2), []);
    });

    it('gives every field back as it was', async () => {
      const { store } = await subject();
      const meta = { causationId: 'rating-1-2', correlationId: 'activity-1-2', traceparent: '00-1-2-01' };
      const event = newEvent('shop/積分/🎁', 1, {
        key: 'shop/會員',
        schemaVersion: 3,
        // Written by hand: spaces, escapes and half a surrogate pair as an escape must survive to the byte.
        data: '{ "b":"\\"\\\\{,}\\u0000\\ud800",\n"a":1.50, "積":"分🎁\'" }',
        meta,
        effectiveAt: instantFromMillis(253_402_300_799_999),
      });
      const placed = await store.transact({ partitions: [3] }, async (tx) => tx.append(3, event));
      assert.deepEqual(placed, { id: `${store.log}-3-1`, position: 1 });
      const [found] = await store.readLog(3, 0, 1);
      assert.ok(found !== undefined);
      const { hash, recordedAt, content, ...rest } = found;
      assert.equal(content, undefined);
      assert.deepEqual(rest, { ...event, log: store.log, partition: 3, position: 1 });
      assert.equal(hash.length, 32);
      assert.match(recordedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    });

    it('takes an event of 1 MB', async () => {
      const { store } = await subject();
      const data = JSON.stringify({ text: '分'.repeat(MEGABYTE / 3) });
      await store.transact({ partitions: [0] }, async (tx) => tx.append(0, newEvent('big', 1, { data })));
      assert.equal((await store.readLog(0, 0, 1))[0]?.data === data, true);
    });

    for (const [what, text] of [
      ['a NUL', 'a\0b'],
      ['half a surrogate pair', 'a\ud800b'],
    ] as const) {
      it(`refuses ${what} in any text before anything is sent`, async () => {
        const { store } = await subject();
        for (const change of [
          { stream: text },
          { key: text },
          { type: text },
          { data: text },
          { meta: { traceparent: text } },
        ]) {
          const attempt = store.transact({ partitions: [0] }, async (tx) => tx.append(0, newEvent('s', 1, change)));
          assert.ok((await rejection(attempt)) instanceof InvalidEventError, JSON.stringify(change));
        }
        assert.deepEqual(await store.readLog(0, 0, 1), []);
      });
    }

    it('chains the hashes of each partition', async () => {
      const { store } = await subject();
      await appendAll(store, 1, ['a', 'b']);
      await appendAll(store, 0, ['x']);
      await appendAll(store, 1, ['c']);
      let previous = GENESIS_HASH;
      for (const event of await store.readLog(1, 0, 10)) {
        const expected = eventHash(previous, event);
        assert.equal(Buffer.compare(event.hash, expected), 0);
        previous = expected;
      }
      assert.equal(Buffer.compare((await store.shards())[1]?.headHash ?? GENESIS_HASH, previous), 0);
    });

    it('tells listeners exactly what was committed, until they leave', async () => {
      const { store } = await subject();
      const told: string[][] = [];
      const leave = store.onCommitted((events) => void told.push([...streams(events)]));
      await appendAll(store, 0, ['a', 'b']);
      await rejection(appendAll(store, 0, ['a']));
      await store.transact({ partitions: [0] }, async (tx) => tx.advance(0, 'topic', { offset: 1, sequence: 1 }));
      await appendAll(store, 1, ['c']);
      leave();
      await appendAll(store, 1, ['d']);
      assert.deepEqual(
        told.filter((each) => each.length > 0),
        [['a', 'b'], ['c']],
      );
    });

    it('remembers how far it was published, and never goes back', async () => {
      const { store } = await subject();
      await appendAll(store, 0, ['a', 'b', 'c']);
      assert.equal(await store.published(0), 0);
      await store.movePublished(0, 2);
      await store.movePublished(0, 1);
      assert.equal(await store.published(0), 2);
      assert.ok((await rejection(store.movePublished(0, 4))) instanceof Error);
    });

    it('knows no partition beyond its number', async () => {
      const { store } = await subject();
      assert.ok((await rejection(store.readLog(store.partitions, 0, 1))) instanceof Error);
      assert.ok((await rejection(appendAll(store, store.partitions, ['a']))) instanceof Error);
    });
  });
}
