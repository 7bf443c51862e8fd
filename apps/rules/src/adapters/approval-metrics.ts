import { answerOf } from '@jifen/service-host';
import { Gauge, type Registry } from 'prom-client';
import { waitingAwards } from './approval-tables.ts';
import type { Queryable } from './queryable.ts';

const MAX_COUNTED = 100_000;

/** How many awards wait for somebody, and for how long; asked of the database when the metrics are. */
export function observeApprovals(registry: Registry, sql: Queryable, clock: () => number): void {
  const registers = [registry];
  const age = new Gauge({
    name: 'jifen_rules_approval_age_seconds',
    help: 'How long the award that waits longest for approval has waited; 0 when none does',
    registers,
  });
  new Gauge({
    name: 'jifen_rules_approvals_waiting',
    help: 'Awards that wait for approval, of all programs; counted up to 100,000',
    registers,
    async collect() {
      const seen = await answerOf(registry, 'jifen_rules_approvals_waiting', waitingAwards(sql, MAX_COUNTED));
      if (seen === undefined) return;
      this.set(seen.count);
      age.set(seen.oldest === null ? 0 : Math.max(0, clock() - seen.oldest.getTime()) / 1_000);
    },
  });
}
