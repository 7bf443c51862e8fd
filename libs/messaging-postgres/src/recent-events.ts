import type { StoredEvent } from '@jifen/event-store';

/** What an event takes besides its data: fields, hash. */
const EVENT_OVERHEAD = 600;
/** The value beside its text: about so many bytes a character. */
const CONTENT_SHARE = 2;

export interface RecentLimits {
  readonly records: number;
  readonly bytes: number;
}

/**
 * The last events of a partition, one position after the other without a gap, oldest out first; and those that every reader
 * has taken, so that they need not be kept, and collected, for as long as it takes to fill up.
 */
export class RecentEvents {
  readonly #limits: RecentLimits;
  #events: StoredEvent[] = [];
  /** How often each was taken. */
  #taken: number[] = [];
  /** Index of the oldest that still counts; those before it wait to be cut off. */
  #first = 0;
  #bytes = 0;

  constructor(limits: RecentLimits) {
    this.#limits = limits;
  }

  /** An event that does not follow the last one starts anew: what lies between was written elsewhere. */
  add(event: StoredEvent): void {
    const last = this.#events.at(-1);
    if (last !== undefined && event.position <= last.position) return;
    if (last !== undefined && event.position !== last.position + 1) this.#clear();
    this.#events.push(event);
    this.#taken.push(0);
    this.#bytes += sizeOf(event);
    this.#trim();
  }

  /** Events after the position, or undefined when the oldest of them is not here. Of so many readers each asks once; 0: nobody knows. */
  after(position: number, limit: number, readers: number): readonly StoredEvent[] | undefined {
    const oldest = this.#events[this.#first];
    if (oldest === undefined) return undefined;
    const from = position + 1 - oldest.position;
    if (from < 0 || this.#first + from >= this.#events.length) return undefined;
    const start = this.#first + from;
    const found = this.#events.slice(start, start + limit);
    for (let at = start; at < start + found.length; at++) this.#taken[at] = (this.#taken[at] ?? 0) + 1;
    if (readers > 0) this.#letGo(readers);
    return found;
  }

  #letGo(readers: number): void {
    while (this.#length() > 0 && (this.#taken[this.#first] ?? 0) >= readers) this.#drop();
    this.#cut();
  }

  #trim(): void {
    while (this.#length() > this.#limits.records || (this.#bytes > this.#limits.bytes && this.#length() > 1))
      this.#drop();
    this.#cut();
  }

  #drop(): void {
    const oldest = this.#events[this.#first++];
    if (oldest !== undefined) this.#bytes -= sizeOf(oldest);
  }

  #cut(): void {
    if (this.#first <= this.#events.length / 2) return;
    this.#events = this.#events.slice(this.#first);
    this.#taken = this.#taken.slice(this.#first);
    this.#first = 0;
  }

  #length(): number {
    return this.#events.length - this.#first;
  }

  #clear(): void {
    this.#events = [];
    this.#taken = [];
    this.#first = 0;
    this.#bytes = 0;
  }
}

const sizeOf = ({ data, content }: StoredEvent): number =>
  data.length * (content === undefined ? 1 : 1 + CONTENT_SHARE) + EVENT_OVERHEAD;
