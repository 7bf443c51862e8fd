import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, PartitionProgress, RunningConsumer } from '@jifen/messaging';
import type { Admin, EachBatchPayload, Consumer as KafkaConsumer, Kafka, OffsetsByTopicPartition } from 'kafkajs';
import { coPartitioned } from './assigner.ts';
import { asError } from './backoff.ts';
import { type Feed, Flow } from './flow.ts';
import { type GroupTiming, groupMember } from './kafka.ts';
import { isPassing, type KafkaLogger } from './logger.ts';
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

function feedOf(member: KafkaConsumer, topics: readonly string[], logger: KafkaLogger): Feed {
  // Between a crash and the restart there is no group to pause or seek in; the next join pauses all anew.
  const safely = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      logger.debug({ err: error }, 'the consumer is between two runs');
    }
  };
  return {
    pause: (partitions) => safely(() => member.pause(topics.map((topic) => ({ topic, partitions: [...partitions] })))),
    resume: (partition, offsets) =>
      safely(() => {
        for (const topic of topics) member.seek({ topic, partition, offset: String(offsets[topic] ?? 0) });
        member.resume(topics.map((topic) => ({ topic, partitions: [partition] })));
      }),
  };
}

/** A member of the group at work: kafkajs fetches and keeps the membership, the flow handles. */
class GroupConsumer implements RunningConsumer {
  readonly group: string;
  readonly #options: GroupConsumerOptions;
  readonly #member: KafkaConsumer;
  readonly #flow: Flow;
  #probe: NodeJS.Timeout | undefined;
  #commit: ((offsets: OffsetsByTopicPartition) => Promise<void>) | undefined;
  #hintedAt = 0;
  #aloneSince = clock();
  #dead: Error | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: GroupConsumerOptions) {
    const { kafka, consumer, logger, timing } = options;
    this.#options = options;
    this.group = consumer.group;
    const owned = (): readonly number[] => this.#flow.lanes().map(({ partition }) => partition);
    this.#member = groupMember(kafka, consumer.group, coPartitioned(owned), timing);
    this.#flow = new Flow({ consumer, clock, logger, feed: feedOf(this.#member, consumer.topics, logger) });
  }

  async start(): Promise<void> {
    const { consumer, partitions } = this.#options;
    const member = this.#member;
    member.on(member.events.GROUP_JOIN, ({ payload }) => {
      const assigned = Object.values(payload.memberAssignment).flat();
      this.#flow.assign([...new Set(assigned)].sort((a, b) => a - b));
    });
    member.on(member.events.REBALANCING, () => this.#leave());
    member.on(member.events.CRASH, ({ payload }) => this.#crashed(payload.error, payload.restart));
    await member.connect();
    await member.subscribe({ topics: [...consumer.topics], fromBeginning: true });
    this.#flow.start();
    await member.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // All partitions of a fetch are offered at once, and the flow merges them.
      partitionsConsumedConcurrently: partitions * consumer.topics.length,
      eachBatch: (payload) => this.#eachBatch(payload),
    });
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
    if (this.#dead !== undefined || !this.#flow.assigned) return now - this.#aloneSince;
    return Math.max(0, ...this.#flow.lanes().map(({ progressAt }) => now - progressAt));
  }

  lastError(): Error | undefined {
    return this.#dead ?? this.#flow.lastError();
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
      await within(STOP_TIMEOUT_MS, 'leaving the group', this.#member.disconnect());
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
    this.#aloneSince = clock();
    this.#flow.unassign();
  }

  #crashed(error: Error, restart: boolean): void {
    const { logger } = this.#options;
    this.#leave();
    this.#flow.release();
    if (restart) {
      const level = isPassing(error.message) ? 'debug' : 'warn';
      return logger[level]({ group: this.group, err: error }, 'the consumer restarts');
    }
    this.#dead = error;
    logger.error(
      { group: this.group, err: error },
      'the consumer is dead: only a restart of the process brings it back',
    );
  }

  /** An idle partition makes progress by having nothing left to do. */
  async #look(): Promise<void> {
    const now = clock();
    const quiet = this.#flow
      .lanes()
      .filter(({ epoch, progressAt }) => epoch !== undefined && now - progressAt > PROBE_INTERVAL_MS);
    if (quiet.length === 0 || this.#dead !== undefined || this.#stopped !== undefined) return;
    try {
      const progress = await this.progress();
      const behind = new Set(progress.filter(({ offset, end }) => offset < end).map(({ partition }) => partition));
      const seen = new Set(progress.map(({ partition }) => partition));
      for (const { topic, partition, offset, end } of progress) this.#flow.checkEnd(topic, partition, end, offset);
      for (const lane of quiet) {
        if (lane.lastError === undefined && seen.has(lane.partition) && !behind.has(lane.partition))
          lane.progressAt = now;
      }
    } catch (thrown) {
      this.#options.logger.debug({ group: this.group, err: asError(thrown) }, 'the ends of the topics are not known');
    }
  }
}

export async function startGroupConsumer(options: GroupConsumerOptions): Promise<RunningConsumer> {
  const running = new GroupConsumer(options);
  await running.start();
  return running;
}
