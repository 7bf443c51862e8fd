import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '@jifen/event-store';
import { Nudge, type BackgroundTask } from '@jifen/service-host';
import type { PoolClient } from 'pg';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { TieringTables } from '../application/ports.ts';
import { REVIEW_PAGE, reviewSome } from '../application/review.ts';
import type { Queryable } from './queryable.ts';

/** How long a review that fell due may go unnoticed. */
const LOOK_EVERY_MS = 2_000;

export interface ReviewTaskParts {
  readonly store: EventStore<PoolClient>;
  readonly tables: TieringTables<Queryable>;
  readonly sql: Queryable;
  readonly clock: () => number;
  readonly metrics: Registry;
}

/**
 * Holds the reviews that fell due, a page and a partition at a time, and pauses as long as each page took: postings wait for none
 * of it. Where it is interrupted it goes on with what is still due.
 */
export function reviewTask({ store, tables, sql, clock, metrics }: ReviewTaskParts): BackgroundTask {
  const reviewed = new Counter({
    name: 'jifen_tier_reviews_total',
    help: 'Members looked at because a review or its notice fell due',
    registers: [metrics],
  });
  new Gauge({
    name: 'jifen_tier_reviews_waiting',
    help: 'Members whose review or notice is due and was not held yet, counted up to 100,000',
    registers: [metrics],
    async collect() {
      this.set((await tables.reviewBacklog(sql, clock())).members);
    },
  });
  const pause = new Nudge();
  return {
    name: 'review-standings',
    run: async (signal) => {
      while (!signal.aborted) {
        let full = false;
        for (const partition of await tables.partitionsDue(sql, store.partitions, clock())) {
          if (signal.aborted) return;
          const started = performance.now();
          const members = await reviewSome({ store, tables }, partition);
          reviewed.inc(members);
          if (members === REVIEW_PAGE) full = true;
          await sleep(performance.now() - started, undefined, { signal }).catch(() => undefined);
        }
        if (!full) await pause.wait(LOOK_EVERY_MS, signal);
      }
    },
  };
}
