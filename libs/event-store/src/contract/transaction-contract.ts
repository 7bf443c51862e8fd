import assert from 'node:assert/strict';
import { FencedError } from '../errors.ts';
import type { Transaction } from '../store.ts';
import { appendAll, letter, newEvent, rejection, type ContractPart } from './fixtures.ts';

const WRITERS = 20;

export function transactionContract<Sql>({ runner: { describe, it }, subject }: ContractPart<Sql>): void {
  describe('transactions', () => {
    it('land whole: events, cursors and projections', async () => {
      const { store, put, get } = await subject();
      const answer = await store.transact({ partitions: [1] }, async (tx) => {
        await put(tx.sql, 'balance', '10');
        tx.append(1, newEvent('s', 1));
        tx.advance(1, 'jifen.rating.v1', { offset: 5, sequence: 4 });
        return 'done';
      });
      assert.equal(answer, 'done');
      assert.equal(await get('balance'), '10');
      const shard = (await store.shards())[1];
      assert.equal(shard?.position, 1);
      assert.deepEqual(shard.cursors, { 'jifen.rating.v1': { offset: 5, sequence: 4 } });
    });

    it('have the time that the store tells', async () => {
      const { store } = await subject();
      const before = await store.now();
      const during = await store.transact({ partitions: [1, 2] }, (tx) => Promise.resolve(tx.now));
      const after = await store.now();
      assert.ok(before <= during && during <= after, `${before}, ${during}, ${after}`);
    });

    it('leave nothing when the work throws or an event collides', async () => {
      const { store, put, get } = await subject();
      await appendAll(store, 0, ['taken']);
      const write = async (tx: Transaction<Sql>, stream: string): Promise<void> => {
        await put(tx.sql, 'balance', '10');
        tx.append(1, newEvent(stream, 1));
        tx.advance(1, 'topic', { offset: 5, sequence: 4 });
        tx.deadLetter(letter());
        tx.park('shop/m-1', 'invariant', letter());
      };
      const thrown = store.transact({ partitions: [1] }, async (tx) => {
        await write(tx, 'free');
        throw new Error('thrown by the work');
      });
      assert.match(String(await rejection(thrown)), /thrown by the work/);
      assert.ok((await rejection(store.transact({ partitions: [1] }, (tx) => write(tx, 'taken')))) instanceof Error);
      assert.equal(await get('balance'), undefined);
      assert.deepEqual(await store.readLog(1, 0, 1), []);
      assert.deepEqual((await store.shards())[1]?.cursors, {});
      assert.deepEqual(await store.listDeadLetters({ limit: 1 }), []);
      assert.deepEqual(await store.listParked({ limit: 1 }), []);
    });

    it('wait for writes that are on their way, and fail with them', async () => {
      const { store, put, get } = await subject();
      const write = async (tx: Transaction<Sql>, fault?: Error): Promise<void> => {
        tx.append(1, newEvent(fault === undefined ? 's' : 't', 1));
        tx.sending(put(tx.sql, fault === undefined ? 'balance' : 'other', '10'));
        if (fault !== undefined) tx.sending(Promise.reject(fault));
      };
      await store.transact({ partitions: [1] }, (tx) => write(tx));
      assert.equal(await get('balance'), '10');
      const late = new Error('fails on its way');
      assert.equal(await rejection(store.transact({ partitions: [1] }, (tx) => write(tx, late))), late);
      const thrown = store.transact({ partitions: [1] }, async (tx) => {
        await write(tx, late);
        throw new Error('because of it');
      });
      assert.equal(await rejection(thrown), late);
      assert.equal(await get('other'), undefined);
      assert.deepEqual(
        (await store.readLog(1, 0, 9)).map(({ stream }) => stream),
        ['s'],
      );
    });

    it('line up on a partition: concurrent writers get consecutive positions', async () => {
      const { store, other } = await subject();
      const stores = [store, other ?? store];
      const write = (writer: number): Promise<number> =>
        (stores[writer % 2] ?? store).transact({ partitions: [0] }, async (tx) => {
          const position = tx.nextPosition(0);
          await tx.lastOf([`w-${writer}`]);
          assert.equal(tx.append(0, newEvent(`w-${writer}`, 1)).position, position);
          return position;
        });
      const given = await Promise.all([...Array(WRITERS).keys()].map(write));
      const expected = [...Array(WRITERS).keys()].map((index) => index + 1);
      assert.deepEqual(
        given.sort((a, b) => a - b),
        expected,
      );
      assert.equal((await store.readLog(0, 0, 100)).length, WRITERS);
    });

    it('take their rows in one order, so that crossing ones do not block each other', async () => {
      const { store } = await subject();
      const write = (writer: number): Promise<void> =>
        store.transact({ partitions: writer % 2 === 0 ? [0, 1, 2] : [2, 1, 0] }, async (tx) => {
          for (const partition of [0, 1, 2]) tx.append(partition, newEvent(`w-${writer}-${partition}`, 1));
        });
      await Promise.all([...Array(WRITERS).keys()].map(write));
      assert.deepEqual((await store.heads()).slice(0, 3), [WRITERS, WRITERS, WRITERS]);
    });

    it('write only to partitions whose row they hold, and only while they run', async () => {
      const { store } = await subject();
      const outside = store.transact({ partitions: [0] }, async (tx) => tx.append(1, newEvent('s', 1)));
      assert.match(String(await rejection(outside)), /partition 1 is not held/);
      const kept = await store.transact({ partitions: [0] }, async (tx) => tx);
      assert.throws(() => kept.append(0, newEvent('s', 1)), /over/);
      assert.ok((await rejection(kept.lastOf(['s']))) instanceof Error);
    });

    it('move cursors forward only, each input by itself', async () => {
      const { store } = await subject();
      const advance = (input: string, offset: number, sequence: number): Promise<void> =>
        store.transact({ partitions: [0] }, async (tx) => tx.advance(0, input, { offset, sequence }));
      await advance('a', 10, 9);
      await advance('b', 1, 1);
      await advance('a', 5, 4);
      await advance('b', 2, 0);
      const expected = { a: { offset: 10, sequence: 9 }, b: { offset: 2, sequence: 1 } };
      assert.deepEqual((await store.shards())[0]?.cursors, expected);
    });

    it('see their own cursors and positions', async () => {
      const { store } = await subject();
      await store.transact({ partitions: [0] }, async (tx) => {
        tx.append(0, newEvent('s', 1));
        tx.advance(0, 'a', { offset: 1, sequence: 1 });
        assert.equal(tx.nextPosition(0), 2);
        assert.equal(tx.shard(0).position, 1);
        assert.deepEqual(tx.shard(0).cursors, { a: { offset: 1, sequence: 1 } });
      });
    });

    it('are refused to an owner that was replaced, and only to that one', async () => {
      const { store, other } = await subject();
      const write = (epoch: number, stream: string): Promise<void> =>
        store.transact({ partitions: [0], epochs: new Map([[0, epoch]]) }, async (tx) => {
          tx.append(0, newEvent(stream, 1));
        });
      const [first] = await store.claim([0]);
      await write(first?.epoch ?? 0, 'a');
      const [second] = await (other ?? store).claim([0]);
      assert.ok((second?.epoch ?? 0) > (first?.epoch ?? 0));
      assert.equal(second?.position, 1);
      const error = await rejection(write(first?.epoch ?? 0, 'b'));
      assert.ok(error instanceof FencedError && error.partition === 0 && error.foundEpoch === second.epoch);
      await write(second.epoch, 'c');
      await appendAll(store, 0, ['no owner, as over HTTP']);
      assert.deepEqual(
        (await store.readLog(0, 0, 10)).map((event) => event.stream),
        ['a', 'c', 'no owner, as over HTTP'],
      );
    });

    it('are seen by the next owner: a claim waits for the one that runs', async () => {
      const { store, other } = await subject();
      const [mine] = await store.claim([0]);
      let claimed: Promise<unknown> = Promise.resolve();
      await store.transact({ partitions: [0], epochs: new Map([[0, mine?.epoch ?? 0]]) }, async (tx) => {
        claimed = (other ?? store).claim([0]).then(([shard]) => assert.equal(shard?.position, 1));
        await tx.lastOf(['s']);
        tx.append(0, newEvent('s', 1));
      });
      await claimed;
    });
  });
}
