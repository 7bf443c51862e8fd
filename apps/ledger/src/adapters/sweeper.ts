import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore } from '@jifen/event-store';
import type { LedgerEvent } from '@jifen/ledger';
import type { BackgroundTask } from '@jifen/service-host';
import { sweepActivations, type SweepFailure } from '../application/sweep.ts';
import type { Accounts, DueAccount } from '../application/ports.ts';

/** Accounts of one look, and so of one transaction of a partition. */
const MAX_SWEPT = 250;
const PAUSE_MS = 1_000;

export interface SweeperOptions<Sql> {
  readonly store: EventStore<Sql>;
  readonly accounts: Accounts<Sql>;
  /** Accounts with pending lots whose time has come, earliest first. */
  readonly due: (now: number, limit: number) => Promise<readonly DueAccount[]>;
  readonly clock: () => number;
  readonly posted: (events: readonly LedgerEvent[]) => void;
  /** An account whose books do not add up; it is passed over for an hour. */
  readonly failed: (failure: SweepFailure) => void;
}

/** Looks for due activations once a second, and goes on at once while there are more. Any number of processes may run it. */
export const activationSweeper = <Sql>(options: SweeperOptions<Sql>): BackgroundTask => ({
  name: 'activations',
  run: async (signal) => {
    const { store, accounts, clock, posted, failed } = options;
    while (!signal.aborted) {
      const due = await options.due(clock(), MAX_SWEPT);
      const { events, failures } = await sweepActivations(store, accounts, due);
      posted(events);
      for (const failure of failures) failed(failure);
      if (due.length < MAX_SWEPT) await pause(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  },
});
