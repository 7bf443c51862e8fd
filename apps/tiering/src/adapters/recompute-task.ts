import type { BackgroundTask, Nudge } from '@jifen/service-host';
import type { PoolClient } from 'pg';
import type { EventStore } from '@jifen/event-store';
import type { TieringTables } from '../application/ports.ts';
import { collectOrders } from '../application/collect-orders.ts';
import { recomputeAll } from '../application/recompute.ts';
import type { Queryable } from './queryable.ts';

/** A ladder published for later comes into force without anybody telling: how long that may go unnoticed. */
const LOOK_EVERY_MS = 2_000;

export interface RecomputeTaskParts {
  readonly store: EventStore<PoolClient>;
  readonly tables: TieringTables<Queryable>;
  readonly sql: Queryable;
  readonly clock: () => number;
  readonly ladderChanged: Nudge;
}

export const recomputeTask = ({ store, tables, sql, clock, ladderChanged }: RecomputeTaskParts): BackgroundTask => ({
  name: 'recompute-standings',
  run: async (signal) => {
    while (!signal.aborted) {
      await collectOrders({ store, tables }, sql, signal);
      await recomputeAll({ store, tables }, sql, clock(), signal);
      await ladderChanged.wait(LOOK_EVERY_MS, signal);
    }
  },
});
