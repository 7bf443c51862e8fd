import type { LedgerEvent } from '@jifen/ledger';
import type { FlushCounts } from '@jifen/messaging';
import { answerOf } from '@jifen/service-host';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Backlog } from './lanes.ts';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export interface LedgerMetrics {
  flushed(counts: FlushCounts): void;
  posted(events: readonly LedgerEvent[]): void;
  /** Members whose books would not add up. */
  breached(count: number): void;
  /** Accounts that could not be booked when something of them fell due. */
  unbooked(count: number): void;
  /** A flush of commands. */
  commands(count: number, seconds: number): void;
  answered(kind: string, outcome: string): void;
  /** Looked at when the metrics are asked for. */
  watch(backlog: () => Promise<Backlog>, queued: () => number): void;
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
  const breaches = new Counter({
    name: 'jifen_ledger_invariant_breaches_total',
    help: 'Decisions after which the books of a member would not have added up: nothing of them was written',
    registers: [registry],
  });
  const unbooked = new Counter({
    name: 'jifen_ledger_booking_failures_total',
    help: 'Tries to book what is due in an account that failed; its neighbours were booked, and it is tried again',
    registers: [registry],
  });
  return {
    flushed: ({ decideMillis }) => decision.observe(decideMillis / 1_000),
    posted: (events) => {
      for (const { type } of events) postings.inc({ type });
    },
    breached: (count) => breaches.inc(count),
    unbooked: (count) => unbooked.inc(count),
    ...commandMetrics(registry),
    watch: (backlog, queued) => watchBacklog(registry, backlog, queued),
  };
}

const SIZES = [1, 2, 5, 10, 25, 50, 100, 250];

function commandMetrics(registry: Registry): Pick<LedgerMetrics, 'commands' | 'answered'> {
  const registers = [registry];
  const sizes = new Histogram({
    name: 'jifen_ledger_command_flush_commands',
    help: 'Commands of one transaction',
    buckets: SIZES,
    registers,
  });
  const seconds = new Histogram({
    name: 'jifen_ledger_command_flush_seconds',
    help: 'Time of a flush of commands, to its commit',
    buckets: SECONDS,
    registers,
  });
  const outcomes = new Counter({
    name: 'jifen_ledger_commands_total',
    help: 'Commands answered, by kind and outcome: done, replayed, or the code of the refusal',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  return {
    commands: (count, took) => {
      sizes.observe(count);
      seconds.observe(took);
    },
    answered: (kind, outcome) => outcomes.inc({ kind, outcome }),
  };
}

function watchBacklog(registry: Registry, backlog: () => Promise<Backlog>, queued: () => number): void {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  const age = gauge('jifen_ledger_due_age_seconds', 'How long the oldest activation, expiry or hold has been due');
  const transfers = gauge('jifen_ledger_transfers_in_flight', 'Transfers that wait for the answer of the other end');
  const oldest = gauge(
    'jifen_ledger_transfer_age_seconds',
    'How long the oldest transfer in flight has been on its way',
  );
  const waiting = gauge('jifen_ledger_commands_queued', 'Commands that wait for a flush');
  new Gauge({
    name: 'jifen_ledger_due_accounts',
    help: 'Accounts for which an activation, expiry or end of a hold is due and not booked; counted up to 100,000 of each',
    registers: [registry],
    // One look for all of them, whenever the metrics are asked for.
    async collect() {
      waiting.set(queued());
      const seen = await answerOf(registry, 'jifen_ledger_due_accounts', backlog());
      if (seen === undefined) return;
      this.set(seen.accounts);
      age.set(seen.ageMillis / 1_000);
      transfers.set(seen.transfers);
      oldest.set(seen.transferAgeMillis / 1_000);
    },
  });
}
