import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { coPartitioned } from './assigner.ts';
import { asError, backoffMs } from './backoff.ts';
import type { Feed } from './flow.ts';
import { type GroupTiming, groupMember } from './kafka.ts';
import { isPassing, type KafkaLogger } from './logger.ts';

export interface MembershipOptions {
  readonly kafka: Kafka;
  readonly group: string;
  readonly topics: readonly string[];
  /** Of every topic. */
  readonly partitions: number;
  readonly timing: GroupTiming;
  readonly logger: KafkaLogger;
  /** Partitions that this process has now: it asks to keep them. */
  owned(): readonly number[];
  joined(partitions: readonly number[]): void;
  /** The group is about to be dealt anew. */
  left(): void;
  /** The membership is gone; another is on its way. */
  crashed(error: Error): void;
  eachBatch(payload: EachBatchPayload): Promise<void>;
}

/**
 * Membership of a group that is never given up. kafkajs ends a consumer for good on errors that it takes for final (a
 * coordinator that is not found while the broker still starts), and starts it again on the sockets that it just closed:
 * so each try here is a new consumer, with a new connection.
 */
export class Membership implements Feed {
  readonly #options: MembershipOptions;
  #member: Consumer | undefined;
  #failures = 0;
  #renewal: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  /** Resolves when a first try was made; rejects if not even a broker answered. */
  async start(): Promise<void> {
    const { kafka, group, topics, partitions, timing, owned, joined, left, eachBatch } = this.#options;
    const member = groupMember(kafka, group, coPartitioned(owned), timing);
    this.#member = member;
    member.on(member.events.GROUP_JOIN, ({ payload }) => {
      this.#failures = 0;
      const assigned = Object.values(payload.memberAssignment).flat();
      joined([...new Set(assigned)].sort((a, b) => a - b));
    });
    member.on(member.events.REBALANCING, () => left());
    member.on(member.events.CRASH, ({ payload }) => {
      if (member === this.#member) this.#crashed(payload.error);
    });
    await member.connect();
    await member.subscribe({ topics: [...topics], fromBeginning: true });
    await member.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // All partitions of a fetch are offered at once, and the flow merges them.
      partitionsConsumedConcurrently: partitions * topics.length,
      eachBatch,
    });
  }

  pause(partitions: readonly number[]): void {
    this.#safely((member) =>
      member.pause(this.#options.topics.map((topic) => ({ topic, partitions: [...partitions] }))),
    );
  }

  resume(partition: number, offsets: Readonly<Record<string, number>>): void {
    const { topics } = this.#options;
    this.#safely((member) => {
      for (const topic of topics) member.seek({ topic, partition, offset: String(offsets[topic] ?? 0) });
      member.resume(topics.map((topic) => ({ topic, partitions: [partition] })));
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#renewal);
    await this.#member?.disconnect();
  }

  // Between two members there is no group to pause or seek in; the next join pauses all anew.
  #safely(act: (member: Consumer) => void): void {
    try {
      if (this.#member !== undefined) act(this.#member);
    } catch (error) {
      this.#options.logger.debug({ err: error }, 'the consumer is between two runs');
    }
  }

  #crashed(error: Error): void {
    const { group, logger, crashed } = this.#options;
    this.#member = undefined;
    if (this.#stopped) return;
    crashed(error);
    this.#failures++;
    const retryMs = backoffMs(this.#failures);
    logger[isPassing(error.message) ? 'debug' : 'warn']({ group, err: error, retryMs }, 'the consumer joins anew');
    this.#renewal = setTimeout(() => void this.#renew(), retryMs);
  }

  async #renew(): Promise<void> {
    const { group, logger } = this.#options;
    try {
      await this.start();
      if (this.#stopped) await this.#member?.disconnect();
    } catch (thrown) {
      const failed = this.#member;
      if (failed === undefined) return;
      await failed.disconnect().catch((error: unknown) => logger.debug({ group, err: error }, 'it did not close'));
      this.#crashed(asError(thrown));
    }
  }
}
