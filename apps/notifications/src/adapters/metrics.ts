import { Counter, Histogram, type Registry } from 'prom-client';
import type { AttemptEnd } from '../application/deliver.ts';

const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function webhookMetrics(registry: Registry): (end: AttemptEnd, millis: number) => void {
  const attempts = new Counter({
    name: 'jifen_webhook_attempts_total',
    help: 'Attempts to deliver a webhook by what came of them',
    labelNames: ['end'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'jifen_webhook_seconds',
    help: 'Time until a receiver answered, or did not',
    buckets: SECONDS,
    registers: [registry],
  });
  return (end, millis) => {
    attempts.inc({ end });
    seconds.observe(millis / 1_000);
  };
}
