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
  const fields = [];
  if (causationId !== undefined) fields.push(`"causationId":${JSON.stringify(causationId)}`);
  if (correlationId !== undefined) fields.push(`"correlationId":${JSON.stringify(correlationId)}`);
  if (traceparent !== undefined) fields.push(`"traceparent":${JSON.stringify(traceparent)}`);
  return `{${fields.join(',')}}`;
}

/**
 * Link of the chain: SHA-256 of the UTF-8 bytes of these 14 fields, each as a netstring `<bytes>:<field>,`, so that
 * nothing can be moved from one field to its neighbour: previous hash (64 lower-case hex digits), log, partition,
 * position, stream, version, key, type, schemaVersion, occurredAt, recordedAt, effectiveAt, meta, data. Numbers are
 * decimal digits, instants `YYYY-MM-DDTHH:mm:ss.sssZ`, meta and data the stored text. The first event of a
 * partition has 32 zero bytes as its previous hash. In a shell: `printf '64:<hex>,8:activity,1:3,…' | sha256sum`.
 */
export function eventHash(previous: Uint8Array, event: HashedEvent): Buffer {
  // A buffer of its own for so few bytes would cost more than hashing.
  return Buffer.from(digest(hexOf(previous), event, 'binary'), 'latin1');
}

/** `eventHash` in hexadecimal digits, as those who walk a long chain have them. */
export const eventHashHex = (previous: string, event: HashedEvent): string => digest(previous, event, 'hex');

/** Where the bytes of an event of usual size are put together: joined as text they would be copied twice more. */
const scratch = Buffer.allocUnsafeSlow(32_768);
const COMMA = 0x2c;

function digest(previous: string, event: HashedEvent, encoding: 'hex' | 'binary'): string {
  const head = textBeforeData(previous, event);
  const { data } = event;
  // A character takes at most three bytes.
  if (3 * (head.length + data.length) >= scratch.length) return hash('sha256', hashedText(previous, event), encoding);
  let end = scratch.write(head);
  end += scratch.write(data, end);
  scratch[end++] = COMMA;
  return hash('sha256', scratch.subarray(0, end), encoding);
}

export const hexOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/** What is hashed; `previous` in hexadecimal digits. */
export const hashedText = (previous: string, event: HashedEvent): string =>
  `${textBeforeData(previous, event)}${event.data},`;

const textBeforeData = (previous: string, event: HashedEvent): string =>
  ascii(previous) +
  netstring(event.log) +
  ascii(String(event.partition)) +
  ascii(String(event.position)) +
  netstring(event.stream) +
  ascii(String(event.version)) +
  netstring(event.key) +
  netstring(event.type) +
  ascii(String(event.schemaVersion)) +
  ascii(event.occurredAt) +
  ascii(event.recordedAt) +
  ascii(event.effectiveAt) +
  netstring(event.meta) +
  `${Buffer.byteLength(event.data)}:`;

const netstring = (field: string): string => `${Buffer.byteLength(field)}:${field},`;

/** A netstring of digits and the like: as many bytes as characters. */
const ascii = (field: string): string => `${field.length}:${field},`;
