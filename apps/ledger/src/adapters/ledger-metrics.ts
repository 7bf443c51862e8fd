import type { LedgerEvent } from '@jifen/ledger';
import type { FlushCounts } from '@jifen/messaging';
import { Counter, Histogram, type Registry } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export interface LedgerMetrics {
  flushed(counts: FlushCounts): void;
  posted(events: readonly LedgerEvent[]): void;
}

/** Flush size and time are counted by the host for every consumer; this is what only the ledger knows. */
export function ledgerMetrics(registry: Registry): LedgerMetrics {
  const decision = new Histogram({
    name: 'jifen_ledger_decision_seconds',
    help: 'Loading, deciding and saving one flush, without the append and the commit',
    buckets: SECONDS,
    registers: [registry],
  });
  const postings = new Counter({
    name: 'jifen_ledger_postings_total',
    help: 'Postings decided, by event type',
    labelNames: ['type'],
    registers: [registry],
  });
  return {
    flushed: ({ decideMillis }) => decision.observe(decideMillis / 1_000),
    posted: (events) => {
      for (const { type } of events) postings.inc({ type });
    },
  };
}
