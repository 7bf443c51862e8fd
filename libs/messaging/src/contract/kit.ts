import type { EventStore } from '@jifen/event-store';
import type { Bus } from '../bus.ts';

/** The parts of a test runner that the suite needs; Jest's own `{ describe, it, expect }` fit. */
export interface TestKit {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>, timeout?: number): void;
  expect(actual: unknown): { toEqual(expected: unknown): void };
}

export interface ContractEvent {
  readonly key: string;
  /** JSON text, carried unchanged. */
  readonly data: string;
}

/** One fresh deployment: an empty log published as one topic, no consumer group yet. */
export interface BusWorld {
  readonly topic: string;
  /** Of the topic and of every store; at least 4. */
  readonly partitions: number;
  /** A bus as another process would have it: each call is another member of the groups that it consumes for. */
  bus(member: string): Promise<Bus>;
  /** Appends to the log in the order given, key → partition by `partitionOf`; resolves when durable. */
  append(events: readonly ContractEvent[]): Promise<void>;
  /** Store of the consuming service `group` with its own shard rows, the same rows for every caller. */
  store(group: string): Promise<EventStore<unknown>>;
  /**
   * Makes the group believe that this bus is gone while its process lives on. Where a handler that never returns has
   * that effect by itself (a session that times out), nothing need be done.
   */
  isolate(bus: Bus): Promise<void>;
  /** Closes every bus and store that was handed out. */
  close(): Promise<void>;
}

export interface BusHarness {
  create(): Promise<BusWorld>;
  /** Longest wait for anything to happen; a hand-over from a dead member has to fit in. Default 15,000 ms. */
  readonly patienceMillis?: number;
}
