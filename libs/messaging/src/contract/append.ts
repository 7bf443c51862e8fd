import type { EventStore, NewEvent } from '@jifen/event-store';
import { instant, partitionOf } from '@jifen/kernel';
import type { ContractEvent } from './kit.ts';

const OCCURRED = instant('2026-01-01T00:00:00.000Z');

/** An `append` for a world whose topic is a log of ours: one transaction a call, each event a stream of its own. */
export function appender(store: EventStore<unknown>): (events: readonly ContractEvent[]) => Promise<void> {
  let count = 0;
  const eventOf = ({ key, data }: ContractEvent): NewEvent => ({
    stream: `contract/${count++}`,
    version: 1,
    key,
    type: 'contract.case',
    schemaVersion: 1,
    data,
    meta: {},
    occurredAt: OCCURRED,
    effectiveAt: OCCURRED,
  });
  return async (events) => {
    const placed = events.map((event) => ({
      event: eventOf(event),
      partition: partitionOf(event.key, store.partitions),
    }));
    const partitions = [...new Set(placed.map(({ partition }) => partition))].sort((a, b) => a - b);
    if (partitions.length === 0) return;
    await store.transact({ partitions }, async (tx) => {
      for (const { event, partition } of placed) tx.append(partition, event);
    });
  };
}
