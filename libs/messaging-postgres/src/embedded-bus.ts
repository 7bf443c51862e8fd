import type { LogReader } from '@jifen/event-store';
import type { Bus, Consumer, RunnerOptions, RunningConsumer, TopicSpec } from '@jifen/messaging';
import { checkTopics, PartitionCountError, runConsumer } from '@jifen/messaging';
import type { Pool } from 'pg';
import { joinGroup } from './lease-membership.ts';

export interface EmbeddedBusOptions extends RunnerOptions {
  /** Of the consuming service: its role writes the lease table of `schema`. */
  readonly pool: Pool;
  readonly schema: string;
  /** Topic → the log that it is; share the readers (and their tails) between the buses of one process. */
  readonly topics: ReadonlyMap<string, LogReader>;
  /** Name of this process, unlike any other's that is or was: a restart is another member. */
  readonly holder: string;
  /** After so long without a sign of life a member's partitions go to others. */
  readonly leaseMillis?: number;
  /** After so long in one batch a member counts as stuck. */
  readonly handleLimitMillis?: number;
}

const LEASE_MILLIS = 3_000;
const HANDLE_LIMIT_MILLIS = 30_000;

/** Consumer groups over the logs themselves: partitions by lease, offsets in the consumer's own shard rows, no second copy of anything. */
export function createEmbeddedBus(options: EmbeddedBusOptions): Bus {
  return new EmbeddedBus(options);
}

class EmbeddedBus implements Bus {
  readonly kind = 'embedded';
  readonly #options: EmbeddedBusOptions;
  readonly #running: RunningConsumer[] = [];

  constructor(options: EmbeddedBusOptions) {
    this.#options = options;
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    checkTopics(topics, this.#options.topics);
  }

  async consume(consumer: Consumer): Promise<RunningConsumer> {
    const { pool, schema, holder, topics, leaseMillis, handleLimitMillis, onError } = this.#options;
    const { group } = consumer;
    const membership = await joinGroup({
      pool,
      schema,
      group,
      holder: `${holder}/${this.#running.length}`,
      partitions: partitionsOf(consumer, topics),
      leaseMillis: leaseMillis ?? LEASE_MILLIS,
      handleLimitMillis: handleLimitMillis ?? HANDLE_LIMIT_MILLIS,
      onError: (error) => onError?.(error, group),
    });
    const running = runConsumer(consumer, { logs: topics, membership }, this.#options);
    this.#running.push(running);
    return running;
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.map((running) => running.stop()));
  }
}

/** The owner of a partition owns it in every topic, so that all must have the same number. */
function partitionsOf(consumer: Consumer, topics: ReadonlyMap<string, LogReader>): number {
  const counts = consumer.topics.map((topic) => {
    const reader = topics.get(topic);
    if (reader === undefined) throw new Error(`group ${consumer.group} reads topic ${topic}, which no log carries`);
    return { topic, partitions: reader.partitions };
  });
  const [first] = counts;
  if (first === undefined) throw new Error(`group ${consumer.group} reads no topic`);
  for (const { topic, partitions } of counts)
    if (partitions !== first.partitions) throw new PartitionCountError(topic, first.partitions, partitions);
  return first.partitions;
}
