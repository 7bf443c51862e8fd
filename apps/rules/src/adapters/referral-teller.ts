import type { BackgroundTask, Nudge, ServiceContext } from '@jifen/service-host';
import { tellReferrals, type TellParts } from '../application/referral/tell-referrals.ts';
import type { Pool, PoolClient } from 'pg';

import type { Queryable } from './queryable.ts';

/** Looks for what another process left. */
const POLL_MS = 2_000;

export interface TellerOptions extends TellParts<Queryable, PoolClient> {
  readonly sql: Pool;
  readonly logger: ServiceContext['logger'];
  /** Wakes the task before its pause is over: a flush left something to tell. */
  readonly nudge: Nudge;
}

/** Brings what referrals earn to members of any partition; every process may, and none does what another is at. */
export const referralTeller = ({ sql, logger, nudge, ...parts }: TellerOptions): BackgroundTask => ({
  name: 'referrals',
  run: async (signal) => {
    while (!signal.aborted) {
      const { taken, untold } = await tellReferrals(parts, sql);
      for (const { message, detail } of untold)
        logger.error({ owner: message.owner, cause: message.event.id, detail }, 'a referral waits for its member');
      if (taken === 0) await nudge.wait(POLL_MS, signal);
    }
  },
});
