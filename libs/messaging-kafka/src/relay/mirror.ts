import type { LogReader, StoredEvent } from '@jifen/event-store';
import type { Membership, Mirror, PartitionProgress, RunningConsumer } from '@jifen/messaging';
import type { Admin, Kafka } from 'kafkajs';
import { asError, backoffMs } from '../backoff.ts';
import type { KafkaLogger } from '../logger.ts';
import { ADMIN_RETRY, ADMIN_TIMEOUT_MS, START_TIMEOUT_MS, STOP_TIMEOUT_MS } from '../settings.ts';
import { within } from '../within.ts';
import { MirrorProducer } from './mirror-producer.ts';
import { MAX_BATCH_MESSAGES } from './publisher.ts';

export interface MirrorOptions {
  readonly kafka: Kafka;
  readonly store: LogReader;
  readonly mirror: Mirror;
  /** Which partitions this process mirrors. A second one makes old states come after new ones, which is noticed and mended. */
  readonly membership: Membership;
  readonly logger: KafkaLogger;
  /** How long what happens is gathered, so that a busy stream is written once; default 250 ms. */
  readonly gatherMillis?: number;
  /** How often the ends of the topic are compared with what was written; default 30 s. */
  readonly checkMillis?: number;
}

interface MirrorLane {
  readonly partition: number;
  /** Of the last event that the topic knows of. */
  position: number;
  /** Where the topic's partition ends, if nobody else writes to it. */
  end: number;
  progressAt: number;
}

/** What a lane sends next. */
interface Load {
  readonly lane: MirrorLane;
  /** Of the last event that it covers. */
  readonly position: number;
  readonly records: readonly StoredEvent[];
}

const GATHER_MS = 250;
const CHECK_MS = 30_000;

const clock = (): number => performance.now();

/**
 * Keeps a compacted topic at the last state of each stream. Compaction keeps whatever came last, so an old state that a
 * stopped and forgotten owner still had in hand would stay for ever. Whether one came is known from the offsets: as long as
 * a partition ends where this mirror left it, nobody else wrote. Where it does not, the partition is mirrored from its first
 * event again, which also fills a topic that was made anew.
 */
