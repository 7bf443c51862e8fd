import type { BackgroundTask, Nudge } from '@jifen/service-host';
import { remindMembers, type RemindParts } from '../application/remind.ts';
import type { Queryable } from './queryable.ts';

const LOOK_EVERY_MS = 60_000;

export interface ReminderTaskParts extends RemindParts<Queryable> {
  /** A ledger is all read. */
  readonly nudge: Nudge;
  /** Reminders are waiting to be sent. */
  readonly onQueued: () => void;
}

/** Looks every minute whether the day's reminders of a program are due. */
export const reminderTask = (parts: ReminderTaskParts): BackgroundTask => ({
  name: 'remind-members',
  run: async (signal) => {
    while (!signal.aborted) {
      if ((await remindMembers(parts, signal)) > 0) parts.onQueued();
      await parts.nudge.wait(LOOK_EVERY_MS, signal);
    }
  },
});
