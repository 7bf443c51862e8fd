import type { LogReader, StoredEvent } from '@jifen/event-store';
import type { Membership, PartitionProgress, RunningConsumer } from '@jifen/messaging';
import type { Kafka, Producer } from 'kafkajs';
import { asError, backoffMs } from '../backoff.ts';
import { orderedProducer } from '../kafka.ts';
import type { KafkaLogger } from '../logger.ts';
import { START_TIMEOUT_MS, STOP_TIMEOUT_MS } from '../settings.ts';
import { within } from '../within.ts';
import { RelayLane } from './lane.ts';
import { EventTooLargeError, isTooLarge, publish } from './publisher.ts';
import { type Load, takeLoads } from './take.ts';

/** A log that remembers how far it was published. */
export interface PublishedLogReader extends LogReader {
  published(partition: number): Promise<number>;
  /** Never goes back. */
  movePublished(partition: number, position: number): Promise<void>;
}

export interface RelayOptions {
  readonly kafka: Kafka;
  readonly store: PublishedLogReader;
  readonly topic: string;
  /** Which partitions this process publishes: one owner each, as far as leases can tell. A second one only makes duplicates. */
  readonly membership: Membership;
  readonly logger: KafkaLogger;
  /** How long a request waits for company; default 5 ms. */
  readonly lingerMillis?: number;
  /** Longest wait without looking whether there is something to publish; default 500 ms. */
  readonly pollMillis?: number;
}

const READ_LIMIT = 1000;
const LINGER_MS = 5;
const POLL_MS = 500;
/** `published` lies in the partition's hot row, so it is moved rarely: a crash publishes what is not recorded once more. */
const RECORD_INTERVAL_MS = 1000;
/** The broker's limit does not change by itself. */
const TOO_LARGE_WAIT_MS = 30_000;

const clock = (): number => performance.now();

