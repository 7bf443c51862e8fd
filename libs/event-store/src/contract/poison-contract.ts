import assert from 'node:assert/strict';
import { letter, type ContractPart } from './fixtures.ts';

export function poisonContract<Sql>({ runner: { describe, it }, subject }: ContractPart<Sql>): void {
  describe('poison', () => {
    it('keeps dead letters with their bytes, lists them in order and gives them back once', async () => {
      const { store } = await subject();
      const letters = [letter({ offset: 3 }), letter({ offset: 1, value: new Uint8Array() }), letter({ offset: 2 })];
      await store.transact({ partitions: [0] }, async (tx) => letters.forEach((each) => tx.deadLetter(each)));
      const [first, second] = await store.listDeadLetters({ limit: 2 });
      assert.ok(first !== undefined && second !== undefined);
      const { id, recordedAt, value, ...rest } = first;
      const { value: bytes, ...expected } = letter({ offset: 3 });
      assert.deepEqual(rest, expected);
      assert.deepEqual([...value], [...bytes]);
      assert.match(recordedAt, /Z$/);
      const after = await store.listDeadLetters({ limit: 10, after: second.id });
      assert.deepEqual(
        after.map((each) => each.offset),
        [2],
      );
      const take = (): Promise<readonly { readonly offset: number }[]> =>
        store.transact({ partitions: [0] }, (tx) => tx.takeDeadLetters([second.id, id]));
      assert.deepEqual(
        (await take()).map((each) => each.offset),
        [3, 1],
      );
      assert.deepEqual(await take(), []);
      assert.equal((await store.listDeadLetters({ limit: 10 })).length, 1);
    });

    it('finds room for a dead letter whatever its text is', async () => {
      const { store } = await subject();
      const hostile = 'a\0b\ud800"\'\\{,}';
      const headers = { ce_id: hostile };
      await store.transact({ partitions: [0] }, async (tx) => {
        tx.deadLetter(letter({ key: hostile, topic: hostile, reason: hostile, detail: hostile, headers }));
      });
      const [found] = await store.listDeadLetters({ limit: 1 });
      const storable = 'a\uFFFDb\uFFFD"\'\\{,}';
      assert.deepEqual([found?.key, found?.topic, found?.reason, found?.detail], Array(4).fill(storable));
      assert.deepEqual(found?.headers, headers);
    });

    it('parks a key: seen in the transaction itself and ever after, others are not', async () => {
      const { store } = await subject();
      const inside = await store.transact({ partitions: [0] }, async (tx) => {
        assert.equal((await tx.parkedAmong(['k-1'])).size, 0);
        tx.park('k-1', 'invariant', letter());
        return tx.parkedAmong(['k-1', 'k-2']);
      });
      assert.deepEqual([...inside], ['k-1']);
      const later = await store.transact({ partitions: [0] }, (tx) => tx.parkedAmong(['k-1', 'k-2']));
      assert.deepEqual([...later], ['k-1']);
      assert.equal((await store.transact({ partitions: [0] }, (tx) => tx.parkedAmong([]))).size, 0);
    });

    it('queues messages behind a parked key in order, keeps the first reason, and lets the key go with the last one', async () => {
      const { store } = await subject();
      const park = (offsets: readonly number[], reason: string): Promise<void> =>
        store.transact({ partitions: [0] }, async (tx) => {
          for (const offset of offsets) tx.park('k-1', reason, letter({ offset, key: 'k-1' }));
          tx.park('k-2', 'other', letter({ key: 'k-2' }));
        });
      await park([5, 6], 'invariant');
      await park([7], 'behind');
      const [parked, next] = await store.listParked({ limit: 10 });
      assert.ok(parked !== undefined);
      const { since, ...rest } = parked;
      assert.deepEqual(rest, { key: 'k-1', reason: 'invariant', messages: 3 });
      assert.match(since, /Z$/);
      assert.equal(next?.messages, 2);
      assert.equal((await store.listParked({ limit: 10, after: 'k-1' })).length, 1);
      const take = (limit: number): Promise<readonly number[]> =>
        store.transact({ partitions: [0] }, async (tx) =>
          (await tx.takeParked('k-1', limit)).map((message) => message.offset),
        );
      assert.deepEqual(await take(2), [5, 6]);
      assert.equal((await store.listParked({ limit: 10 })).length, 2);
      assert.deepEqual(await take(2), [7]);
      assert.deepEqual(
        (await store.listParked({ limit: 10 })).map((each) => each.key),
        ['k-2'],
      );
      const free = await store.transact({ partitions: [0] }, (tx) => tx.parkedAmong(['k-1']));
      assert.equal(free.size, 0);
    });
  });
}
