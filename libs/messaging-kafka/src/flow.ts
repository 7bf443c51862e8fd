import { FencedError } from '@jifen/event-store';
import type { Batch, Consumer, Message } from '@jifen/messaging';
import { asError, backoffMs } from './backoff.ts';
import { isDealtAnew } from './dealt-anew.ts';
import { Lane, Slice } from './lane.ts';
import type { KafkaLogger } from './logger.ts';
import { type Portion, takePortions } from './portions.ts';
import { HEARTBEAT_INTERVAL_MS } from './settings.ts';

/** What the flow asks of the fetching side. */
export interface Feed {
  /** Nothing more of these partitions, in any topic. */
  pause(partitions: readonly number[]): void;
  /** Reads on: a topic without an offset from its beginning. */
  resume(partition: number, offsets: Readonly<Record<string, number>>): void;
}

export interface FlowOptions {
  readonly consumer: Consumer;
  readonly feed: Feed;
  readonly logger: KafkaLogger;
  /** Monotonic milliseconds. */
  readonly clock: () => number;
}

/**
 * Merges what all owned partitions bring into one batch at a time. One thing happens at a time: a claim or a batch. A
 * partition is claimed before anything of it is handled, and claimed again after each failure; one that failed is tried
 * alone, so that it does not take the others down with it.
 */
export class Flow {
  readonly #options: FlowOptions;
  #lanes = new Map<number, Lane>();
  /** Between assignments nothing is claimed: somebody else may be about to own it. */
  #assigned = false;
  #stopped = false;
  #heartbeat: () => Promise<void> = () => Promise.resolve();
  #wake: () => void = () => undefined;
  #loop: Promise<void> | undefined;

