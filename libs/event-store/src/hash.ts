import { hash } from 'node:crypto';
import type { Instant } from '@jifen/kernel';
import type { EventMeta, StoredEvent } from './event.ts';

/** Hash "before" the first event of a partition: 32 zero bytes. */
export const GENESIS_HASH: Uint8Array = new Uint8Array(32);

/** Everything of an event that its hash covers, with `meta` as the stored text. */
export type HashedEvent = Omit<StoredEvent, 'hash' | 'meta' | 'recordedAt'> & {
  readonly recordedAt: Instant;
  readonly meta: string;
};

/** `meta` as it is stored: JSON with sorted keys and no white space. */
export function metaText({ causationId, correlationId, traceparent }: EventMeta): string {
  let fields = '';
  if (causationId !== undefined) fields += `,"causationId":${JSON.stringify(causationId)}`;
  if (correlationId !== undefined) fields += `,"correlationId":${JSON.stringify(correlationId)}`;
  if (traceparent !== undefined) fields += `,"traceparent":${JSON.stringify(traceparent)}`;
  return `{${fields.slice(1)}}`;
}

/**
 * Link of the chain: SHA-256 of the UTF-8 bytes of these 14 fields, each as a netstring `<bytes>:<field>,`, so that
 * nothing can be moved from one field to its neighbour: previous hash (64 lower-case hex digits), log, partition,
 * position, stream, version, key, type, schemaVersion, occurredAt, recordedAt, effectiveAt, meta, data. Numbers are
 * decimal digits, instants `YYYY-MM-DDTHH:mm:ss.sssZ`, meta and data the stored text. The first event of a
 * partition has 32 zero bytes as its previous hash. In a shell: `printf '64:<hex>,8:activity,1:3,…' | sha256sum`.
 */
export function eventHash(previous: Uint8Array, event: Omit<StoredEvent, 'hash'>): Buffer {
  // A buffer of its own for so few bytes would cost more than hashing.
  return Buffer.from(digest(hexOf(previous), event, metaText(event.meta), 'binary'), 'latin1');
}

/** `eventHash` in hexadecimal digits, as those who walk a long chain have them. */
export const eventHashHex = (previous: string, event: HashedEvent): string =>
  digest(previous, event, event.meta, 'hex');

type Fields = Omit<HashedEvent, 'meta'>;

/** Where the bytes of an event of usual size are put together: joined as text they would be copied several times more. */
const scratch = Buffer.allocUnsafeSlow(32_768);
/** More than the figures of an event and the lengths of its fields take. */
const FIGURES = 512;
/** UTF-8 of what a string counts as one. */
const MAX_BYTES_EACH = 3;

function digest(previous: string, event: Fields, meta: string, encoding: 'hex' | 'binary'): string {
  const { log, stream, key, type, occurredAt, recordedAt, effectiveAt, data } = event;
  const names = log.length + stream.length + key.length + type.length;
  const times = occurredAt.length + recordedAt.length + effectiveAt.length;
  const length = previous.length + names + times + meta.length + data.length;
  if (MAX_BYTES_EACH * length + FIGURES > scratch.length)
    return hash('sha256', hashedText(previous, { ...event, meta }), encoding);
  let end = put(previous, 0);
  end = put(log, end);
  end = put(String(event.partition), end);
  end = put(String(event.position), end);
  end = put(stream, end);
  end = put(String(event.version), end);
  end = put(key, end);
  end = put(type, end);
  end = put(String(event.schemaVersion), end);
  end = put(occurredAt, end);
  end = put(recordedAt, end);
  end = put(effectiveAt, end);
  end = put(meta, end);
  end = putBytes(data, end);
  return hash('sha256', scratch.subarray(0, end), encoding);
}

const COMMA = 0x2c;
const COLON = 0x3a;
const NOUGHT = 0x30;

/** A netstring letter by letter: for so short ones the call of a native function would cost more. Answers where it ends. */
function put(field: string, at: number): number {
  let end = putLength(field.length, at);
  for (let index = 0; index < field.length; index++) {
    const code = field.charCodeAt(index);
    if (code > 0x7f) return putBytes(field, at);
    scratch[end++] = code;
  }
  scratch[end] = COMMA;
  return end + 1;
}

function putBytes(field: string, at: number): number {
  const start = putLength(Buffer.byteLength(field), at);
  const end = start + scratch.write(field, start);
  scratch[end] = COMMA;
  return end + 1;
}

function putLength(length: number, at: number): number {
  const end = putDigits(length, at);
  scratch[end] = COLON;
  return end + 1;
}

function putDigits(figure: number, at: number): number {
  const end = figure < 10 ? at : putDigits(Math.floor(figure / 10), at);
  scratch[end] = NOUGHT + (figure % 10);
  return end + 1;
}

export const hexOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/** What is hashed; `previous` in hexadecimal digits. */
export const hashedText = (previous: string, event: HashedEvent): string =>
  [
    previous,
    event.log,
    String(event.partition),
    String(event.position),
    event.stream,
    String(event.version),
    event.key,
    event.type,
    String(event.schemaVersion),
    event.occurredAt,
    event.recordedAt,
    event.effectiveAt,
    event.meta,
    event.data,
  ]
    .map((field) => `${Buffer.byteLength(field)}:${field},`)
    .join('');