class RunningMirror implements RunningConsumer {
  readonly group: string;
  readonly #options: MirrorOptions;
  readonly #admin: Admin;
  readonly #producer: MirrorProducer;
  readonly #lanes = new Map<number, MirrorLane>();
  #stopping = false;
  #failures = 0;
  #lastError: Error | undefined;
  #checkedAt = clock();
  #wake: () => void = () => undefined;
  #loop: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  constructor(options: MirrorOptions) {
    this.#options = options;
    this.group = `relay:${options.mirror.topic}`;
    this.#admin = options.kafka.admin({ retry: ADMIN_RETRY });
    this.#producer = new MirrorProducer(options.kafka, options.mirror.topic, options.logger);
  }

  async start(): Promise<void> {
    await within(
      START_TIMEOUT_MS,
      'finding a Kafka broker',
      Promise.all([this.#admin.connect(), this.#producer.connect()]),
    );
    this.#loop = this.#run();
  }

  owned(): readonly number[] {
    return [...this.#lanes.keys()].sort((a, b) => a - b);
  }

  async progress(): Promise<readonly PartitionProgress[]> {
    const { store, mirror } = this.#options;
    const heads = await store.heads();
    return [...this.#lanes.values()].map(({ partition, position }) => ({
      topic: mirror.topic,
      partition,
      offset: position,
      end: Math.max(position, heads[partition] ?? 0),
    }));
  }

  stalledFor(): number {
    const now = clock();
    return Math.max(0, ...[...this.#lanes.values()].map(({ progressAt }) => now - progressAt));
  }

  lastError(): Error | undefined {
    return this.#lastError;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const { logger, membership, mirror } = this.#options;
    this.#stopping = true;
    this.#wake();
    try {
      await within(STOP_TIMEOUT_MS, 'the send in hand', this.#loop);
      await membership.leave();
      const disconnected = Promise.all([this.#producer.disconnect(), this.#admin.disconnect()]);
      await within(STOP_TIMEOUT_MS, 'disconnecting', disconnected);
    } catch (error) {
      logger.warn({ topic: mirror.topic, err: error }, 'the mirror stops with a send in hand');
    }
    this.#lanes.clear();
  }

  async #run(): Promise<void> {
    const { logger, mirror, gatherMillis = GATHER_MS } = this.#options;
    while (!this.#stopping) {
      try {
        await this.#followMembership();
        await this.#compareEnds();
        const { loads, isAll } = await this.#read();
        await this.#send(loads);
        this.#failures = 0;
        this.#lastError = undefined;
        if (isAll) await this.#wait(gatherMillis);
      } catch (thrown) {
        this.#failures++;
        this.#lastError = asError(thrown);
        logger.warn({ topic: mirror.topic, err: thrown }, 'the last states could not be written');
        this.#producer.replace();
        await this.#wait(backoffMs(this.#failures));
      }
    }
  }

  async #wait(millis: number): Promise<void> {
    if (this.#stopping) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, millis);
    });
    clearTimeout(timer);
  }

  async #followMembership(): Promise<void> {
    const { membership, mirror } = this.#options;
    const held = membership.held();
    const lost = this.owned().filter((partition) => !held.includes(partition));
    for (const partition of lost) this.#lanes.delete(partition);
    if (lost.length > 0) await membership.released(lost);
    const gained = held.filter((partition) => !this.#lanes.has(partition));
    if (gained.length === 0) return;
    const ends = await this.#ends();
    for (const partition of gained) {
      const place = await mirror.places.read(partition);
      const end = ends.get(partition) ?? 0;
      const position = place?.end === end ? place.position : 0;
      this.#lanes.set(partition, { partition, position, end, progressAt: clock() });
    }
  }

  async #ends(): Promise<ReadonlyMap<number, number>> {
    const { topic } = this.#options.mirror;
    const offsets = this.#admin.fetchTopicOffsets(topic);
    const ends = await within(ADMIN_TIMEOUT_MS, `asking for the ends of ${topic}`, offsets);
    return new Map(ends.map(({ partition, high }) => [partition, Number(high)]));
  }

  /** Who wrote to a partition that is at rest here is found by looking. */
  async #compareEnds(): Promise<void> {
    const { checkMillis = CHECK_MS } = this.#options;
    if (clock() - this.#checkedAt < checkMillis) return;
    this.#checkedAt = clock();
    const ends = await this.#ends();
    for (const lane of this.#lanes.values()) {
      const end = ends.get(lane.partition) ?? 0;
      if (end !== lane.end) this.#disturbed(lane, end);
    }
  }

  #disturbed(lane: MirrorLane, end: number): void {
    const { logger, mirror } = this.#options;
    const { partition, end: expected } = lane;
    logger.warn({ topic: mirror.topic, partition, expected, end }, 'somebody else wrote: all states are written again');
    lane.position = 0;
    lane.end = end;
  }

  async #read(): Promise<{ readonly loads: readonly Load[]; readonly isAll: boolean }> {
    const { store } = this.#options;
    const heads = await store.heads();
    const loads: Load[] = [];
    let room = MAX_BATCH_MESSAGES;
    let isAll = true;
    // Who was behind longest comes first, so that none starves behind one that is filled anew.
    for (const lane of [...this.#lanes.values()].sort((a, b) => a.progressAt - b.progressAt)) {
      const head = heads[lane.partition] ?? 0;
      // The log is an older copy than the topic's.
      if (head < lane.position) lane.position = 0;
      if (head === lane.position) {
        lane.progressAt = clock();
        continue;
      }
      const events = room === 0 ? [] : await store.readLog(lane.partition, lane.position, room);
      const position = events.at(-1)?.position ?? lane.position;
      isAll &&= position >= head;
      if (events.length === 0) continue;
      const records = this.#lastStates(events);
      room -= records.length;
      loads.push({ lane, position, records });
    }
    return { loads, isAll };
  }

  #lastStates(events: readonly StoredEvent[]): readonly StoredEvent[] {
    const { mirror } = this.#options;
    const last = new Map(events.map((event) => [event.stream, event]));
    return [...last.values()].flatMap((event) => {
      const state = mirror.state(event);
      return state === undefined ? [] : [{ ...event, ...state }];
    });
  }

  async #send(loads: readonly Load[]): Promise<void> {
    if (loads.length === 0) return;
    const { mirror } = this.#options;
    const bases = await this.#producer.send(loads.flatMap(({ records }) => records));
    for (const { lane, position, records } of loads) {
      const base = records.length === 0 ? lane.end : bases.get(lane.partition);
      if (base === lane.end) {
        lane.position = position;
        lane.end += records.length;
        lane.progressAt = clock();
      } else this.#disturbed(lane, (base ?? 0) + records.length);
    }
    const places = loads.map(({ lane: { partition, position, end } }) => [partition, { position, end }] as const);
    await mirror.places.write(new Map(places));
  }
}

/** Starts to keep the mirror's topic, which has to exist with as many partitions as the log. */
export async function createMirror(options: MirrorOptions): Promise<RunningConsumer> {
  const mirror = new RunningMirror(options);
  await mirror.start();
  return mirror;
}
