import { eventId, type StoredEvent } from '@jifen/event-store';
import { messageOfEvent } from '@jifen/messaging';
import type { Message as KafkaMessage, Producer } from 'kafkajs';
import { asError } from '../backoff.ts';
import { framed } from '../framing.ts';
import { REQUEST_TIMEOUT_MS } from '../settings.ts';

export const MAX_BATCH_MESSAGES = 1000;
/** Under the broker's usual limit of 1 MB, headers and framing included. */
export const MAX_BATCH_BYTES = 900_000;
const FRAME_BYTES = 600;
const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);
const ALL_REPLICAS = -1;

export const sizeOf = ({ data, key, meta }: StoredEvent): number =>
  Buffer.byteLength(data) + 2 * key.length + (meta.traceparent?.length ?? 0) + FRAME_BYTES;

/** An event that the broker refuses for its size. Nothing after it in its partition can be published until the limit is raised. */
export class EventTooLargeError extends Error {
  override readonly name = 'EventTooLargeError';
  constructor(event: StoredEvent, topic: string, cause: unknown) {
    super(
      `event ${eventId(event.log, event.partition, event.position)} (${event.type}, ${Buffer.byteLength(event.data)} bytes) ` +
        `is larger than topic ${topic} takes (max.message.bytes): its partition waits`,
      { cause },
    );
  }
}

export const isTooLarge = (error: Error): boolean => {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('type' in cause && TOO_LARGE.has(String(cause.type))) return true;
  }
  return false;
};

/** The event as a record of the topic, in its own partition. */
export const recordOf = (event: StoredEvent, topic: string): KafkaMessage => {
  const { key, headers, value } = messageOfEvent(event, topic);
  return { key, partition: event.partition, value: framed(value, headers) };
};

/** Sends one request and waits for all replicas. The caller has one call in flight: a second could overtake it in a retry. */
export async function publish(producer: Producer, topic: string, events: readonly StoredEvent[]): Promise<void> {
  try {
    await producer.send({
      topic,
      acks: ALL_REPLICAS,
      timeout: REQUEST_TIMEOUT_MS,
      messages: events.map((event) => recordOf(event, topic)),
    });
  } catch (thrown) {
    const error = asError(thrown);
    const [only] = events;
    throw events.length === 1 && only !== undefined && isTooLarge(error)
      ? new EventTooLargeError(only, topic, error)
      : error;
  }
}
