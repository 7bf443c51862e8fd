import type { EventStore } from '@jifen/event-store';
import { createMemoryEventStore } from '@jifen/event-store';
import { accept, InvariantError, partitionOf, refuse } from '@jifen/kernel';
import fc from 'fast-check';
import type { Message } from './index.ts';
import { createConsumer, redriveParked } from './index.ts';
import { appendEffects, effectsOf, textOf } from './contract/effects.ts';

const TOPIC = 'jifen.activity.v1';
const PARTITIONS = 2;
const KEYS = ['shop/a', 'shop/b', 'shop/c', 'shop/d', 'shop/e'];

/** What a message does to whoever applies it. */
type Kind = 'good' | 'refused' | 'failing' | 'breaking';

const kinds = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Kind>('good') },
  { weight: 2, arbitrary: fc.constant<Kind>('refused') },
  { weight: 1, arbitrary: fc.constant<Kind>('failing') },
  { weight: 1, arbitrary: fc.constant<Kind>('breaking') },
);
const histories = fc.array(fc.record({ key: fc.constantFrom(...KEYS), kind: kinds }), { maxLength: 40 });
/** How many messages the next batch has, and how many of those before it come again first. */
const deliveries = fc.array(
  fc.record({ size: fc.integer({ min: 1, max: 12 }), again: fc.integer({ min: 0, max: 6 }) }),
  {
    minLength: 40,
    maxLength: 40,
  },
);

interface Told {
  readonly message: Message;
  readonly kind: Kind;
}

function tell(history: readonly { readonly key: string; readonly kind: Kind }[]): readonly Told[] {
  const sequences = new Map<number, number>();
  return history.map(({ key, kind }, n) => {
    const partition = partitionOf(key, PARTITIONS);
    const sequence = (sequences.get(partition) ?? 0) + 1;
    sequences.set(partition, sequence);
    const headers = {
      ce_specversion: '1.0',
      ce_id: `activity-${partition}-${sequence}`,
      ce_source: '/jifen/ingestion',
      ce_type: 'order.recorded',
      ce_time: '2026-01-01T00:00:00.000Z',
      ce_sequence: String(sequence),
    };
    return { kind, message: { topic: TOPIC, partition, offset: sequence, key, headers, value: `${kind} ${n}` } };
  });
}

/** What each key's messages come to when all can be applied: those not refused, in order. */
function wished(told: readonly Told[]): ReadonlyMap<string, readonly string[]> {
  const effects = new Map<string, string[]>();
  for (const { message, kind } of told)
    if (kind !== 'refused') effects.set(message.key, [...(effects.get(message.key) ?? []), textOf(message)]);
  return effects;
}

/** Members without a failure have everything; a parked one has a part that ends before its first failure. */
function checkParked(told: readonly Told[], effects: ReadonlyMap<string, readonly string[]>): void {
  for (const [key, all] of wished(told)) {
    const first = all.findIndex((text) => /^(failing|breaking)/.test(text));
    const found = effects.get(key) ?? [];
    expect(found).toEqual(all.slice(0, found.length));
    if (first < 0) expect(found).toHaveLength(all.length);
    else expect(found.length).toBeLessThanOrEqual(first);
  }
}

describe('the flush', () => {
  it('U12 U13: applies every message once and in order, however it is cut, repeated or spoiled', async () => {
    await fc.assert(
      fc.asyncProperty(histories, deliveries, async (history, cuts) => {
        const told = tell(history);
        const store: EventStore<unknown> = createMemoryEventStore({
          log: 'rating',
          partitions: PARTITIONS,
          clock: () => 0,
        });
        let healed = false;
        const options = {
          group: 'rules',
          topics: [TOPIC],
          store,
          decode: (message: Message) => {
            const text = textOf(message);
            return text.startsWith('refused') ? refuse({ reason: 'schema', detail: '' }) : accept(text);
          },
          apply: async (...[tx, items]: Parameters<Parameters<typeof createConsumer<unknown, string>>[0]['apply']>) => {
            const breaking = items.find(({ item }) => item.startsWith('breaking') && !healed);
            if (breaking !== undefined) throw new InvariantError(breaking.item);
            await appendEffects(
              tx,
              items.map(({ message }) => message),
            );
            return items
              .filter(({ item }) => item.startsWith('failing') && !healed)
              .map(({ item, message: { key } }) => ({ key, reason: 'conflict', detail: item }));
          },
        };
        const consumer = createConsumer<unknown, string>(options);
        let at = 0;
        for (const { size, again } of cuts) {
          const batch = told.slice(Math.max(0, at - again), at + size).map(({ message }) => message);
          await consumer.handle({ messages: batch, epochs: new Map() });
          at = Math.min(told.length, at + size);
        }
        checkParked(told, await effectsOf(store));
        const refused = told.filter(({ kind }) => kind === 'refused').length;
        expect(await store.listDeadLetters({ limit: 100 })).toHaveLength(refused);
        healed = true;
        for (const key of KEYS) await redriveParked(options, key);
        expect(await effectsOf(store)).toEqual(wished(told));
        expect(await store.listParked({ limit: 100 })).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
