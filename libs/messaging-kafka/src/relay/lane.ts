import type { StoredEvent } from '@jifen/event-store';

/** What a partition may hold in memory; beyond that it reads back from the log. */
const MAX_BUFFERED = 4000;

/** A partition of the log on its way to the topic. Positions have no gaps, so what is missing is always known. */
export class RelayLane {
  /** Position of the last event in the buffer, or of the last one sent. */
  #tail: number;
  #buffer: StoredEvent[] = [];
  /** Whether the log has events after the tail that did not come by themselves. */
  behind = true;
  /** Position up to which the topic has everything. */
  acked: number;
  /** As far as the store knows. */
  recorded: number;
  recordedAt: number;
  failures = 0;
  lastError: Error | undefined;
  /** Nothing is sent before this time. */
  sendAt = 0;
  progressAt: number;

  constructor(
    readonly partition: number,
    published: number,
    now: number,
  ) {
    this.#tail = published;
    this.acked = published;
    this.recorded = published;
    this.recordedAt = now;
    this.progressAt = now;
  }

  get tail(): number {
    return this.#tail;
  }

  get buffered(): readonly StoredEvent[] {
    return this.#buffer;
  }

  /** Room for events that are read back. */
  get room(): number {
    return MAX_BUFFERED - this.#buffer.length;
  }

  /** Takes the event if it is the next one and there is room; otherwise the lane has to read. */
  push(event: StoredEvent): void {
    if (event.position <= this.#tail) return;
    if (event.position !== this.#tail + 1 || this.room === 0) {
      this.behind = true;
      return;
    }
    this.#buffer.push(event);
    this.#tail = event.position;
  }

  /** The topic has the first `count` buffered events. */
  ack(count: number, now: number): void {
    const last = this.#buffer[count - 1];
    if (last === undefined) return;
    this.#buffer = this.#buffer.slice(count);
    this.acked = last.position;
    this.failures = 0;
    this.lastError = undefined;
    this.progressAt = now;
  }

  failed(error: Error, now: number, waitMs: number): void {
    this.failures++;
    this.lastError = error;
    this.sendAt = now + waitMs;
  }
}
