import type { EventStore, Shard, Transaction } from '@jifen/event-store';
import type { Outcome } from '@jifen/kernel';
import type { Consumer, PartitionClaim } from './bus.ts';
import { flush } from './flush-batch.ts';
import type { Envelope, Message } from './message.ts';
import { redriveParked } from './redrive.ts';
import { SequenceGapError } from './sift.ts';

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

/** What one batch came to. */
export interface FlushCounts {
  readonly messages: number;
  readonly duplicates: number;
  readonly deadLetters: number;
  /** Messages queued behind a parked member. */
  readonly parked: number;
  /** The whole batch, retries included. */
  readonly millis: number;
  /** Spent inside `apply`. */
  readonly decideMillis: number;
}

/** A place in a log that a message stands for: what `?after=` waits for. */
export interface Origin {
  readonly partition: number;
  readonly position: number;
}

export interface FlushOptions<Sql, Item> {
  readonly group: string;
  readonly topics: readonly string[];
  /** Messages of one transaction; default 500. */
  readonly maxBatch?: number;
  /** Of the `Consumer`: where nobody waits for the effects, small commits upstream need not each cost one here. */
  readonly gatherMillis?: number;
  /** Its shard rows hold the cursors; effects land with them. */
  readonly store: EventStore<Sql>;
  /** A refusal or a throw makes the message a dead letter. Runs once a message, outside the transaction. */
  readonly decode: (message: Message, envelope: Envelope) => Outcome<Item, Undecodable>;
  /**
   * Applies the batch inside the transaction, in the order given. Must be a function of the transaction's state and the
   * items, so that it can be run again after a roll-back. Failures that it answers are parked and their items re-tried
   * without: it runs again in a fresh transaction with the failed keys left out. A fault that lies in the data of a member
   * (an `InvariantError`, a CHECK constraint) is traced to its key and parked likewise; any other throw fails the batch.
   */
  readonly apply: (tx: Transaction<Sql>, items: readonly Delivered<Item>[]) => Promise<readonly MemberFailure[]>;
  /** Called when partitions are lost and before a batch is applied again: drop what is cached of them. */
  readonly release?: (partitions: readonly number[]) => void;
  /**
   * Topics that are published logs carry `ce_sequence` (default). `false`: foreign topics, where the offset alone tells
   * duplicates and what the headers lack is filled in with the message's place.
   */
  readonly sequenced?: boolean;
  /** A log whose beginning is gone: a consumer without a cursor takes any first sequence instead of 1. */
  readonly acceptFirstGap?: boolean;
  /** Waits for the readers of its own log, see `TransactionRequest`. */
  readonly patient?: boolean;
  /** Whom an item belongs to when it fails; default the message's key. */
  readonly keyOf?: (delivered: Delivered<Item>) => string;
  /** Further partitions that `apply` writes to; those of the messages are always held. */
  readonly partitionsOf?: (items: readonly Delivered<Item>[]) => readonly number[];
  /** Advances the cursor `origin:activity` of the origin's partition with the item. */
  readonly origin?: (delivered: Delivered<Item>) => Origin | undefined;
  readonly observe?: (counts: FlushCounts) => void;
}

const MAX_BATCH = 500;

/**
 * The one way all services consume: read → drop duplicates → dead letters → parked members → apply → move the cursors.
 * After a gap the next claim goes back to where the missing message is at the latest: no offset is less than the number
 * of messages before it, on any bus.
 */
export function createConsumer<Sql, Item>(options: FlushOptions<Sql, Item>): Consumer {
  const { group, topics, store } = options;
  const gaps = new Set<number>();
  return {
    group,
    topics,
    maxBatch: options.maxBatch ?? MAX_BATCH,
    ...(options.gatherMillis === undefined ? {} : { gatherMillis: options.gatherMillis }),
    claim: async (partitions) => {
      const shards = await store.claim(partitions);
      return shards.map((shard) => claimOf(topics, shard, gaps.delete(shard.partition)));
    },
    handle: (batch) =>
      flush(options, batch).catch((error: unknown) => {
        if (error instanceof SequenceGapError) gaps.add(error.partition);
        throw error;
      }),
    release: (partitions) => options.release?.(partitions),
    redrive: (key, how) => redriveParked(options, key, how),
  };
}

function claimOf(topics: readonly string[], { partition, epoch, cursors }: Shard, back: boolean): PartitionClaim {
  const offsets: Record<string, number> = {};
  for (const topic of topics) {
    const cursor = cursors[topic];
    if (cursor !== undefined) offsets[topic] = back ? Math.min(cursor.offset, cursor.sequence) : cursor.offset;
  }
  return { partition, epoch, offsets };
}
