import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore } from '@jifen/event-store';
import type { BackgroundTask } from '@jifen/service-host';
import type { Pool, PoolClient } from 'pg';
import { Counter, Gauge, type Registry } from 'prom-client';
import { auditStep, parkDrifted, type Finding } from '../maintenance/audit.ts';

/** Events of a step at most: some 10 ms of work, so that nobody notices. */
const MAX_STEP = 200;
const DEFAULT_EVENTS_PER_SECOND = 500;
const MAX_EVENTS_PER_SECOND = 100_000;
/** After the last account, and while another process audits. */
const REST_MS = 10_000;

/** `JIFEN_AUDIT_EVENTS_PER_SECOND`; 0 switches the audit off. */
export function auditPace(environment: Readonly<Record<string, string | undefined>>): number {
  const text = environment['JIFEN_AUDIT_EVENTS_PER_SECOND'] ?? '';
  const pace = text === '' ? DEFAULT_EVENTS_PER_SECOND : Number(text);
  if (Number.isInteger(pace) && pace >= 0 && pace <= MAX_EVENTS_PER_SECOND) return pace;
  throw new Error(`JIFEN_AUDIT_EVENTS_PER_SECOND must be an integer from 0 to ${MAX_EVENTS_PER_SECOND}, not ${text}`);
}

export interface AuditorOptions {
  readonly pool: Pool;
  readonly store: EventStore<PoolClient>;
  readonly clock: () => number;
  readonly metrics: Registry;
  readonly eventsPerSecond: number;
  readonly found: (findings: readonly Finding[], parked: readonly string[]) => void;
}

/** Walks all accounts again and again, slowly, and parks members whose tables do not agree with the log. */
export function auditor({ pool, store, clock, metrics, eventsPerSecond, found }: AuditorOptions): BackgroundTask {
  const audited = new Counter({
    name: 'jifen_ledger_audited_accounts_total',
    help: 'Accounts whose tables were compared with the log',
    registers: [metrics],
  });
  const open = new Gauge({
    name: 'jifen_ledger_audit_findings',
    help: 'Rows that do not agree with the log, as the audit last saw them',
    registers: [metrics],
  });
  const rest = (millis: number, signal: AbortSignal): Promise<unknown> =>
    pause(millis, undefined, { signal }).catch(() => undefined);
  return {
    name: 'audit',
    run: async (signal) => {
      while (!signal.aborted) {
        const step =
          eventsPerSecond === 0 ? undefined : await auditStep(pool, Math.min(MAX_STEP, eventsPerSecond), clock());
        if (step === undefined) {
          await rest(REST_MS, signal);
          continue;
        }
        audited.inc(step.accounts);
        open.set(step.open);
        if (step.fresh.length > 0) found(step.fresh, await parkDrifted(store, step.fresh));
        await rest(step.finished ? REST_MS : (1_000 * Math.max(1, step.events)) / eventsPerSecond, signal);
      }
    },
  };
}
