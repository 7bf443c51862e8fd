import {
  checkEvent,
  ConcurrencyError,
  eventHash,
  eventId,
  metaText,
  type Cursor,
  type DeadLetter,
  type NewEvent,
  type Shard,
  type StoredDeadLetter,
  type StoredEvent,
  type Transaction,
} from '@jifen/event-store';
import { assert, instantFromMillis, type Instant } from '@jifen/kernel';
import type { PoolClient } from 'pg';
import { textArray } from './binary-arrays.ts';
import { EVENT_TYPES, eventOfRow, type EventRow } from './event-rows.ts';
import {
  deadLetterOfRow,
  parkedAmongSql,
  storedDeadLetterOfRow,
  takeDeadLettersSql,
  takeParkedSql,
  unparkSql,
  type DeadLetterRow,
  type Parking,
} from './poison-sql.ts';
import { LAST_CHARACTER, lastOfPrefixSql, lastOfSql } from './read-sql.ts';

/** A shard row that the transaction holds, with what it has moved so far. */
export interface HeldShard {
  readonly partition: number;
  readonly epoch: number;
  position: number;
  headHash: Uint8Array;
  cursors: Record<string, Cursor>;
  changed: boolean;
}

export interface TransactionStart {
  readonly client: PoolClient;
  readonly schema: string;
  readonly log: string;
  readonly now: number;
  readonly shards: ReadonlyMap<number, HeldShard>;
  /** Whether any key of the log was parked when the rows were locked: mostly not, and then nobody needs to ask. */
  readonly anyParked: boolean;
}

/** Collects what `work` writes; the store sends it in a few statements before it commits. */
export class PostgresTransaction implements Transaction<PoolClient> {
  readonly sql: PoolClient;
  readonly now: number;
  readonly events: StoredEvent[] = [];
  readonly deadLetters: DeadLetter[] = [];
  readonly parkings: Parking[] = [];
  readonly #start: TransactionStart;
  readonly #recordedAt: Instant;
  /** Last event appended here, by stream. */
  readonly #appended = new Map<string, StoredEvent>();
  /** Version that a stream is known to be at. */
  readonly #versions = new Map<string, number>();
  #open = true;

  constructor(start: TransactionStart) {
    this.#start = start;
    this.sql = start.client;
    this.now = start.now;
    this.#recordedAt = instantFromMillis(start.now);
  }

  /** Nothing may be added any more. */
  end(): void {
    this.#open = false;
  }

  shard(partition: number): Shard {
    const { epoch, position, headHash, cursors } = this.#held(partition);
    return { partition, epoch, position, headHash, cursors: { ...cursors } };
  }

