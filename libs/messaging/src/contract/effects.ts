import type { EventStore, NewEvent, Transaction } from '@jifen/event-store';
import { accept, instant, present, refuse } from '@jifen/kernel';
import type { Consumer } from '../bus.ts';
import type { FlushOptions } from '../flush.ts';
import { createConsumer } from '../flush.ts';
import type { Message } from '../message.ts';

export const POISON = '{"poison":true}';

const EPOCH = instant('2026-01-01T00:00:00.000Z');
const READ_LIMIT = 1000;

export const textOf = (message: Message): string =>
  typeof message.value === 'string' ? message.value : new TextDecoder().decode(message.value);

/** One event of the consumer's own log for every message applied: what was applied twice shows twice. */
export async function appendEffects(tx: Transaction<unknown>, messages: readonly Message[]): Promise<void> {
  const last = await tx.lastOf([...new Set(messages.map(({ key }) => key))]);
  const versions = new Map([...last].map(([stream, event]) => [stream, event.version]));
  for (const message of messages) {
    const version = (versions.get(message.key) ?? 0) + 1;
    versions.set(message.key, version);
    tx.append(message.partition, effectOf(message, version));
  }
}

const effectOf = (message: Message, version: number): NewEvent => ({
  stream: message.key,
  version,
  key: message.key,
  type: 'effect.made',
  schemaVersion: 1,
  data: textOf(message),
  meta: {},
  occurredAt: EPOCH,
  effectiveAt: EPOCH,
});

/** A consumer whose effects are events of its own store; a message that says it is poison is refused. */
export const recordingConsumer = (
  group: string,
  topic: string,
  store: EventStore<unknown>,
  options: Partial<FlushOptions<unknown, string>> = {},
): Consumer =>
  createConsumer<unknown, string>({
    group,
    topics: [topic],
    maxBatch: 50,
    store,
    decode: (message) => {
      const text = textOf(message);
      return text === POISON ? refuse({ reason: 'schema', detail: 'it says it is poison' }) : accept(text);
    },
    apply: async (tx, items) => {
      await appendEffects(
        tx,
        items.map(({ message }) => message),
      );
      return [];
    },
    ...options,
  });

/** Key → the payloads applied for it, in the order of their application. */
export async function effectsOf(store: EventStore<unknown>): Promise<ReadonlyMap<string, readonly string[]>> {
  const effects = new Map<string, string[]>();
  for (let partition = 0; partition < store.partitions; partition++) {
    let position = 0;
    for (;;) {
      const events = await store.readLog(partition, position, READ_LIMIT);
      if (events.length === 0) break;
      for (const event of events) effects.set(event.key, [...(effects.get(event.key) ?? []), event.data]);
      position = present(events.at(-1), 'last event').position;
    }
  }
  return effects;
}

export const countOf = (effects: ReadonlyMap<string, readonly string[]>): number =>
  [...effects.values()].reduce((sum, texts) => sum + texts.length, 0);
