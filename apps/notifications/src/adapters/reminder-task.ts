import { Nudge, type BackgroundTask } from '@jifen/service-host';
import { remindOfExpiry, type RemindParts } from '../application/remind.ts';
import type { Queryable } from './queryable.ts';

const LOOK_EVERY_MS = 60_000;

export interface ReminderTaskParts extends RemindParts<Queryable> {
  /** Reminders are waiting to be sent. */
  readonly onQueued: () => void;
}

/** Looks every minute whether the day's reminders of a program are due. */
export const reminderTask = (parts: ReminderTaskParts): BackgroundTask => ({
  name: 'remind-of-expiry',
  run: async (signal) => {
    const nudge = new Nudge();
    while (!signal.aborted) {
      if ((await remindOfExpiry(parts, signal)) > 0) parts.onQueued();
      await nudge.wait(LOOK_EVERY_MS, signal);
    }
  },
});
