import { assert, instantFromMillis, InvariantError, type Instant } from '@jifen/kernel';
import { checkEvent } from './check-event.ts';
import { ConcurrencyError } from './errors.ts';
import { eventId, type NewEvent, type StoredEvent } from './event.ts';
import { eventHash } from './hash.ts';
import type { Cursor, DeadLetter, Shard } from './store.ts';

/** A message that waits behind a parked key. */
export interface Parking {
  readonly key: string;
  readonly reason: string;
  readonly message: DeadLetter;
}

interface HeldShard {
  readonly partition: number;
  readonly epoch: number;
  position: number;
  headHash: Uint8Array;
  readonly cursors: Record<string, Cursor>;
  changed: boolean;
}

/**
 * What a transaction has collected and not yet sent: adapters of the port keep one, and write it when the work is done.
 * Positions and hashes are given out here, because the rows they continue are held.
 */
export class TransactionDraft {
  readonly events: StoredEvent[] = [];
  readonly deadLetters: DeadLetter[] = [];
  readonly parkings: Parking[] = [];
  /** Writes of the work's own that are on their way. */
  readonly sent: Promise<unknown>[] = [];
  readonly recordedAt: Instant;
  readonly #log: string;
  readonly #held: ReadonlyMap<number, HeldShard>;
  /** Last event appended here, by stream. */
  readonly #appended = new Map<string, StoredEvent>();
  /** Version that a stream is known to be at. */
  readonly #versions = new Map<string, number>();
  #open = true;

  constructor(log: string, now: number, shards: readonly Shard[]) {
    this.#log = log;
    this.recordedAt = instantFromMillis(now);
    this.#held = new Map(
      shards.map((shard) => [shard.partition, { ...shard, cursors: { ...shard.cursors }, changed: false }]),
    );
  }

  /** Nothing may be read or added any more. */
  end(): void {
    this.#open = false;
  }

  checkOpen(): void {
    assert(this.#open, 'the transaction is over');
  }

  /** Shards that were moved, as they are to be. */
  moved(): readonly Shard[] {
    return [...this.#held.values()].filter((shard) => shard.changed);
  }

  shard(partition: number): Shard {
    const { epoch, position, headHash, cursors } = this.#of(partition);
    return { partition, epoch, position, headHash, cursors: { ...cursors } };
  }

  nextPosition(partition: number): number {
    return this.#of(partition).position + 1;
  }

  append(partition: number, event: NewEvent): { readonly id: string; readonly position: number } {
    this.checkOpen();
    const shard = this.#of(partition);
    checkEvent(event);
    const known = this.#versions.get(event.stream);
    if (known !== undefined && event.version !== known + 1) {
      throw new ConcurrencyError(`${event.stream} is at version ${known}; ${event.version} does not follow`);
    }
    const position = shard.position + 1;
    const stored = storedEvent(shard.headHash, event, {
      log: this.#log,
      partition,
      position,
      recordedAt: this.recordedAt,
    });
    shard.position = position;
    shard.headHash = stored.hash;
    shard.changed = true;
    this.#versions.set(event.stream, event.version);
    this.#appended.set(event.stream, stored);
    this.events.push(stored);
    return { id: eventId(this.#log, partition, position), position };
  }

  advance(partition: number, input: string, cursor: Cursor): void {
    this.checkOpen();
    const shard = this.#of(partition);
    const found = shard.cursors[input];
    const offset = Math.max(cursor.offset, found?.offset ?? 0);
    const sequence = Math.max(cursor.sequence, found?.sequence ?? 0);
    if (found?.offset === offset && found.sequence === sequence) return;
    shard.cursors[input] = { offset, sequence };
    shard.changed = true;
  }

  sending(write: Promise<unknown>): void {
    this.checkOpen();
    // Whoever awaits the draft's writes hears of it; where the work throws first, nobody does.
    write.catch(() => undefined);
    this.sent.push(write);
  }

  deadLetter(letter: DeadLetter): void {
    this.checkOpen();
    this.deadLetters.push(letter);
  }

  park(key: string, reason: string, message: DeadLetter): void {
    this.checkOpen();
    this.parkings.push({ key, reason, message });
  }

  /** Streams whose last event is not one of ours and must be asked for. */
  unknownAmong(streams: readonly string[]): readonly string[] {
    return streams.filter((stream) => !this.#appended.has(stream));
  }

  /** The last events of the streams asked for, from what the store found and what was appended here. */
  lastOf(streams: readonly string[], found: readonly StoredEvent[]): ReadonlyMap<string, StoredEvent> {
    const last = new Map(found.map((event) => [event.stream, event]));
    for (const stream of streams) {
      const appended = this.#appended.get(stream);
      if (appended === undefined) this.#versions.set(stream, last.get(stream)?.version ?? 0);
      else last.set(stream, appended);
    }
    return last;
  }

  /** The same for a prefix: `found` are the first `limit` streams of the store behind `after`. */
  lastOfPrefix(found: readonly StoredEvent[], prefix: string, limit: number, after: string): readonly StoredEvent[] {
    const last = new Map(found.map((event) => [event.stream, event]));
    for (const [stream, event] of this.#appended) {
      if (stream.startsWith(prefix) && compareBytes(stream, after) > 0) last.set(stream, event);
    }
    return [...last.values()].sort((a, b) => compareBytes(a.stream, b.stream)).slice(0, limit);
  }

  lastOfPrefixes(
    found: readonly StoredEvent[],
    prefixes: readonly string[],
    limit: number,
  ): ReadonlyMap<string, readonly StoredEvent[]> {
    return new Map(
      prefixes.map((prefix) => {
        const own = found.filter(({ stream }) => stream.startsWith(prefix));
        return [prefix, this.lastOfPrefix(own, prefix, limit, '')] as const;
      }),
    );
  }

  parkedHere(keys: readonly string[]): Set<string> {
    if (this.parkings.length === 0) return new Set();
    const asked = new Set(keys);
    return new Set(this.parkings.map((parking) => parking.key).filter((key) => asked.has(key)));
  }

  #of(partition: number): HeldShard {
    const shard = this.#held.get(partition);
    if (shard === undefined) throw new InvariantError(`${this.#log}: the row of partition ${partition} is not held`);
    return shard;
  }
}

/** Field by field: spreading one object into another makes three times as much to be collected, at every event. */
function storedEvent(
  previous: Uint8Array,
  event: NewEvent,
  { log, partition, position, recordedAt }: Pick<StoredEvent, 'log' | 'partition' | 'position' | 'recordedAt'>,
): StoredEvent {
  const stored = {
    log,
    partition,
    position,
    stream: event.stream,
    version: event.version,
    key: event.key,
    type: event.type,
    schemaVersion: event.schemaVersion,
    data: event.data,
    content: event.content,
    meta: event.meta,
    occurredAt: event.occurredAt,
    recordedAt,
    effectiveAt: event.effectiveAt,
    hash: previous,
  };
  stored.hash = eventHash(previous, stored);
  return stored;
}

/** Order of the UTF-8 bytes, as the store sorts names; plain `<` differs for characters beyond the basic plane. */
export const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
