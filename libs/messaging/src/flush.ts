import type { EventStore, Transaction } from '@jifen/event-store';
import type { Outcome } from '@jifen/kernel';
import type { Consumer } from './bus.ts';
import type { Envelope, Message } from './message.ts';

/** Why a message becomes a dead letter. */
export interface Undecodable {
  readonly reason: string;
  readonly detail: string;
}

/** A decoded message with its place. */
export interface Delivered<Item> {
  readonly item: Item;
  readonly envelope: Envelope;
  readonly message: Message;
}

/** A failure that belongs to one member: the member is parked, everybody else goes on. */
export interface MemberFailure {
  readonly key: string;
  readonly reason: string;
  readonly detail: string;
}

export interface FlushOptions<Sql, Item> {
  readonly group: string;
  readonly topics: readonly string[];
  readonly maxBatch?: number;
  readonly store: EventStore<Sql>;
  readonly decode: (message: Message, envelope: Envelope) => Outcome<Item, Undecodable>;
  /**
   * Applies the batch inside the transaction, in the order given. Must be a function of the transaction's state and the
   * items, so that it can be run again after a roll-back. Failures that it answers are parked and their items re-tried
   * without: it runs again in a fresh transaction with the failed keys left out.
   */
  readonly apply: (tx: Transaction<Sql>, items: readonly Delivered<Item>[]) => Promise<readonly MemberFailure[]>;
  readonly release?: (partitions: readonly number[]) => void;
}

export type CreateConsumer = <Sql, Item>(options: FlushOptions<Sql, Item>) => Consumer;
