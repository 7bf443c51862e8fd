import type { LogReader } from '@jifen/event-store';
import type { Message } from './message.ts';
import type { TopicHeads } from './topic-heads.ts';
import { messageOfEvent } from './wire.ts';

/** Records of one lane that are read ahead at most, fewer when they are large. */
const READ_AHEAD = 500;
const READ_AHEAD_BYTES = 2_000_000;

/** One topic in one partition: what is read ahead, and how far it was handled. */
export class Lane {
  readonly topic: string;
  readonly partition: number;
  readonly #reader: LogReader;
  readonly #heads: TopicHeads;
  #ahead: readonly Message[] = [];
  #taken = 0;
  #next: number;
  #handled: number;
  #recordBytes = 1;

  constructor(topic: string, partition: number, reader: LogReader, heads: TopicHeads, offset: number) {
    this.topic = topic;
    this.partition = partition;
    this.#reader = reader;
    this.#heads = heads;
    this.#next = Math.max(offset, 1);
    this.#handled = this.#next;
  }

  /** Offset of the next message to handle; positions of a log begin at 1. */
  get offset(): number {
    return this.#handled;
  }

  /** Offset behind the last message. */
  get end(): number {
    return Math.max(this.#heads.of(this.partition) + 1, this.#handled);
  }

  get ready(): boolean {
    return this.hasAhead || this.#next <= this.#heads.of(this.partition);
  }

  get hasAhead(): boolean {
    return this.#taken < this.#ahead.length;
  }

  async fill(): Promise<void> {
    if (this.hasAhead || !this.ready) return;
    const limit = Math.max(1, Math.min(READ_AHEAD, Math.floor(READ_AHEAD_BYTES / this.#recordBytes)));
    const events = await this.#reader.readLog(this.partition, this.#next - 1, limit);
    const last = events.at(-1);
    if (last === undefined) return this.#heads.lower(this.partition, this.#next - 1);
    this.#ahead = events.map((event) => messageOfEvent(event, this.topic));
    this.#taken = 0;
    this.#next = last.position + 1;
    this.#recordBytes = Math.max(1, events.reduce((sum, { data }) => sum + data.length, 0) / events.length);
  }

  take(): Message | undefined {
    return this.#ahead[this.#taken++];
  }

  handled(offset: number): void {
    this.#handled = Math.max(this.#handled, offset + 1);
  }
}
