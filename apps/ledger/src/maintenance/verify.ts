import {
  isSound,
  verifyLog,
  type Findings,
  type StreamRange,
  type Threads,
  type Verification,
} from '@jifen/event-store-postgres';
import type { Pool, PoolClient } from 'pg';
import { rangeOfMember, rangesOfAll } from './account-range.ts';
import { headsOf } from './follower.ts';
import { besideNoRebuild, LOG, SCHEMA } from './session.ts';
import { walkAccounts, withSums } from './walk.ts';

export interface LedgerVerification {
  readonly ok: boolean;
  /** The hash chain of the log; names the first row that was changed, removed or added. */
  readonly chain: Verification;
  /** The live tables against a fold of the log; left out when the chain is broken, because then the log proves nothing. */
  readonly balances?: Findings;
}

/** Which accounts: those of a member, of a partition, or all. */
export interface AccountScope {
  readonly member?: { readonly program: string; readonly member: string };
  readonly partition?: number;
}

export interface CompareOptions extends AccountScope {
  /** The owner's, of at least three connections. */
  readonly pool: Pool;
  /** Walks and folds in threads of their own; without it in this one. */
  readonly threads?: Threads;
  /** Events folded so far, of how many. */
  readonly onProgress?: (progress: { readonly position: number; readonly of: number }) => void;
}

async function* rangesOf(client: PoolClient, { member, partition }: AccountScope): AsyncGenerator<StreamRange> {
  if (member === undefined) yield* rangesOfAll(client, partition);
  else yield rangeOfMember(member.program, member.member);
}

/** Folds the log and compares every row of every projection. Changes nothing, blocks nobody. */
export async function compareBalances(options: CompareOptions): Promise<Findings> {
  const { pool, threads, partition, member, onProgress } = options;
  return besideNoRebuild(pool, async (client) => {
    const heads = [...(await headsOf(client))].filter(([each]) => partition === undefined || each === partition);
    const of = heads.reduce((sum, [, position]) => sum + position, 0);
    const found = await walkAccounts({
      pool,
      // One member's accounts are one range.
      ...(threads === undefined || member !== undefined ? {} : { threads }),
      ranges: rangesOf(client, options),
      onProgress: (events) => {
        if (member === undefined) onProgress?.({ position: Math.min(events, of), of });
      },
    });
    // A sum is of all members of a partition.
    return member === undefined ? withSums(client, found, partition) : found;
  });
}

/** Walks the hash chain of the whole log, then compares the accounts. */
export async function verifyLedger(options: CompareOptions): Promise<LedgerVerification> {
  const { pool, threads, onProgress } = options;
  const place = { pool, schema: SCHEMA, log: LOG, ...(threads === undefined ? {} : { threads }) };
  const chain = await verifyLog(place, ({ events, total }) => onProgress?.({ position: events, of: total }));
  if (!chain.ok) return { ok: false, chain };
  const balances = await compareBalances(options);
  return { ok: isSound(balances), chain, balances };
}
