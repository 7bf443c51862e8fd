import type { Instant } from '@jifen/kernel';
import type { NewEvent, StoredEvent } from './event.ts';

/** How far a partition has read one input: `offset` is the next to read, `sequence` the last log position applied. */
export interface Cursor {
  readonly offset: number;
  readonly sequence: number;
}

/** The one row of a partition: fence, gapless position, consumed offsets, head of the hash chain. */
export interface Shard {
  readonly partition: number;
  readonly epoch: number;
  /** Position of the last event; 0 when there is none. */
  readonly position: number;
  readonly headHash: Uint8Array;
  /** Input name (a topic, or `origin:<log>` for watermarks) → how far it was read. */
  readonly cursors: Readonly<Record<string, Cursor>>;
}

/** A message that could not be applied: kept with its bytes, answered for later. */
export interface DeadLetter {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  /** Closed list per consumer, e.g. `undecodable`, `schema`, `invariant`. */
  readonly reason: string;
  readonly detail: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Uint8Array;
}

/** A dead letter as it lies there. */
export interface StoredDeadLetter extends DeadLetter {
  readonly id: number;
  readonly recordedAt: Instant;
}

/** A member that waits for somebody to look: nothing of it is applied until its messages were taken for a redrive. */
export interface ParkedKey {
  readonly key: string;
  readonly reason: string;
  readonly since: Instant;
  /** How many messages wait behind it. */
  readonly messages: number;
}

/**
 * One transaction over the shard rows it was opened for. Everything written through it lands together or not at all.
 * `Sql` is the adapter's own handle, for projections that live in the same database.
 */
export interface Transaction<Sql> {
  readonly sql: Sql;
  /**
   * A write through `sql` that is on its way: the commit waits for it, so that it shares a round trip with the events,
   * and what it fails with fails the transaction, also where `work` throws later: whatever it asked then found the
   * transaction broken.
   */
  sending(write: Promise<unknown>): void;
  /** Clock of the transaction: `recordedAt` of everything written by it. */
  readonly now: number;
  shard(partition: number): Shard;
  /** Last event of each stream that exists, including those appended by this transaction. */
  lastOf(streams: readonly string[]): Promise<ReadonlyMap<string, StoredEvent>>;
  /**
   * Last event of each stream whose name starts with `prefix`, own appends included, in order of the names' bytes; at
   * most `limit` streams, those after the stream `after`.
   */
  lastOfPrefix(prefix: string, limit: number, after?: string): Promise<readonly StoredEvent[]>;
  /** The first `limit` streams of `lastOfPrefix` for each of several prefixes, none of which begins with another. */
  lastOfPrefixes(prefixes: readonly string[], limit: number): Promise<ReadonlyMap<string, readonly StoredEvent[]>>;
  /** Position that the next `append` to the partition will get. */
  nextPosition(partition: number): number;
  /**
   * Queues the event; its position is final if the transaction commits. `InvalidEventError`: it cannot be stored;
   * `ConcurrencyError`: the stream is known not to be at `version - 1`. Throws when the partition's row is not held.
   */
  append(partition: number, event: NewEvent): { readonly id: string; readonly position: number };
  /** Moves a cursor forward; it never goes back. */
  advance(partition: number, input: string, cursor: Cursor): void;
  deadLetter(letter: DeadLetter): void;
  /** Keys of the given ones whose member is parked. */
  parkedAmong(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** Parks the key (if it is not yet) and queues the message behind it. */
  park(key: string, reason: string, message: DeadLetter): void;
  /** Takes the oldest messages of a parked key, in order, for a redrive; without any left the key is no longer parked. */
  takeParked(key: string, limit: number): Promise<readonly DeadLetter[]>;
  /** Takes dead letters away, in order of their ids, for a redrive. */
  takeDeadLetters(ids: readonly number[]): Promise<readonly StoredDeadLetter[]>;
}

export interface TransactionRequest {
  /** Shard rows to lock, in ascending order. */
  readonly partitions: readonly number[];
  /** Epochs under which a consumer owns partitions; another epoch in the row throws `FencedError`. */
  readonly epochs?: ReadonlyMap<number, number>;
  /**
   * Answers when the readers in this process have room for more: for writers at the beginning of everything, which would
   * else run ahead of what follows. Never for one that is itself read for: two could wait for each other.
   */
  readonly patient?: boolean;
}

/**
 * Events of one transaction, per partition in order, none when it only moved cursors; `elsewhere`: another process may have
 * appended, and nobody knows what. Two transactions' calls may come in either order: compare positions, and read from the log what is missing. Must not throw. The promise, if any,
 * settles after a bounded time: when the reader has room for more.
 */
export type CommittedListener = (events: readonly StoredEvent[], elsewhere: boolean) => void | Promise<void>;

/** Reading side of a log, as buses and projections use it. */
export interface LogReader {
  readonly log: string;
  readonly partitions: number;
  /** Events after `position`, in order, at most `limit`. Only settled events are ever seen. */
  readLog(partition: number, position: number, limit: number): Promise<readonly StoredEvent[]>;
  /** Position of the last event of each partition, by index. */
  heads(): Promise<readonly number[]>;
  /** Calls back after each commit made through this instance, and when another process may have appended. */
  onCommitted(listener: CommittedListener): () => void;
}

/** An append-only log, split into partitions, with its shard rows. */
export interface EventStore<Sql> extends LogReader {
  /** Takes ownership of the partitions: raises their epoch, which fences every earlier owner. */
  claim(partitions: readonly number[]): Promise<readonly Shard[]>;
  shards(): Promise<readonly Shard[]>;
  /** The time that a transaction begun now would have; one clock for all processes, so what is due is asked by it. */
  now(): Promise<number>;
  /**
   * Locks the rows, runs `work`, commits. `FencedError`: somebody else owns a partition now. `ConcurrencyError`: a
   * (stream, version) exists already; load again and decide again. `UnknownOutcomeError`: COMMIT failed, it may or may not have landed.
   */
  transact<T>(request: TransactionRequest, work: (tx: Transaction<Sql>) => Promise<T>): Promise<T>;
  readStream(stream: string, afterVersion: number, limit: number): Promise<readonly StoredEvent[]>;
  /** `lastOfPrefix` of what is committed. */
  readStreams(prefix: string, limit: number, after?: string): Promise<readonly StoredEvent[]>;
  /** Oldest first, those after the id `after`. */
  listDeadLetters(page: { readonly limit: number; readonly after?: number }): Promise<readonly StoredDeadLetter[]>;
  /** By key, those after the key `after`. */
  listParked(page: { readonly limit: number; readonly after?: string }): Promise<readonly ParkedKey[]>;
  /** Position up to which the partition was published to a topic elsewhere. */
  published(partition: number): Promise<number>;
  /** Never goes back. A crash may forget the last moves: whoever publishes does so at least once. */
  movePublished(partition: number, position: number): Promise<void>;
  /** Stops listening; the pool stays with who made it. */
  close(): Promise<void>;
}
