import type { DeadLetter } from '@jifen/event-store';
import type { Message } from './message.ts';

const MAX_DETAIL = 2000;
const encoder = new TextEncoder();

/** The message as it is kept; the store makes its texts storable, the value keeps its bytes. */
export const deadLetterOf = (message: Message, reason: string, detail: string): DeadLetter => ({
  topic: message.topic,
  partition: message.partition,
  offset: message.offset,
  key: message.key,
  reason,
  detail: detail.slice(0, MAX_DETAIL),
  headers: message.headers,
  value: typeof message.value === 'string' ? encoder.encode(message.value) : message.value,
});

/** The message again, as it was queued. */
export const messageOfDeadLetter = (letter: DeadLetter): Message => ({
  topic: letter.topic,
  partition: letter.partition,
  offset: letter.offset,
  key: letter.key,
  headers: letter.headers,
  value: letter.value,
});
