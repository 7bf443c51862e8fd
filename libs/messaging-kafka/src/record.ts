import type { Message } from '@jifen/messaging';
import type { KafkaMessage } from 'kafkajs';
import { TextHeaders } from './text-headers.ts';

const NOTHING = new Uint8Array(0);

const text = (value: Buffer | string): string => (typeof value === 'string' ? value : value.toString('utf8'));

/** A record as the port's message; a missing key or value (a tombstone) becomes an empty one. */
export function messageOf(topic: string, partition: number, record: KafkaMessage): Message {
  const { offset, key, value, headers } = record;
  if (!(headers instanceof TextHeaders)) throw new Error('the headers were not read as text: is this another kafkajs?');
  return {
    topic,
    partition,
    offset: Number(offset),
    key: key === null ? '' : text(key),
    headers,
    value: value ?? NOTHING,
  };
}