/** Publishes a log in order, at least once, and remembers how far. One send is in flight at a time. */
class Relay implements RunningConsumer {
  readonly group: string;
  readonly #options: RelayOptions;
  readonly #producer: Producer;
  readonly #lanes = new Map<number, RelayLane>();
  readonly #unsubscribe: (() => void)[] = [];
  #wake: () => void = () => undefined;
  #woken = false;
  #headsAt = -Infinity;
  #lookAtHeads = true;
  #turn = 0;
  #stopping = false;
  #failures = 0;
  #storeError: Error | undefined;
  #loop: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.group = `relay:${options.topic}`;
    this.#producer = orderedProducer(options.kafka);
  }

  async start(): Promise<void> {
    const { store, membership } = this.#options;
    await within(START_TIMEOUT_MS, 'finding a Kafka broker', this.#producer.connect());
    this.#unsubscribe.push(
      store.onCommitted((events, elsewhere) => this.#committed(events, elsewhere)),
      membership.onChange(() => this.#rouse()),
    );
    this.#loop = this.#run();
  }

  owned(): readonly number[] {
    return [...this.#lanes.keys()].sort((a, b) => a - b);
  }

  async progress(): Promise<readonly PartitionProgress[]> {
    const heads = await this.#options.store.heads();
    return [...this.#lanes.values()].map(({ partition, acked }) => ({
      topic: this.#options.topic,
      partition,
      offset: acked,
      end: Math.max(acked, heads[partition] ?? 0),
    }));
  }

  stalledFor(): number {
    const now = clock();
    return Math.max(0, ...[...this.#lanes.values()].map(({ progressAt }) => now - progressAt));
  }

  lastError(): Error | undefined {
    return this.#storeError ?? [...this.#lanes.values()].find(({ lastError }) => lastError !== undefined)?.lastError;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const { logger, membership, topic } = this.#options;
    this.#stopping = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#rouse();
    try {
      // Against a broker that is away a send tries for ever; what it has in hand is sent again by the next owner.
      await within(STOP_TIMEOUT_MS, 'the send in hand', this.#loop);
      await this.#record([...this.#lanes.values()]);
    } catch (error) {
      logger.warn({ topic, err: error }, 'the relay stops with a send in hand');
    }
    this.#lanes.clear();
    await membership.leave();
    await within(STOP_TIMEOUT_MS, 'disconnecting', this.#producer.disconnect()).catch((error: unknown) =>
      logger.warn({ topic, err: error }, 'the producer did not disconnect'),
    );
  }

  #rouse(): void {
    this.#woken = true;
    this.#wake();
  }

  #committed(events: readonly StoredEvent[], elsewhere: boolean): void {
    // The heads tell where another process appended.
    if (elsewhere) this.#lookAtHeads = true;
    else if (events.length === 0) return;
    for (const event of events) this.#lanes.get(event.partition)?.push(event);
    this.#rouse();
  }

  async #run(): Promise<void> {
    const { logger, topic, lingerMillis = LINGER_MS } = this.#options;
    while (!this.#stopping) {
      this.#woken = false;
      try {
        await this.#followMembership();
        await this.#readBack();
        this.#failures = 0;
        this.#storeError = undefined;
      } catch (thrown) {
        this.#failures++;
        this.#storeError = asError(thrown);
        logger.warn({ topic, err: thrown }, 'the log could not be read for publishing');
        await this.#wait(backoffMs(this.#failures));
        continue;
      }
      const loads = takeLoads(this.#ready(), this.#turn++);
      if (loads.length === 0) {
        await this.#settle();
        await this.#wait(this.#patience());
        // Company that comes within the linger shares the request.
        if (this.#woken && !this.#stopping) await new Promise((resolve) => setTimeout(resolve, lingerMillis));
        continue;
      }
      await this.#send(loads);
      await this.#settle();
    }
  }

  #ready(): readonly RelayLane[] {
    const now = clock();
    return [...this.#lanes.values()].filter(({ sendAt }) => sendAt <= now);
  }

  #patience(): number {
    const { pollMillis = POLL_MS } = this.#options;
    const due = [...this.#lanes.values()]
      .filter(({ buffered }) => buffered.length > 0)
      .map(({ sendAt }) => sendAt - clock());
    return Math.max(1, Math.min(pollMillis, ...due));
  }

  async #wait(limitMs: number): Promise<void> {
    if (this.#woken || this.#stopping) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, limitMs);
    });
    clearTimeout(timer);
  }

  async #followMembership(): Promise<void> {
    const { membership, store } = this.#options;
    const held = new Set(membership.held());
    const lost = [...this.#lanes.values()].filter(({ partition }) => !held.has(partition));
    if (lost.length > 0) {
      await this.#record(lost);
      for (const { partition } of lost) this.#lanes.delete(partition);
      await membership.released(lost.map(({ partition }) => partition));
    }
    const gained = [...held].filter((partition) => !this.#lanes.has(partition));
    const published = await Promise.all(gained.map((partition) => store.published(partition)));
    gained.forEach((partition, index) =>
      this.#lanes.set(partition, new RelayLane(partition, published[index] ?? 0, clock())),
    );
  }

  async #readBack(): Promise<void> {
    const { store, pollMillis = POLL_MS } = this.#options;
    const now = clock();
    if (this.#lookAtHeads || now - this.#headsAt >= pollMillis) {
      this.#lookAtHeads = false;
      this.#headsAt = now;
      const heads = await store.heads();
      for (const lane of this.#lanes.values()) {
        if ((heads[lane.partition] ?? 0) > lane.tail) lane.behind = true;
        else if (lane.buffered.length === 0) lane.progressAt = clock();
      }
    }
    for (const lane of this.#lanes.values()) {
      const limit = Math.min(READ_LIMIT, lane.room);
      if (!lane.behind || limit === 0) continue;
      lane.behind = false;
      try {
        const events = await store.readLog(lane.partition, lane.tail, limit);
        for (const event of events) lane.push(event);
        if (events.length === limit) lane.behind = true;
      } catch (error) {
        lane.behind = true;
        throw error;
      }
    }
  }

  /** A request that is refused is sent lane by lane, and a lane that is refused event by event: so only the bad one waits. */
  async #send(loads: readonly Load[]): Promise<void> {
    const { topic } = this.#options;
    const now = clock;
    try {
      await publish(
        this.#producer,
        topic,
        loads.flatMap(({ events }) => events),
      );
      for (const { lane, events } of loads) lane.ack(events.length, now());
    } catch (thrown) {
      const error = asError(thrown);
      const [only] = loads;
      if (loads.length > 1) {
        for (const load of loads) await this.#send([load]);
      } else if (only !== undefined && only.events.length > 1 && isTooLarge(error)) {
        const half = Math.ceil(only.events.length / 2);
        const before = only.lane.acked;
        await this.#send([{ lane: only.lane, events: only.events.slice(0, half) }]);
        const sent = only.lane.acked - before;
        if (sent === half) await this.#send([{ lane: only.lane, events: only.events.slice(half) }]);
      } else if (only !== undefined) this.#refused(only.lane, error);
    }
  }

  #refused(lane: RelayLane, error: Error): void {
    const { logger, topic } = this.#options;
    const wait = error instanceof EventTooLargeError ? TOO_LARGE_WAIT_MS : backoffMs(lane.failures + 1);
    lane.failed(error, clock(), wait);
    logger.error({ topic, partition: lane.partition, err: error }, 'a partition cannot be published');
  }

  /** Records what was published since the last time, now and then. */
  async #settle(): Promise<void> {
    const now = clock();
    const due = [...this.#lanes.values()].filter(
      ({ recorded, acked, recordedAt }) => recorded < acked && now - recordedAt >= RECORD_INTERVAL_MS,
    );
    try {
      await this.#record(due);
    } catch (error) {
      this.#options.logger.warn({ topic: this.#options.topic, err: error }, 'what was published could not be recorded');
    }
  }

  async #record(lanes: readonly RelayLane[]): Promise<void> {
    const due = lanes.filter(({ recorded, acked }) => recorded < acked);
    await Promise.all(
      due.map(async (lane) => {
        const { acked } = lane;
        await this.#options.store.movePublished(lane.partition, acked);
        lane.recorded = acked;
        lane.recordedAt = clock();
      }),
    );
  }
}

/** Starts to publish the log as the topic; the topic has to exist with as many partitions as the log. */
export async function createRelay(options: RelayOptions): Promise<RunningConsumer> {
  const relay = new Relay(options);
  await relay.start();
  return relay;
}
