import type { Message } from './message.ts';
import type { RedriveReport } from './redrive.ts';

/** What a new owner needs to know of a partition: the epoch it holds and where to read each topic from. */
export interface PartitionClaim {
  readonly partition: number;
  readonly epoch: number;
  /** Topic → offset of the next message; a topic without an entry is read from its beginning. */
  readonly offsets: Readonly<Record<string, number>>;
}

/** Messages of one flush, in order per partition and topic, with the epochs they were read under. */
export interface Batch {
  readonly messages: readonly Message[];
  readonly epochs: ReadonlyMap<number, number>;
}

/** `gatherMillis` of a consumer whose effects nobody waits for as for a balance. */
export const UNHURRIED_MILLIS = 50;

/**
 * A consumer group member. All topics of a consumer have the same number of partitions, and the owner of a partition
 * owns it in every topic. `handle` resolves only when the batch is durable; when it throws, nothing of the batch counts:
 * the runner claims again and reads on from the offsets that the claim returns.
 */
export interface Consumer {
  readonly group: string;
  readonly topics: readonly string[];
  /** At most this many messages a batch. */
  readonly maxBatch: number;
  /**
   * Milliseconds from the beginning of a batch that was not even half full to the next one, none by default: what comes
   * meanwhile shares a transaction. What comes after a pause is handled at once.
   */
  readonly gatherMillis?: number;
  claim(partitions: readonly number[]): Promise<readonly PartitionClaim[]>;
  handle(batch: Batch): Promise<void>;
  /** Partitions that this process no longer owns: drop caches. */
  release(partitions: readonly number[]): void;
  /** Applies what waits behind a parked member again, for whoever looked after it. */
  redrive?(key: string, how: { readonly dryRun: boolean }): Promise<RedriveReport>;
}

export interface PartitionProgress {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly end: number;
}

export interface RunningConsumer {
  readonly group: string;
  owned(): readonly number[];
  /** Offsets and ends of the owned partitions; lag is `end - offset`. */
  progress(): Promise<readonly PartitionProgress[]>;
  /** Milliseconds since a batch was handled or the lag was last seen to be zero: liveness is progress. */
  stalledFor(): number;
  /** Last failure, until a batch succeeds again. */
  lastError(): Error | undefined;
  /** Stops fetching, waits for the batch in hand, gives the partitions back. */
  stop(): Promise<void>;
}

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly compacted?: boolean;
}

export type BusKind = 'memory' | 'embedded' | 'kafka';

/** Carries logs to consumer groups: at least once, in order per partition. Nothing is published through it: a topic is a log. */
export interface Bus {
  readonly kind: BusKind;
  /** Creates missing topics; a topic with another partition count is an error that names both. */
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>;
  consume(consumer: Consumer): Promise<RunningConsumer>;
  close(): Promise<void>;
}
