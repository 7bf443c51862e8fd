import type { Message } from '@jifen/messaging';
import type { IHeaders, KafkaMessage } from 'kafkajs';

const NOTHING = new Uint8Array(0);

const text = (value: Buffer | string): string => (typeof value === 'string' ? value : value.toString('utf8'));

function headersOf(headers: IHeaders | undefined): Readonly<Record<string, string>> {
  // No prototype: a header named __proto__ is a header.
  const read: Record<string, string> = Object.create(null) as Record<string, string>;
  if (headers === undefined) return read;
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) read[name.toLowerCase()] = text(first);
  }
  return read;
}

/** A record as the port's message; a missing key or value (a tombstone) becomes an empty one. */
export const messageOf = (topic: string, partition: number, record: KafkaMessage): Message => ({
  topic,
  partition,
  offset: Number(record.offset),
  key: record.key === null ? '' : text(record.key),
  headers: headersOf(record.headers),
  value: record.value ?? NOTHING,
});
