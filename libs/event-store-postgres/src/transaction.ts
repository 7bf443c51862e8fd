import type {
  Cursor,
  DeadLetter,
  NewEvent,
  Shard,
  StoredDeadLetter,
  StoredEvent,
  Transaction,
  TransactionDraft,
} from '@jifen/event-store';
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
} from './poison-sql.ts';
import { LAST_CHARACTER, lastOfPrefixesSql, lastOfPrefixSql, lastOfSql } from './read-sql.ts';

export interface TransactionStart {
  readonly client: PoolClient;
  readonly schema: string;
  readonly log: string;
  readonly now: number;
  readonly draft: TransactionDraft;
  /** Whether any key of the log was parked when the rows were locked: mostly not, and then nobody needs to ask. */
  readonly anyParked: boolean;
}

/** Reads through its connection and collects in the draft, which the store sends before it commits. */
export class PostgresTransaction implements Transaction<PoolClient> {
  readonly sql: PoolClient;
  readonly now: number;
  readonly #start: TransactionStart;
  readonly #draft: TransactionDraft;

  constructor(start: TransactionStart) {
    this.#start = start;
    this.#draft = start.draft;
    this.sql = start.client;
    this.now = start.now;
  }

  sending(write: Promise<unknown>): void {
    this.#draft.sending(write);
  }

  shard(partition: number): Shard {
    return this.#draft.shard(partition);
  }

  nextPosition(partition: number): number {
    return this.#draft.nextPosition(partition);
  }

  append(partition: number, event: NewEvent): { readonly id: string; readonly position: number } {
    return this.#draft.append(partition, event);
  }

  advance(partition: number, input: string, cursor: Cursor): void {
    this.#draft.advance(partition, input, cursor);
  }

  deadLetter(letter: DeadLetter): void {
    this.#draft.deadLetter(letter);
  }

  park(key: string, reason: string, message: DeadLetter): void {
    this.#draft.park(key, reason, message);
  }

  async lastOf(streams: readonly string[]): Promise<ReadonlyMap<string, StoredEvent>> {
    const unknown = this.#draft.unknownAmong(streams);
    const sql = lastOfSql(this.#start.schema);
    const found = unknown.length === 0 ? [] : await this.#events('last-of', sql, [textArray(unknown)]);
    return this.#draft.lastOf(streams, found);
  }

  async lastOfPrefix(prefix: string, limit: number, after = ''): Promise<readonly StoredEvent[]> {
    const values = [prefix, after, prefix + LAST_CHARACTER, limit];
    const found = await this.#events(undefined, lastOfPrefixSql(this.#start.schema), values);
    return this.#draft.lastOfPrefix(found, prefix, limit, after);
  }

  async lastOfPrefixes(
    prefixes: readonly string[],
    limit: number,
  ): Promise<ReadonlyMap<string, readonly StoredEvent[]>> {
    if (prefixes.length === 0) return new Map();
    const ends = prefixes.map((prefix) => prefix + LAST_CHARACTER);
    const values = [textArray(prefixes), textArray(ends), limit];
    const found = await this.#events(undefined, lastOfPrefixesSql(this.#start.schema), values);
    return this.#draft.lastOfPrefixes(found, prefixes, limit);
  }

  async parkedAmong(keys: readonly string[]): Promise<ReadonlySet<string>> {
    this.#draft.checkOpen();
    const parked = this.#draft.parkedHere(keys);
    if (keys.length === 0 || !this.#start.anyParked) return parked;
    const { schema, log } = this.#start;
    const found = await this.sql.query<{ key: string }>(parkedAmongSql(schema), [log, textArray(keys)]);
    for (const row of found.rows) parked.add(row.key);
    return parked;
  }

  async takeParked(key: string, limit: number): Promise<readonly DeadLetter[]> {
    const { schema, log } = this.#start;
    const taken = await this.#letters(takeParkedSql(schema), [log, key, limit]);
    await this.sql.query(unparkSql(schema), [log, key]);
    return taken.map(deadLetterOfRow);
  }

  async takeDeadLetters(ids: readonly number[]): Promise<readonly StoredDeadLetter[]> {
    const { schema, log } = this.#start;
    return (await this.#letters(takeDeadLettersSql(schema), [log, ids])).map(storedDeadLetterOfRow);
  }

  async #letters(text: string, values: unknown[]): Promise<readonly DeadLetterRow[]> {
    this.#draft.checkOpen();
    return (await this.sql.query<DeadLetterRow>({ text, values, types: EVENT_TYPES })).rows;
  }

  async #events(name: string | undefined, text: string, values: readonly unknown[]): Promise<readonly StoredEvent[]> {
    this.#draft.checkOpen();
    const { log, schema } = this.#start;
    const query = { name: name && `${schema}-${name}`, text, values: [log, ...values], types: EVENT_TYPES };
    return (await this.sql.query<EventRow>(query)).rows.map((row) => eventOfRow(log, row));
  }
}
