import type { LogReader } from '@jifen/event-store';
import { FencedError } from '@jifen/event-store';
import { present } from '@jifen/kernel';
import type { BackoffLimits } from './backoff.ts';
import { BACKOFF } from './backoff.ts';
import type { Consumer, PartitionProgress, RunningConsumer } from './bus.ts';
import { Intake } from './intake.ts';
import type { Membership } from './membership.ts';
import type { Message } from './message.ts';
import { Precedence } from './precedence.ts';
import { Signal } from './signal.ts';
import { Troubles } from './troubles.ts';

/** Longest wait without looking whether there is something to read. */
const POLL_MILLIS = 500;

export interface RunnerOptions {
  readonly pollMillis?: number;
  readonly backoff?: BackoffLimits;
  /** Of the process; by default nothing is more urgent than a batch. */
  readonly precedence?: Precedence;
  /** Told of every failure, also of those that the next try mends. */
  readonly onError?: (error: Error, group: string) => void;
}

export interface RunnerSource {
  /** Topic → the log that it is. */
  readonly logs: ReadonlyMap<string, LogReader>;
  readonly membership: Membership;
}

/** Reads the logs of a consumer's topics for one member of its group, one batch after the other, until it is stopped. */
export function runConsumer(consumer: Consumer, source: RunnerSource, options: RunnerOptions = {}): RunningConsumer {
  const logs = new Map(consumer.topics.map((topic) => [topic, logOf(source.logs, topic, consumer.group)]));
  return new Runner(consumer, logs, source.membership, options);
}

function logOf(logs: ReadonlyMap<string, LogReader>, topic: string, group: string): LogReader {
  const reader = logs.get(topic);
  if (reader === undefined) throw new Error(`group ${group} reads topic ${topic}, which no log carries`);
  return reader;
}

class Runner implements RunningConsumer {
  readonly #consumer: Consumer;
  readonly #membership: Membership;
  readonly #options: RunnerOptions;
  readonly #wake = new Signal();
  readonly #intake: Intake;
  readonly #troubles: Troubles;
  readonly #precedence: Precedence;
  readonly #owned = new Set<number>();
  /** Epochs of the owned partitions whose offsets can be trusted; after a failure they are claimed again. */
  readonly #epochs = new Map<number, number>();
  readonly #running: Promise<void>;
  #stopped: Promise<void> | undefined;
  #lastProgress = performance.now();

  constructor(
    consumer: Consumer,
    logs: ReadonlyMap<string, LogReader>,
    membership: Membership,
    options: RunnerOptions,
  ) {
    this.#consumer = consumer;
    this.#membership = membership;
    this.#options = options;
    this.#intake = new Intake(logs, () => this.#wake.raise());
    this.#precedence = options.precedence ?? new Precedence();
    this.#troubles = new Troubles(options.backoff ?? BACKOFF, Math.random);
    const unsubscribe = membership.onChange(() => this.#wake.raise());
    this.#running = this.#run().finally(unsubscribe);
  }

  get group(): string {
    return this.#consumer.group;
  }

  owned(): readonly number[] {
    return [...this.#owned].sort((a, b) => a - b);
  }

  progress(): Promise<readonly PartitionProgress[]> {
    return this.#intake.progress(this.owned());
  }

  stalledFor(): number {
    return performance.now() - this.#lastProgress;
  }

  lastError(): Error | undefined {
    return this.#troubles.lastError();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#wake.raise();
    await this.#running;
    this.#intake.stop();
    if (this.#owned.size > 0) this.#consumer.release(this.owned());
    this.#owned.clear();
    await this.#membership.leave();
  }

  async #run(): Promise<void> {
    while (this.#stopped === undefined) {
      let batch: readonly Message[] = [];
      const began = performance.now();
      const most = this.#precedence.shareOf(this.#consumer.maxBatch);
      try {
        this.#wake.lower();
        await this.#settleOwnership();
        const among = this.#troubles.among([...this.#epochs.keys()], performance.now());
        batch = await this.#intake.take(among, most);
        if (batch.length > 0) await this.#precedence.inTurn(() => this.#handle(batch));
        else await this.#idle(among);
      } catch (error) {
        await this.#recover(batch, error instanceof Error ? error : new Error(String(error)));
        continue;
      }
      // A batch that was small for its price lets more come before the next.
      if (batch.length > 0 && batch.length * 2 < most) await this.#rest(began + (this.#consumer.gatherMillis ?? 0));
    }
  }

  async #handle(messages: readonly Message[]): Promise<void> {
    const partitions = partitionsOf(messages);
    const epochs = new Map(partitions.map((partition) => [partition, present(this.#epochs.get(partition), 'epoch')]));
    await this.#consumer.handle({ messages, epochs });
    this.#intake.handled(messages);
    this.#troubles.succeeded(partitions);
    this.#lastProgress = performance.now();
  }

  /** Lets go what somebody else is to have, claims what is ours or has to be looked at again. */
  async #settleOwnership(): Promise<void> {
    const held = new Set(this.#membership.held());
    const lost = this.owned().filter((partition) => !held.has(partition));
    for (const partition of lost) {
      this.#owned.delete(partition);
      this.#epochs.delete(partition);
      this.#intake.close(partition);
      this.#troubles.forget(partition);
    }
    if (lost.length > 0) {
      this.#consumer.release(lost);
      await this.#membership.released(lost);
    }
    const now = performance.now();
    const wanted = [...held].filter(
      (partition) => !this.#epochs.has(partition) && !this.#troubles.rests(partition, now),
    );
    if (wanted.length === 0) return;
    for (const claim of await this.#consumer.claim(wanted)) {
      this.#owned.add(claim.partition);
      this.#epochs.set(claim.partition, claim.epoch);
      this.#intake.open(claim);
    }
  }

  /** Nothing to read in these partitions. */
  async #idle(among: readonly number[]): Promise<void> {
    const [suspect] = among;
    if (suspect !== undefined && this.#troubles.suspects(suspect)) return this.#troubles.forget(suspect);
    this.#troubles.clear();
    const now = performance.now();
    if (!this.#troubles.anyRests) this.#lastProgress = now;
    const poll = this.#options.pollMillis ?? POLL_MILLIS;
    const woken = await this.#wait(Math.max(1, Math.min(poll, this.#troubles.restUntil - now)));
    if (!woken) this.#intake.expire();
  }

  async #wait(millis: number): Promise<boolean> {
    return this.#stopped !== undefined || (await this.#wake.wait(millis));
  }

  /** Nothing of the batch counts: its partitions are claimed again, after a while. */
  async #recover(batch: readonly Message[], error: Error): Promise<void> {
    const partitions = partitionsOf(batch);
    this.#troubles.failed(partitions, error, performance.now());
    for (const partition of partitions) this.#epochs.delete(partition);
    try {
      this.#options.onError?.(error, this.group);
      if (partitions.length > 0) this.#consumer.release(partitions);
      if (error instanceof FencedError) await this.#membership.refresh();
    } catch (second) {
      this.#troubles.failed([], second instanceof Error ? second : new Error(String(second)), performance.now());
    }
    await this.#rest(this.#troubles.waitUntil);
  }

  async #rest(until: number): Promise<void> {
    for (let now = performance.now(); this.#stopped === undefined && now < until; now = performance.now())
      await this.#wake.wait(until - now);
  }
}

const partitionsOf = (messages: readonly Message[]): readonly number[] => [
  ...new Set(messages.map(({ partition }) => partition)),
];