  constructor(options: FlowOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** After a join of the group: what was owned before and is not in the list is released. */
  assign(partitions: readonly number[]): void {
    const { consumer, feed, clock } = this.#options;
    const before = this.#lanes;
    this.#voidAll();
    this.#lanes = new Map(partitions.map((partition) => [partition, new Lane(partition, clock())]));
    for (const [partition, lane] of this.#lanes) lane.progressAt = before.get(partition)?.progressAt ?? lane.progressAt;
    const lost = [...before.keys()].filter((partition) => !this.#lanes.has(partition));
    if (lost.length > 0) consumer.release(lost);
    feed.pause(partitions);
    this.#assigned = true;
    this.#wake();
  }

  /** The group is about to be dealt anew: what waits is dropped, the batch in hand is fenced by the next owner. */
  unassign(): void {
    this.#assigned = false;
    this.#voidAll();
  }

  /** Resolves to whether the messages were handled (false: dropped, they will come again). */
  offer(
    topic: string,
    partition: number,
    messages: readonly Message[],
    heartbeat: () => Promise<void>,
  ): Promise<boolean> {
    const lane = this.#lanes.get(partition);
    if (this.#stopped || lane?.epoch === undefined) return Promise.resolve(false);
    const next = lane.next.get(topic) ?? 0;
    const fresh = messages.filter(({ offset }) => offset >= next);
    if (fresh.length === 0) return Promise.resolve(true);
    const slice = new Slice(topic, fresh);
    lane.queue.push(slice);
    this.#heartbeat = heartbeat;
    this.#wake();
    return slice.done;
  }

  /** A topic that ends before what was read of it was made anew: nothing of it may be taken for the old one's messages. */
  checkEnd(
    topic: string,
    partition: number,
    end: number,
    read = this.#lanes.get(partition)?.next.get(topic) ?? 0,
  ): void {
    const lane = this.#lanes.get(partition);
    if (lane === undefined || end < 0 || read <= end) return;
    lane.lastError = new Error(
      `partition ${partition} of ${topic} ends at ${end}, but was read up to ${read}: was the topic made anew?`,
    );
  }

  lanes(): Lane[] {
    return [...this.#lanes.values()];
  }

  /** Whether the group has dealt, even if it dealt nothing to this member. */
  get assigned(): boolean {
    return this.#assigned;
  }

  lastError(): Error | undefined {
    return this.lanes().find(({ lastError }) => lastError !== undefined)?.lastError;
  }

  /** Drops what waits, and resolves when the batch in hand is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const lane of this.#lanes.values()) lane.void();
    this.#wake();
    await this.#loop;
  }

  release(): void {
    const owned = [...this.#lanes.keys()];
    this.#lanes = new Map();
    if (owned.length > 0) this.#options.consumer.release(owned);
  }

  #voidAll(): void {
    for (const lane of this.#lanes.values()) lane.void();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const claimable = this.#claimable();
      if (claimable.length > 0) {
        await this.#claim(claimable);
        continue;
      }
      const portions = takePortions(this.lanes(), this.#options.consumer.maxBatch);
      if (portions.length > 0) {
        await this.#flush(portions);
        continue;
      }
      await this.#idle(woken);
    }
  }

  async #idle(woken: Promise<void>): Promise<void> {
    const { clock } = this.#options;
    const due = this.#assigned ? this.lanes().filter(({ epoch }) => epoch === undefined) : [];
    if (due.length === 0) return woken;
    const wait = Math.max(1, Math.min(...due.map(({ claimAt }) => claimAt)) - clock());
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, wait);
    });
    await Promise.race([woken, late]);
    clearTimeout(timer);
  }

  #claimable(): readonly Lane[] {
    if (!this.#assigned) return [];
    const now = this.#options.clock();
    return this.lanes().filter(({ epoch, claimAt }) => epoch === undefined && claimAt <= now);
  }

  async #claim(lanes: readonly Lane[]): Promise<void> {
    const { consumer, feed, logger } = this.#options;
    const partitions = lanes.map(({ partition }) => partition);
    try {
      const claims = await consumer.claim(partitions);
      for (const claim of claims) {
        const lane = this.#lanes.get(claim.partition);
        if (lane === undefined || !lanes.includes(lane) || !this.#assigned) continue;
        lane.claimed(claim);
        feed.resume(claim.partition, claim.offsets);
      }
    } catch (thrown) {
      const error = asError(thrown);
      logger.warn({ group: consumer.group, partitions, err: error }, 'partitions could not be claimed');
      for (const lane of lanes) this.#failed(lane, error);
    }
  }

  async #flush(portions: readonly Portion[]): Promise<void> {
    const { consumer, clock, logger } = this.#options;
    const batch: Batch = {
      messages: portions.flatMap(({ messages }) => messages),
      epochs: new Map(portions.map(({ lane }) => [lane.partition, lane.epoch ?? 0])),
    };
    try {
      await consumer.handle(batch);
    } catch (thrown) {
      const error = asError(thrown);
      const lanes = [...new Set(portions.map(({ lane }) => lane))];
      logger.warn(
        { group: consumer.group, partitions: lanes.map(({ partition }) => partition), err: error },
        'a batch failed and will be read again',
      );
      this.#failedBatch(lanes, error);
      for (const { slice } of portions) slice.drop();
      return;
    }
    const now = clock();
    for (const { lane, slice, messages } of portions) {
      const last = messages.at(-1);
      if (last !== undefined) lane.next.set(slice.topic, last.offset + 1);
      lane.failures = 0;
      lane.lastError = undefined;
      lane.progressAt = now;
      slice.advance(messages.length);
      if (slice.left === 0) lane.queue = lane.queue.filter((queued) => queued !== slice);
    }
    await this.#beat();
  }

  /** Between batches the member tells the group that it lives; never from a timer, which would also beat for a hung one. */
  async #beat(): Promise<void> {
    const waiting = this.lanes().flatMap(({ queue }) => queue);
    if (waiting.length === 0) return;
    try {
      await this.#heartbeat();
    } catch (thrown) {
      const error = asError(thrown);
      if (!isDealtAnew(error)) {
        // The client tries again by itself and stays in its group: to let go here would be to wait for a join that never comes.
        return this.#options.logger.debug({ group: this.#options.consumer.group, err: error }, 'a heartbeat failed');
      }
      for (const slice of waiting) slice.fail(error);
      this.unassign();
    }
  }

  #failedBatch(lanes: readonly Lane[], error: Error): void {
    const fenced =
      error instanceof FencedError ? lanes.find(({ partition }) => partition === error.partition) : undefined;
    for (const lane of lanes) {
      if (fenced === undefined || lane === fenced) this.#failed(lane, error);
      else lane.void();
    }
    // Whoever fenced us may own it by the group's word too: the next heartbeat tells, so it comes before the next claim.
    if (fenced !== undefined) fenced.claimAt = this.#options.clock() + HEARTBEAT_INTERVAL_MS;
    this.#options.feed.pause(
      lanes.filter((lane) => this.#lanes.get(lane.partition) === lane).map(({ partition }) => partition),
    );
  }

  #failed(lane: Lane, error: Error): void {
    lane.void();
    lane.failures++;
    lane.lastError = error;
    lane.claimAt = this.#options.clock() + backoffMs(lane.failures);
  }
}
