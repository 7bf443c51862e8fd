import type { LogReader } from '@jifen/event-store';
import { present } from '@jifen/kernel';
import type { PartitionClaim, PartitionProgress } from './bus.ts';
import { Lane } from './lane.ts';
import type { Message } from './message.ts';
import { Room } from './room.ts';
import { TopicHeads } from './topic-heads.ts';

/** Reads of the logs in flight at once. */
const READS_AT_ONCE = 4;
/** Text of one batch, at most, unless a single message is larger. */
const MAX_BATCH_LENGTH = 8_000_000;
/**
 * A writer in the same process that gets so far ahead of this reader waits for it, so that the reader finds in memory what
 * it reads. Nobody waits for a reader that does not move, or that is so far behind that it reads from the disk anyway.
 */
const BEHIND = { from: 1_000, to: 20_000, waitMillis: 1_000, movingMillis: 2_000 } as const;

/** Merges what the claimed partitions have to read, in all topics, fairly into batches. */
export class Intake {
  readonly #logs: ReadonlyMap<string, LogReader>;
  readonly #heads: ReadonlyMap<string, TopicHeads>;
  readonly #lanes = new Map<number, readonly Lane[]>();
  readonly #room = new Room();
  #turn = 0;
  #moved = -Infinity;

  constructor(logs: ReadonlyMap<string, LogReader>, changed: () => void) {
    this.#logs = logs;
    const room = (): Promise<void> | undefined => {
      changed();
      return this.#isBehind() ? this.#room.until(BEHIND.waitMillis) : undefined;
    };
    this.#heads = new Map([...logs].map(([topic, reader]) => [topic, new TopicHeads(reader, room)]));
  }

  open({ partition, offsets }: PartitionClaim): void {
    const lanes = [...this.#logs].map(
      ([topic, reader]) =>
        new Lane(topic, partition, reader, present(this.#heads.get(topic), topic), offsets[topic] ?? 0),
    );
    this.#lanes.set(partition, lanes);
  }

  close(partition: number): void {
    this.#lanes.delete(partition);
  }

  /** Other processes may have written: the next `take` looks. */
  expire(): void {
    for (const heads of this.#heads.values()) heads.expire();
  }

  /** Up to `max` messages of the partitions given, an equal share of each lane first. Empty: all is read. */
  async take(partitions: readonly number[], max: number): Promise<readonly Message[]> {
    const lanes = await this.#readyLanes(partitions);
    const batch: Message[] = [];
    let length = 0;
    for (const share of [Math.max(1, Math.floor(max / Math.max(1, lanes.length))), max]) {
      for (const lane of lanes) {
        for (let taken = 0; taken < share && batch.length < max && length < MAX_BATCH_LENGTH; taken++) {
          const message = lane.take();
          if (message === undefined) break;
          batch.push(message);
          length += message.value.length;
        }
      }
    }
    return batch;
  }

  handled(messages: readonly Message[]): void {
    for (const message of messages)
      for (const lane of this.#lanes.get(message.partition) ?? [])
        if (lane.topic === message.topic) lane.handled(message.offset);
    this.#moved = performance.now();
    if (!this.#isBehind()) this.#room.open();
  }

  async progress(partitions: readonly number[]): Promise<readonly PartitionProgress[]> {
    this.expire();
    await this.#refresh();
    return this.#of(partitions).map(({ topic, partition, offset, end }) => ({ topic, partition, offset, end }));
  }

  stop(): void {
    for (const heads of this.#heads.values()) heads.close();
    this.#lanes.clear();
    this.#room.open();
  }

  #isBehind(): boolean {
    if (performance.now() - this.#moved > BEHIND.movingMillis) return false;
    let waiting = 0;
    for (const lanes of this.#lanes.values()) for (const { end, offset } of lanes) waiting += end - offset;
    return waiting > BEHIND.from && waiting < BEHIND.to;
  }

  #of(partitions: readonly number[]): readonly Lane[] {
    return partitions.flatMap((partition) => this.#lanes.get(partition) ?? []);
  }

  async #refresh(): Promise<void> {
    await Promise.all([...this.#heads.values()].map((heads) => heads.refresh()));
  }

  /** Filled, and beginning with another one each time, so that none is always last. */
  async #readyLanes(partitions: readonly number[]): Promise<readonly Lane[]> {
    if (partitions.length === 0) return [];
    await this.#refresh();
    const ready = this.#of(partitions).filter((lane) => lane.ready);
    const first = ready.length === 0 ? 0 : this.#turn++ % ready.length;
    const turned = [...ready.slice(first), ...ready.slice(0, first)];
    const waiting = [...turned];
    const worker = async (): Promise<void> => {
      for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift()) await lane.fill();
    };
    await Promise.all(Array.from({ length: READS_AT_ONCE }, worker));
    return turned.filter((lane) => lane.hasAhead);
  }
}
