import type { BackgroundTask, Nudge } from '@jifen/service-host';
import { Deliverer, type DelivererParts } from '../application/deliver.ts';
import type { DeliveryTable } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

export interface DeliveryTaskParts extends DelivererParts<Queryable> {
  readonly pollMs: number;
  readonly nudge: Nudge;
  /** Lets go of idle connections; sending again opens new ones. */
  readonly closeConnections: () => void;
}

/** Sends while there is something due and a place free; sleeps until it is nudged or the poll is over. */
export const deliveryTask = (parts: DeliveryTaskParts): BackgroundTask => ({
  name: 'deliver-webhooks',
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

export interface RetentionTaskParts {
  readonly sql: Queryable;
  readonly deliveries: Pick<DeliveryTable<Queryable>, 'forget'>;
  readonly retentionMs: number;
  readonly clock: () => number;
  readonly nudge: Nudge;
}

/** Delivered webhooks are kept for a while to be looked at; pending and dead ones stay. */
export const retentionTask = ({ sql, deliveries, retentionMs, clock, nudge }: RetentionTaskParts): BackgroundTask => ({
  name: 'forget-delivered-webhooks',
  run: async (signal) => {
    while (!signal.aborted) {
      const forgotten = await deliveries.forget(sql, clock() - retentionMs, FORGET_BATCH);
      if (forgotten < FORGET_BATCH) await nudge.wait(FORGET_EVERY_MS, signal);
    }
  },
});
