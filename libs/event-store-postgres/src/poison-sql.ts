import { storableText, type DeadLetter, type Parking, type StoredDeadLetter } from '@jifen/event-store';
import { byteaArray, int4Array, int8Array, textArray } from './binary-arrays.ts';

const MESSAGE_ARRAYS = (first: number): string =>
  ['text', 'int4', 'int8', 'text', 'text', 'text', 'text', 'bytea']
    .map((type, index) => `$${first + index}::${type}[]`)
    .join(', ');

/** A dead letter must always find room: names and reasons are made storable, the value is bytes. */
const messageValues = (letters: readonly DeadLetter[]): unknown[] => [
  textArray(letters.map((letter) => storableText(letter.topic))),
  int4Array(letters.map((letter) => letter.partition)),
  int8Array(letters.map((letter) => letter.offset)),
  textArray(letters.map((letter) => storableText(letter.key))),
  textArray(letters.map((letter) => storableText(letter.reason))),
  textArray(letters.map((letter) => storableText(letter.detail))),
  textArray(letters.map((letter) => JSON.stringify(letter.headers))),
  byteaArray(letters.map((letter) => letter.value)),
];

export const insertDeadLettersSql = (schema: string): string => `
INSERT INTO ${schema}.dead_letter (log, recorded_at, topic, partition, message_offset, key, reason, detail, headers, value)
SELECT $1::text, $2::timestamptz, m.topic, m.partition, m.message_offset, m.key, m.reason, m.detail, m.headers, m.value
FROM unnest(${MESSAGE_ARRAYS(3)}) WITH ORDINALITY
  AS m (topic, partition, message_offset, key, reason, detail, headers, value, ordinal) ORDER BY m.ordinal`;

export const insertDeadLettersValues = (log: string, now: string, letters: readonly DeadLetter[]): unknown[] => [
  log,
  now,
  ...messageValues(letters),
];

/** Keys first (one that is parked already keeps its reason), then the messages in their order. */
export const insertParkedSql = (schema: string): string => `
WITH named AS (
  INSERT INTO ${schema}.parked (log, key, reason, since)
  SELECT DISTINCT ON (p.key) $1::text, p.key, p.reason, $2::timestamptz
  FROM unnest($11::text[], $12::text[]) WITH ORDINALITY AS p (key, reason, ordinal) ORDER BY p.key, p.ordinal
  ON CONFLICT DO NOTHING)
INSERT INTO ${schema}.parked_message (log, key, topic, partition, message_offset, reason, detail, headers, value)
SELECT $1::text, m.key, m.topic, m.partition, m.message_offset, m.reason, m.detail, m.headers, m.value
FROM unnest(${MESSAGE_ARRAYS(3)}) WITH ORDINALITY
  AS m (topic, partition, message_offset, key, reason, detail, headers, value, ordinal) ORDER BY m.ordinal`;

export const insertParkedValues = (log: string, now: string, parkings: readonly Parking[]): unknown[] => [
  log,
  now,
  ...messageValues(parkings.map((parking) => ({ ...parking.message, key: parking.key }))),
  textArray(parkings.map((parking) => storableText(parking.key))),
  textArray(parkings.map((parking) => storableText(parking.reason))),
];

const MESSAGE_COLUMNS = 'id, topic, partition, message_offset AS "offset", key, reason, detail, headers, value';

export const takeParkedSql = (schema: string): string => `
WITH taken AS (
  DELETE FROM ${schema}.parked_message WHERE log = $1 AND key = $2 AND id IN (
    SELECT id FROM ${schema}.parked_message WHERE log = $1 AND key = $2 ORDER BY id LIMIT $3)
  RETURNING ${MESSAGE_COLUMNS})
SELECT * FROM taken ORDER BY id`;

/** Runs after the messages were taken: a statement of its own, to see that none is left. */
export const unparkSql = (schema: string): string => `
DELETE FROM ${schema}.parked p WHERE p.log = $1 AND p.key = $2
  AND NOT EXISTS (SELECT FROM ${schema}.parked_message m WHERE m.log = p.log AND m.key = p.key)`;

export const takeDeadLettersSql = (schema: string): string => `
WITH taken AS (
  DELETE FROM ${schema}.dead_letter WHERE log = $1 AND id = ANY($2::int8[])
  RETURNING ${MESSAGE_COLUMNS}, recorded_at AT TIME ZONE 'UTC' AS "recordedAt")
SELECT * FROM taken ORDER BY id`;

export const listDeadLettersSql = (schema: string): string => `
SELECT ${MESSAGE_COLUMNS}, recorded_at AT TIME ZONE 'UTC' AS "recordedAt"
FROM ${schema}.dead_letter WHERE log = $1 AND id > $2 ORDER BY id LIMIT $3`;

export const listParkedSql = (schema: string): string => `
SELECT p.key, p.reason, p.since AT TIME ZONE 'UTC' AS since,
  (SELECT count(*) FROM ${schema}.parked_message m WHERE m.log = p.log AND m.key = p.key) AS messages
FROM ${schema}.parked p WHERE p.log = $1 AND p.key > $2 ORDER BY p.key LIMIT $3`;

export const parkedAmongSql = (schema: string): string =>
  `SELECT key FROM ${schema}.parked WHERE log = $1 AND key = ANY($2::text[])`;

export type DeadLetterRow = Omit<StoredDeadLetter, 'headers'> & { readonly headers: string };

export function deadLetterOfRow(row: Omit<DeadLetterRow, 'id' | 'recordedAt'>): DeadLetter {
  const { topic, partition, offset, key, reason, detail, value } = row;
  return {
    topic,
    partition,
    offset,
    key,
    reason,
    detail,
    headers: JSON.parse(row.headers) as Record<string, string>,
    value,
  };
}

export const storedDeadLetterOfRow = (row: DeadLetterRow): StoredDeadLetter => ({
  ...deadLetterOfRow(row),
  id: row.id,
  recordedAt: row.recordedAt,
});
