import type { Instant } from '@jifen/kernel';

/** What a decision wants written: one event at the next place of its stream. */
export interface NewEvent {
  /** Consistency boundary within the log, e.g. `shop/order/A-1`; at most 400 characters. */
  readonly stream: string;
  /** Place in the stream, from 1: the optimistic lock. */
  readonly version: number;
  /** `program/member`, the key of the published message; decides the partition. */
  readonly key: string;
  /** Past tense, e.g. `points.earned`. */
  readonly type: string;
  readonly schemaVersion: number;
  /** The exact JSON text that is stored, hashed and published. */
  readonly data: string;
  /** The value whose text `data` is, for readers in this process: it is never stored, and nobody may change it. */
  readonly content?: unknown;
  readonly meta: EventMeta;
  readonly occurredAt: Instant;
  readonly effectiveAt: Instant;
}

/** Where it came from. `correlationId` is the id of the first event of the chain, `causationId` that of the message consumed. */
export interface EventMeta {
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly traceparent?: string;
}

/** An event of a log. `(log, partition, position)` is its identity; positions of a partition have no gaps. */
export interface StoredEvent extends NewEvent {
  readonly log: string;
  readonly partition: number;
  readonly position: number;
  readonly recordedAt: Instant;
  /** SHA-256 over the previous event's hash in the partition and this event: 32 bytes. */
  readonly hash: Uint8Array;
}

/** Id of an event on the wire: `activity-3-1234`. */
export const eventId = (log: string, partition: number, position: number): string => `${log}-${partition}-${position}`;