  async lastOf(streams: readonly string[]): Promise<ReadonlyMap<string, StoredEvent>> {
    const last = new Map<string, StoredEvent>();
    const asked = streams.filter((stream) => !this.#appended.has(stream));
    for (const stream of asked) this.#versions.set(stream, 0);
    if (asked.length > 0) {
      const rows = await this.#events('last-of', lastOfSql(this.#start.schema), [textArray(asked)]);
      for (const event of rows) {
        last.set(event.stream, event);
        this.#versions.set(event.stream, event.version);
      }
    }
    for (const stream of streams) {
      const appended = this.#appended.get(stream);
      if (appended !== undefined) last.set(stream, appended);
    }
    return last;
  }

  async lastOfPrefix(prefix: string, limit: number, after = ''): Promise<readonly StoredEvent[]> {
    const values = [prefix, after, prefix + LAST_CHARACTER, limit];
    const last = new Map<string, StoredEvent>();
    for (const event of await this.#events('last-of-prefix', lastOfPrefixSql(this.#start.schema), values)) {
      last.set(event.stream, event);
    }
    for (const [stream, event] of this.#appended) {
      if (stream.startsWith(prefix) && compareBytes(stream, after) > 0) last.set(stream, event);
    }
    return [...last.values()].sort((a, b) => compareBytes(a.stream, b.stream)).slice(0, limit);
  }

  nextPosition(partition: number): number {
    return this.#held(partition).position + 1;
  }

  append(partition: number, event: NewEvent): { readonly id: string; readonly position: number } {
    this.#checkOpen();
    const shard = this.#held(partition);
    checkEvent(event);
    const known = this.#versions.get(event.stream);
    if (known !== undefined && event.version !== known + 1) {
      throw new ConcurrencyError(`${event.stream} is at version ${known}; ${event.version} does not follow`);
    }
    const position = shard.position + 1;
    const placed = { ...event, log: this.#start.log, partition, position, recordedAt: this.#recordedAt };
    const stored: StoredEvent = {
      ...placed,
      hash: eventHash(shard.headHash, { ...placed, meta: metaText(event.meta) }),
    };
    shard.position = position;
    shard.headHash = stored.hash;
    shard.changed = true;
    this.#versions.set(event.stream, event.version);
    this.#appended.set(event.stream, stored);
    this.events.push(stored);
    return { id: eventId(this.#start.log, partition, position), position };
  }

  advance(partition: number, input: string, cursor: Cursor): void {
    this.#checkOpen();
    const shard = this.#held(partition);
    const found = shard.cursors[input];
    const offset = Math.max(cursor.offset, found?.offset ?? 0);
    const sequence = Math.max(cursor.sequence, found?.sequence ?? 0);
    if (found?.offset === offset && found.sequence === sequence) return;
    shard.cursors[input] = { offset, sequence };
    shard.changed = true;
  }

  deadLetter(letter: DeadLetter): void {
    this.#checkOpen();
    this.deadLetters.push(letter);
  }

  async parkedAmong(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const parked = new Set(this.parkings.map((parking) => parking.key).filter((key) => keys.includes(key)));
    if (keys.length === 0 || !this.#start.anyParked) return parked;
    const found = await this.sql.query<{ key: string }>({
      text: parkedAmongSql(this.#start.schema),
      values: [this.#start.log, textArray(keys)],
    });
    for (const row of found.rows) parked.add(row.key);
    return parked;
  }

  park(key: string, reason: string, message: DeadLetter): void {
    this.#checkOpen();
    this.parkings.push({ key, reason, message });
  }

  async takeParked(key: string, limit: number): Promise<readonly DeadLetter[]> {
    this.#checkOpen();
    const { schema, log } = this.#start;
    const values = [log, key, limit];
    const taken = await this.sql.query<DeadLetterRow>({ text: takeParkedSql(schema), values, types: EVENT_TYPES });
    await this.sql.query(unparkSql(schema), [log, key]);
    return taken.rows.map(deadLetterOfRow);
  }

  async takeDeadLetters(ids: readonly number[]): Promise<readonly StoredDeadLetter[]> {
    this.#checkOpen();
    const { schema, log } = this.#start;
    const values = [log, ids];
    const taken = await this.sql.query<DeadLetterRow>({ text: takeDeadLettersSql(schema), values, types: EVENT_TYPES });
    return taken.rows.map(storedDeadLetterOfRow);
  }

  async #events(name: string, text: string, values: readonly unknown[]): Promise<StoredEvent[]> {
    this.#checkOpen();
    const { log, schema } = this.#start;
    const query = { name: `${schema}-${name}`, text, values: [log, ...values], types: EVENT_TYPES };
    return (await this.sql.query<EventRow>(query)).rows.map((row) => eventOfRow(log, row));
  }

  #held(partition: number): HeldShard {
    const shard = this.#start.shards.get(partition);
    assert(shard !== undefined, `${this.#start.log}: the row of partition ${partition} is not held`);
    return shard;
  }

  #checkOpen(): void {
    assert(this.#open, 'the transaction is over');
  }
}

/** Order of the UTF-8 bytes, as the C collation has it; plain `<` differs for characters beyond the basic plane. */
const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
