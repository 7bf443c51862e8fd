import assert from 'node:assert/strict';
import { ConcurrencyError } from '../errors.ts';
import { appendAll, newEvent, rejection, type ContractPart } from './fixtures.ts';

export function streamContract<Sql>({ runner: { describe, it }, subject }: ContractPart<Sql>): void {
  describe('streams', () => {
    it('are read in order of their versions, after a version, up to a limit', async () => {
      const { store } = await subject();
      await store.transact({ partitions: [0] }, async (tx) => {
        for (const version of [1, 2, 3, 4]) tx.append(0, newEvent('s', version));
        tx.append(0, newEvent('other', 1));
      });
      const read = async (after: number, limit: number): Promise<readonly number[]> =>
        (await store.readStream('s', after, limit)).map((event) => event.version);
      assert.deepEqual(await read(0, 10), [1, 2, 3, 4]);
      assert.deepEqual(await read(1, 2), [2, 3]);
      assert.deepEqual(await read(4, 2), []);
    });

    it('take a version once: who comes second decides again', async () => {
      const { store } = await subject();
      await appendAll(store, 0, ['s']);
      const error = await rejection(appendAll(store, 1, ['s']));
      assert.ok(error instanceof ConcurrencyError, String(error));
      assert.deepEqual(await store.readLog(1, 0, 1), []);
    });

    it('let one of many writers of the same version through', async () => {
      const { store } = await subject();
      const attempts = [0, 1, 2, 3, 0, 1, 2, 3].map((partition) => rejection(appendAll(store, partition, ['s'])));
      const errors = (await Promise.all(attempts)).filter((error) => error !== undefined);
      assert.equal(errors.length, 7);
      assert.ok(errors.every((error) => error instanceof ConcurrencyError));
      assert.equal((await store.readStream('s', 0, 10)).length, 1);
    });

    it('refuse a version that does not follow what the transaction has seen', async () => {
      const { store } = await subject();
      const attempts = [
        store.transact({ partitions: [0] }, async (tx) => {
          tx.append(0, newEvent('s', 1));
          tx.append(0, newEvent('s', 1));
        }),
        store.transact({ partitions: [0] }, async (tx) => {
          await tx.lastOf(['t']);
          tx.append(0, newEvent('t', 2));
        }),
      ];
      for (const error of await Promise.all(attempts.map(rejection))) assert.ok(error instanceof ConcurrencyError);
    });

    it('answer the last event of each, with those of the transaction itself', async () => {
      const { store } = await subject();
      await appendAll(store, 0, ['a', 'b']);
      const seen = await store.transact({ partitions: [0] }, async (tx) => {
        tx.append(0, newEvent('b', 2));
        tx.append(0, newEvent('new', 1));
        tx.append(0, newEvent('new', 2));
        return tx.lastOf(['a', 'b', 'new', 'none']);
      });
      const versions = [...seen].map(([stream, event]) => `${stream}@${event.version}/${event.position}`).sort();
      assert.deepEqual(versions, ['a@1/1', 'b@2/3', 'new@2/5']);
      assert.equal((await store.transact({ partitions: [] }, (tx) => tx.lastOf([]))).size, 0);
    });

    it('are found by a prefix, in pages, in order of their bytes', async () => {
      const { store } = await subject();
      const names = [
        'shop/m-1/b',
        'shop/m-1/a',
        'shop/m-10/a',
        'shop/m-1/積',
        'shop/m-1/🎁',
        'shop/m-2/a',
        'shop/m-1/\uFFFD',
      ];
      await appendAll(store, 0, names);
      const ordered = ['shop/m-1/a', 'shop/m-1/b', 'shop/m-1/積', 'shop/m-1/\uFFFD', 'shop/m-1/🎁'];
      const all = await store.readStreams('shop/m-1/', 10);
      assert.deepEqual(
        all.map((event) => event.stream),
        ordered,
      );
      const page = await store.readStreams('shop/m-1/', 2, ordered[1]);
      assert.deepEqual(
        page.map((event) => event.stream),
        ordered.slice(2, 4),
      );
    });

    it('are found by a prefix together with those of the transaction itself', async () => {
      const { store } = await subject();
      await appendAll(store, 0, ['p/a', 'p/c']);
      const seen = await store.transact({ partitions: [0] }, async (tx) => {
        tx.append(0, newEvent('p/b', 1));
        tx.append(0, newEvent('p/c', 2));
        tx.append(0, newEvent('q/a', 1));
        return [await tx.lastOfPrefix('p/', 2), await tx.lastOfPrefix('p/', 2, 'p/b')];
      });
      const names = seen.map((events) => events.map((event) => `${event.stream}@${event.version}`));
      assert.deepEqual(names, [['p/a@1', 'p/b@1'], ['p/c@2']]);
    });

    it('are found by several prefixes at once, so many of each, together with those of the transaction itself', async () => {
      const { store } = await subject();
      await appendAll(store, 0, ['m/1/b', 'm/1/c', 'm/2/a', 'm/3/a', 'm/10/a']);
      const found = await store.transact({ partitions: [0] }, async (tx) => {
        tx.append(0, newEvent('m/1/a', 1));
        tx.append(0, newEvent('m/2/a', 2));
        tx.append(0, newEvent('m/5/a', 1));
        return tx.lastOfPrefixes(['m/1/', 'm/2/', 'm/4/', 'm/5/'], 2);
      });
      const names = [...found].map(([prefix, events]) => [
        prefix,
        events.map((event) => `${event.stream}@${event.version}`),
      ]);
      assert.deepEqual(names, [
        ['m/1/', ['m/1/a@1', 'm/1/b@1']],
        ['m/2/', ['m/2/a@2']],
        ['m/4/', []],
        ['m/5/', ['m/5/a@1']],
      ]);
      assert.equal((await store.transact({ partitions: [0] }, (tx) => tx.lastOfPrefixes([], 2))).size, 0);
    });
  });
}
