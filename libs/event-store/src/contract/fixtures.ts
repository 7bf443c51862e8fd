import { instantFromMillis } from '@jifen/kernel';
import type { NewEvent } from '../event.ts';
import type { DeadLetter, EventStore, Transaction } from '../store.ts';

/** One store under test, empty, with a way to write something of the caller's own in the same transaction. */
export interface ContractSubject<Sql> {
  /** At least 4 partitions. */
  readonly store: EventStore<Sql>;
  /** Another instance over the same data, as another process has it; `undefined` where data cannot be shared. */
  readonly other: EventStore<Sql> | undefined;
  /** A projection of the caller: writes `value` under `key` in the transaction. */
  put(sql: Sql, key: string, value: string): Promise<void>;
  /** What is committed under the key. */
  get(key: string): Promise<string | undefined>;
}

/** Functions of the test runner: the contract is a library, and knows none. */
export interface ContractRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>): void;
}

/** One group of the contract's tests. */
export interface ContractPart<Sql> {
  readonly runner: ContractRunner;
  readonly subject: () => Promise<ContractSubject<Sql>>;
}

export const AT = instantFromMillis(Date.UTC(2026, 0, 31, 8, 0, 0, 5));

export function newEvent(stream: string, version: number, change: Partial<NewEvent> = {}): NewEvent {
  const data = JSON.stringify({ stream, version });
  const facts = { key: 'shop/m-1', type: 'order.recorded', schemaVersion: 1, data, meta: {}, occurredAt: AT };
  return { stream, version, ...facts, effectiveAt: AT, ...change };
}

export const letter = (change: Partial<DeadLetter> = {}): DeadLetter => ({
  topic: 'jifen.activity.v1',
  partition: 1,
  offset: 7,
  key: 'shop/m-1',
  reason: 'schema',
  detail: '/lines must not be empty',
  headers: { ce_id: 'activity-1-7' },
  value: new Uint8Array([0, 1, 254, 255]),
  ...change,
});

/** Appends version 1 of each stream to the partition, in one transaction. */
export const appendAll = <Sql>(store: EventStore<Sql>, partition: number, streams: readonly string[]): Promise<void> =>
  store.transact({ partitions: [partition] }, async (tx: Transaction<Sql>) => {
    for (const stream of streams) tx.append(partition, newEvent(stream, 1));
  });

/** The error that a promise is rejected with, or `undefined`. */
export const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );
