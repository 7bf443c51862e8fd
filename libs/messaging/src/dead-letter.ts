import type { DeadLetter } from '@jifen/event-store';
import type { Message } from './message.ts';

const MAX_DETAIL = 2000;
const encoder = new TextEncoder();

/** NUL and lone surrogates are no text to a database; the value keeps its bytes. */
const storable = (text: string): string => text.replace(/\p{Cs}/gu, '\uFFFD').replaceAll('\u0000', '\uFFFD');

export function deadLetterOf(message: Message, reason: string, detail: string): DeadLetter {
  return {
    topic: message.topic,
    partition: message.partition,
    offset: message.offset,
    key: storable(message.key),
    reason,
    detail: storable(detail.slice(0, MAX_DETAIL)),
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [storable(name), storable(value)]),
    ),
    value: typeof message.value === 'string' ? encoder.encode(message.value) : message.value,
  };
}

/** The message again, as it was queued. */
export const messageOfDeadLetter = (letter: DeadLetter): Message => ({
  topic: letter.topic,
  partition: letter.partition,
  offset: letter.offset,
  key: letter.key,
  headers: letter.headers,
  value: letter.value,
});
