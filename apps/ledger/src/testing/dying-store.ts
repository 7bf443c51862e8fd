import type { EventStore } from '@jifen/event-store';
import type { PoolClient } from 'pg';

/** What a process says that was killed, where it could not say anything. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** The store of a process that dies at the beginning of its n-th transaction, or at the end and before COMMIT. */
export function dyingStore(
  store: EventStore<PoolClient>,
  nth: number,
  when: 'before' | 'within',
): EventStore<PoolClient> {
  let count = 0;
  const transact: EventStore<PoolClient>['transact'] = (request, work) => {
    if (++count !== nth) return store.transact(request, work);
    if (when === 'before') return Promise.reject(new Killed());
    return store.transact(request, async (tx) => {
      await work(tx);
      throw new Killed();
    });
  };
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'transact') return transact;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
