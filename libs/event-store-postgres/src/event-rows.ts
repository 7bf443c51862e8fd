import { metaText, type EventMeta, type StoredEvent } from '@jifen/event-store';
import { assert, instantToMillis, type Instant } from '@jifen/kernel';
import pg from 'pg';
import { byteaArray, int4Array, int8Array, textArray, timestampArray } from './binary-arrays.ts';

/** A row as it comes back, with `meta` as the stored text. */
export type EventRow = Omit<StoredEvent, 'log' | 'meta'> & { readonly meta: string };

/** Columns of an event under the names of its fields; times as UTC whatever the session's zone is. */
export const EVENT_COLUMNS = `e.partition, e.position, e.stream, e.version, e.key, e.type,
  e.schema_version AS "schemaVersion", e.data, e.meta,
  e.occurred_at AT TIME ZONE 'UTC' AS "occurredAt", e.recorded_at AT TIME ZONE 'UTC' AS "recordedAt",
  e.effective_at AT TIME ZONE 'UTC' AS "effectiveAt", e.hash`;

/** Numbers and instants ready-made, without a `Date` in between. */
export const EVENT_TYPES: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number) => {
    if (oid === pg.types.builtins.INT8 || oid === pg.types.builtins.INT4) return Number;
    if (oid === pg.types.builtins.TIMESTAMP) return instantOfTimestamp;
    return oid === pg.types.builtins.BYTEA ? bytesOfHex : String;
  }) as typeof pg.types.getTypeParser,
};

/** `2026-01-31 08:00:00.5` → `2026-01-31T08:00:00.500Z`. More than milliseconds, which we never write, stay visible. */
export function instantOfTimestamp(text: string): Instant {
  const fraction = text.slice(20);
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(3, '0')}Z` as Instant;
}

/** Rows of one transaction share their instants: each text is made one once. */
export function instantsOnce(): (text: string) => Instant {
  const known = new Map<string, Instant>();
  return (text) => {
    let instant = known.get(text);
    if (instant === undefined) known.set(text, (instant = instantOfTimestamp(text)));
    return instant;
  };
}

const bytesOfHex = (text: string): Buffer => Buffer.from(text.slice(2), 'hex');

export const eventOfRow = (log: string, row: EventRow): StoredEvent => ({
  log,
  partition: row.partition,
  position: row.position,
  stream: row.stream,
  version: row.version,
  key: row.key,
  type: row.type,
  schemaVersion: row.schemaVersion,
  data: row.data,
  meta: JSON.parse(row.meta) as EventMeta,
  occurredAt: row.occurredAt,
  recordedAt: row.recordedAt,
  effectiveAt: row.effectiveAt,
  hash: row.hash,
});

/** Columns of different rows are passed as arrays, in binary; `unnest` makes them rows again. */
export const insertEventsSql = (schema: string): string => `
INSERT INTO ${schema}.event (log, partition, position, stream, version, key, type, schema_version, data, meta,
  occurred_at, recorded_at, effective_at, hash)
SELECT $1::text, e.partition, e.position, e.stream, e.version, e.key, e.type, e.schema_version, e.data, e.meta,
  e.occurred_at, $2::timestamptz, e.effective_at, e.hash
FROM unnest($3::int4[], $4::int8[], $5::text[], $6::int8[], $7::text[], $8::text[], $9::int4[], $10::text[], $11::text[],
  $12::timestamptz[], $13::timestamptz[], $14::bytea[])
  AS e (partition, position, stream, version, key, type, schema_version, data, meta, occurred_at, effective_at, hash)`;

export function insertEventsValues(log: string, events: readonly StoredEvent[]): unknown[] {
  const first = events[0];
  assert(first !== undefined, 'nothing to insert');
  return [
    log,
    first.recordedAt,
    int4Array(events.map((event) => event.partition)),
    int8Array(events.map((event) => event.position)),
    textArray(events.map((event) => event.stream)),
    int8Array(events.map((event) => event.version)),
    textArray(events.map((event) => event.key)),
    textArray(events.map((event) => event.type)),
    int4Array(events.map((event) => event.schemaVersion)),
    textArray(events.map((event) => event.data)),
    textArray(events.map((event) => metaText(event.meta))),
    timestampArray(events.map((event) => instantToMillis(event.occurredAt))),
    timestampArray(events.map((event) => instantToMillis(event.effectiveAt))),
    byteaArray(events.map((event) => event.hash)),
  ];
}
