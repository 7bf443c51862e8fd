import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, PartitionProgress, RunningConsumer } from '@jifen/messaging';
import type { Admin, EachBatchPayload, Kafka, OffsetsByTopicPartition } from 'kafkajs';
import { asError } from './backoff.ts';
import { Flow } from './flow.ts';
import type { GroupTiming } from './kafka.ts';
import type { KafkaLogger } from './logger.ts';
import { Membership } from './membership.ts';
import { messageOf } from './record.ts';
import {
  ADMIN_TIMEOUT_MS,
  DROPPED_PAUSE_MS,
  HINT_INTERVAL_MS,
  PROBE_INTERVAL_MS,
  STOP_TIMEOUT_MS,
} from './settings.ts';
import { within } from './within.ts';

export interface GroupConsumerOptions {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly consumer: Consumer;
  /** Of every topic. */
  readonly partitions: number;
  readonly logger: KafkaLogger;
  readonly timing: GroupTiming;
}

const clock = (): number => performance.now();

/** A member of the group at work: the membership fetches, the flow handles. */
class GroupConsumer implements RunningConsumer {
  readonly group: string;
  readonly #options: GroupConsumerOptions;
  readonly #membership: Membership;
  readonly #flow: Flow;
  #probe: NodeJS.Timeout | undefined;
  #commit: ((offsets: OffsetsByTopicPartition) => Promise<void>) | undefined;
  #hintedAt = 0;
  #aloneSince = clock();
  #crash: Error | undefined;
  /** Why the broker could not tell last how far the topics are. */
  #unanswered: Error | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: GroupConsumerOptions) {
    const { consumer, logger, ...connection } = options;
    this.#options = options;
    this.group = consumer.group;
    this.#membership = new Membership({
      ...connection,
      group: consumer.group,
      topics: consumer.topics,
      logger,
      owned: () => this.#flow.lanes().map(({ partition }) => partition),
      joined: (partitions) => {
        this.#crash = undefined;
        this.#flow.assign(partitions);
      },
      left: () => this.#leave(),
      crashed: (error) => this.#crashed(error),
      eachBatch: (payload) => this.#eachBatch(payload),
    });
    this.#flow = new Flow({ consumer, clock, logger, feed: this.#membership });
  }

  async start(): Promise<void> {
    this.#flow.start();
    await this.#membership.start();
    this.#probe = setInterval(() => void this.#look(), PROBE_INTERVAL_MS).unref();
  }

  owned(): readonly number[] {
    return this.#flow.lanes().flatMap(({ held, partition }) => (held ? [partition] : []));
  }

  async progress(): Promise<readonly PartitionProgress[]> {
    const { admin, consumer } = this.#options;
    const progress: PartitionProgress[] = [];
    for (const topic of consumer.topics) {
      // Looked at before the ends are asked for, so that no offset is ahead of its end.
      const read = new Map(
        this.#flow
          .lanes()
          .flatMap(({ held, partition, next }): [number, number | undefined][] =>
            held ? [[partition, next.get(topic)]] : [],
          ),
      );
      const ends = await within(ADMIN_TIMEOUT_MS, `asking for the ends of ${topic}`, admin.fetchTopicOffsets(topic));
      for (const { partition, high, low } of ends) {
        if (!read.has(partition)) continue;
        progress.push({ topic, partition, offset: read.get(partition) ?? Number(low), end: Number(high) });
      }
    }
    return progress;
  }

  stalledFor(): number {
    const now = clock();
    if (!this.#flow.assigned) return now - this.#aloneSince;
    return Math.max(0, ...this.#flow.lanes().map(({ progressAt }) => now - progressAt));
  }

  lastError(): Error | undefined {
    return this.#crash ?? this.#flow.lastError() ?? this.#unanswered;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const { logger } = this.#options;
    clearInterval(this.#probe);
    await this.#flow.stop();
    try {
      await within(STOP_TIMEOUT_MS, 'the last hint', this.#hint());
      await within(STOP_TIMEOUT_MS, 'leaving the group', this.#membership.stop());
    } catch (error) {
      logger.warn({ group: this.group, err: error }, 'left the group without a goodbye: its session has to time out');
    }
    this.#flow.release();
  }

  async #eachBatch({
    batch,
    heartbeat,
    isRunning,
    isStale,
    resolveOffset,
    commitOffsetsIfNecessary,
  }: EachBatchPayload): Promise<void> {
    if (!isRunning() || isStale()) return;
    this.#commit = commitOffsetsIfNecessary;
    const { topic, partition } = batch;
    this.#flow.checkEnd(topic, partition, Number(batch.highWatermark));
    const messages = batch.messages.map((record) => messageOf(topic, partition, record));
    const handled = await this.#flow.offer(topic, partition, messages, heartbeat);
    const last = batch.messages.at(-1);
    if (!handled) {
      await sleep(DROPPED_PAUSE_MS);
      return;
    }
    if (last === undefined) return;
    resolveOffset(last.offset);
    if (clock() - this.#hintedAt >= HINT_INTERVAL_MS) void this.#hint();
  }

  /** The group's offsets, for the operators' tools; where to read from is the consumer's own business. */
  async #hint(): Promise<void> {
    this.#hintedAt = clock();
    const lanes = this.#flow.lanes();
    const topics = this.#options.consumer.topics.map((topic) => ({
      topic,
      partitions: lanes.flatMap(({ partition, next }) => {
        const offset = next.get(topic);
        return offset === undefined ? [] : [{ partition, offset: String(offset) }];
      }),
    }));
    try {
      await this.#commit?.({ topics: topics.filter(({ partitions }) => partitions.length > 0) });
    } catch (error) {
      this.#options.logger.debug({ group: this.group, err: error }, 'the hint was not taken');
    }
  }

  #leave(): void {
    // However often it tries in vain, it has been alone since the first time.
    if (this.#flow.assigned) this.#aloneSince = clock();
    this.#flow.unassign();
  }

  #crashed(error: Error): void {
    this.#crash = error;
    this.#leave();
    this.#flow.release();
  }

  /** An idle partition makes progress by having nothing left to do. */
  async #look(): Promise<void> {
    const now = clock();
    const quiet = this.#flow
      .lanes()
      .filter(({ epoch, progressAt }) => epoch !== undefined && now - progressAt > PROBE_INTERVAL_MS);
    if (quiet.length === 0) this.#unanswered = undefined;
    if (quiet.length === 0 || this.#stopped !== undefined) return;
    try {
      const progress = await this.progress();
      this.#unanswered = undefined;
      const behind = new Set(progress.filter(({ offset, end }) => offset < end).map(({ partition }) => partition));
      const seen = new Set(progress.map(({ partition }) => partition));
      for (const { topic, partition, offset, end } of progress) this.#flow.checkEnd(topic, partition, end, offset);
      for (const lane of quiet) {
        if (lane.lastError === undefined && seen.has(lane.partition) && !behind.has(lane.partition))
          lane.progressAt = now;
      }
    } catch (thrown) {
      const cause = asError(thrown);
      this.#unanswered = new Error(`Kafka does not answer: ${cause.message}`, { cause });
      this.#options.logger.debug({ group: this.group, err: this.#unanswered }, 'the ends of the topics are not known');
    }
  }
}

export async function startGroupConsumer(options: GroupConsumerOptions): Promise<RunningConsumer> {
  const running = new GroupConsumer(options);
  await running.start();
  return running;
}
