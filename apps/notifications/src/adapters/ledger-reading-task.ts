import type { BackgroundTask, Nudge } from '@jifen/service-host';
import { readLedger, type ReadLedgerParts } from '../application/read-ledger.ts';
import type { Queryable } from './queryable.ts';

const LOOK_EVERY_MS = 60_000;

export interface LedgerReadingTaskParts extends ReadLedgerParts<Queryable> {
  /** Settings were saved. */
  readonly nudge: Nudge;
  /** Lots are all read: reminders may be due. */
  readonly onRead: () => void;
}

/** Apart from the reminders: a long log keeps no other program waiting. */
export const ledgerReadingTask = (parts: LedgerReadingTaskParts): BackgroundTask => ({
  name: 'read-ledger',
  run: async (signal) => {
    while (!signal.aborted) {
      if (await readLedger(parts, signal)) parts.onRead();
      await parts.nudge.wait(LOOK_EVERY_MS, signal);
    }
  },
});
