import { answerOf } from '@jifen/service-host';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { AttemptEnd } from '../application/deliver.ts';
import type { Queryable } from './queryable.ts';

const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

type OnAttempt = (end: AttemptEnd, millis: number) => void;

export const webhookMetrics = (registry: Registry): OnAttempt =>
  attemptMetrics(registry, {
    attempts: ['jifen_webhook_attempts_total', 'Attempts to deliver a webhook by what came of them'],
    seconds: ['jifen_webhook_seconds', 'Time until a receiver answered, or did not'],
  });

export const messageMetrics = (registry: Registry): OnAttempt =>
  attemptMetrics(registry, {
    attempts: ['jifen_message_attempts_total', 'Attempts to send a message to a member by what came of them'],
    seconds: ['jifen_message_seconds', 'Time until a channel took a message, or did not'],
  });

const READINGS = 'SELECT count(*)::int AS behind FROM ledger_reading WHERE NOT live';

/** Of all programs and processes; asked of the database when the metrics are. */
export function observeReadings(registry: Registry, sql: Queryable): void {
  new Gauge({
    name: 'jifen_reminder_readings',
    help: 'Partitions, of each program that reminds, in which points from before are read still; nobody is reminded until then',
    registers: [registry],
    async collect() {
      const question = sql.query<{ readonly behind: number }>(READINGS, []);
      const row = (await answerOf(registry, 'jifen_reminder_readings', question))?.rows[0];
      if (row === undefined) this.reset();
      else this.set(row.behind);
    },
  });
}

type Named = readonly [name: string, help: string];

function attemptMetrics(registry: Registry, named: { readonly attempts: Named; readonly seconds: Named }): OnAttempt {
  const registers = [registry];
  const attempts = new Counter({ name: named.attempts[0], help: named.attempts[1], labelNames: ['end'], registers });
  const seconds = new Histogram({ name: named.seconds[0], help: named.seconds[1], buckets: SECONDS, registers });
  return (end, millis) => {
    attempts.inc({ end });
    seconds.observe(millis / 1_000);
  };
}
