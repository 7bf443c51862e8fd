import type { BackgroundTask } from '@jifen/service-host';
import type { PoolClient } from 'pg';
import type { EventStore } from '@jifen/event-store';
import type { TieringTables } from '../application/ports.ts';
import { recomputeAll } from '../application/recompute.ts';
import type { Queryable } from './queryable.ts';

/** A ladder published for later comes into force without anybody telling: how long that may go unnoticed. */
const LOOK_EVERY_MS = 2_000;

/** Lets the task sleep until there is something to do, or until it should look anyway. */
export class Nudge {
  private wake: (() => void) | undefined;
  private pending = false;

  nudge(): void {
    this.pending = true;
    this.wake?.();
  }

  async wait(millis: number, signal: AbortSignal): Promise<void> {
    if (!this.pending && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, millis);
        this.wake = (): void => {
          clearTimeout(timer);
          resolve();
        };
        signal.addEventListener('abort', this.wake, { once: true });
      });
      if (this.wake !== undefined) signal.removeEventListener('abort', this.wake);
      this.wake = undefined;
    }
    this.pending = false;
  }
}

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
      await recomputeAll({ store, tables }, sql, clock(), signal);
      await ladderChanged.wait(LOOK_EVERY_MS, signal);
    }
  },
});
