import { Nudge, type BackgroundTask } from '@jifen/service-host';
import { Deliverer, type DelivererParts } from '../application/deliver.ts';
import type { Receiver, Sendable } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

export interface DeliveryTaskParts<To extends Receiver, Item extends Sendable> extends DelivererParts<To, Item> {
  readonly name: string;
  readonly pollMs: number;
  readonly nudge: Nudge;
  /** Lets go of idle connections; sending again opens new ones. */
  readonly closeConnections: () => void;
}

/** Sends while there is something due and a place free; sleeps until it is nudged or the poll is over. */
export const deliveryTask = <To extends Receiver, Item extends Sendable>(
  parts: DeliveryTaskParts<To, Item>,
): BackgroundTask => ({
  name: parts.name,
  run: async (signal) => {
    const deliverer = new Deliverer({ ...parts, onPlace: () => parts.nudge.nudge() });
    try {
      while (!signal.aborted) {
        if ((await deliverer.round()) === 0) await parts.nudge.wait(parts.pollMs, signal);
      }
    } finally {
      await deliverer.stop();
      parts.closeConnections();
    }
  },
});

const FORGET_EVERY_MS = 60_000;
const FORGET_BATCH = 1_000;

/** What has ended and is kept for a while. */
export interface Forgetful {
  /** Forgets what ended before the instant, at most `limit`; answers how many. */
  forget(sql: Queryable, before: number, limit: number): Promise<number>;
}

export interface RetentionTaskParts {
  readonly name: string;
  readonly sql: Queryable;
  readonly table: Forgetful;
  readonly retentionMs: number;
  readonly clock: () => number;
}

/** What is done is kept for a while to be looked at; what is pending stays. */
export const retentionTask = ({ name, sql, table, retentionMs, clock }: RetentionTaskParts): BackgroundTask => ({
  name,
  run: async (signal) => {
    const nudge = new Nudge();
    while (!signal.aborted) {
      const forgotten = await table.forget(sql, clock() - retentionMs, FORGET_BATCH);
      if (forgotten < FORGET_BATCH) await nudge.wait(FORGET_EVERY_MS, signal);
    }
  },
});
