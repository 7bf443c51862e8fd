import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '@jifen/event-store';
import type { LedgerEvent } from '@jifen/ledger';
import type { BackgroundTask, Nudge } from '@jifen/service-host';
import type { Pool, PoolClient } from 'pg';
import { ANSWERS_KEPT_MS } from '../application/answers.ts';
import { bookDueAccounts, type Unbooked } from '../application/book-due.ts';
import type { Breach } from '../application/breach.ts';
import { deliverLegs } from '../application/deliver-legs.ts';
import type { Accounts } from '../application/ports.ts';
import { PutOff } from '../application/put-off.ts';
import { pruneAnswers } from './answer-table.ts';
import { dueAccounts, ensureLanes, inLane, partitionsWithWork } from './lanes.ts';
import { dueLegs, legTable } from './leg-table.ts';
import { MEMBER_TABLES } from './standing-table.ts';

/** Accounts of one transaction: it holds the partition's row, which earning waits for, some ten milliseconds. */
export const MAX_BOOKED = 100;
const MAX_LEGS = 100;
const PAUSE_MS = 1_000;
/** A lane is let go after this long, so that its connection is not idle in a transaction for ever. */
const MAX_LANE_MS = 5_000;
const MAX_PRUNED = 5_000;
const PRUNE_EVERY_MS = 60_000;

export interface SchedulerOptions {
  readonly pool: Pool;
  readonly store: EventStore<PoolClient>;
  readonly accounts: Accounts<PoolClient>;
  readonly posted: (events: readonly LedgerEvent[]) => void;
  readonly breached: (breaches: readonly Breach[]) => void;
  /** Told of accounts that could not be booked; each is tried again later. */
  readonly unbooked: (failed: readonly Unbooked[]) => void;
  /** Wakes the task before its pause is over: a transfer has left. */
  readonly nudge: Pick<Nudge, 'wait'>;
}

/**
 * Everything that time or another account brings about. There is no leader: each process looks which partitions have
 * something due and works on those whose lane nobody else holds, in bounded batches, and pauses as long as each took.
 * What is due is asked by the clock of the store, by which it is decided too, so that no process books early or never.
 */
export const scheduler = (options: SchedulerOptions): BackgroundTask => ({
  name: 'due',
  run: async (signal) => {
    const { pool, store, nudge } = options;
    await ensureLanes(pool, store.partitions);
    const putOff = new PutOff();
    let pruneAt = 0;
    while (!signal.aborted) {
      let worked = false;
      for (const partition of await partitionsWithWork(pool, store.partitions, await store.now())) {
        if (signal.aborted) return;
        await inLane(pool, partition, async () => {
          if (await work(options, putOff, partition, signal)) worked = true;
        });
      }
      if (performance.now() >= pruneAt) {
        const pruned = await pruneAnswers(pool, (await store.now()) - ANSWERS_KEPT_MS, MAX_PRUNED);
        if (pruned < MAX_PRUNED) pruneAt = performance.now() + PRUNE_EVERY_MS;
      }
      if (!worked) await nudge.wait(PAUSE_MS, signal);
    }
  },
});

/** All that is due in the partition, until there is no more or others should have their turn; whether there was any. */
async function work(
  options: SchedulerOptions,
  putOff: PutOff,
  partition: number,
  signal: AbortSignal,
): Promise<boolean> {
  const started = performance.now();
  let worked = false;
  while (!signal.aborted && performance.now() - started < MAX_LANE_MS) {
    const batch = performance.now();
    const booked = await bookSome(options, putOff, partition);
    const delivered = await deliverSome(options, partition);
    if (booked > 0 || delivered > 0) worked = true;
    if (booked < MAX_BOOKED && delivered < MAX_LEGS) return worked;
    await sleep(performance.now() - batch, undefined, { signal }).catch(() => undefined);
  }
  return worked;
}

async function bookSome(options: SchedulerOptions, putOff: PutOff, partition: number): Promise<number> {
  const { pool, store, accounts, posted, breached, unbooked } = options;
  const now = await store.now();
  const keys = await dueAccounts(pool, partition, now, MAX_BOOKED, putOff.resting(now));
  if (keys.length === 0) return 0;
  const { events, breaches, failed } = await bookDueAccounts(store, accounts, partition, keys);
  posted(events);
  breached(breaches);
  const failing = new Set(failed.map(({ account }) => account));
  for (const key of keys) if (!failing.has(key)) putOff.succeeded(key);
  for (const account of failing) putOff.failed(account, now);
  if (failed.length > 0) unbooked(failed);
  return keys.length;
}

async function deliverSome(options: SchedulerOptions, partition: number): Promise<number> {
  const { pool, store, accounts, posted, breached } = options;
  const legs = await dueLegs(pool, partition, await store.now(), MAX_LEGS);
  if (legs.length === 0) return 0;
  const { events, breaches } = await deliverLegs({ store, accounts, legs: legTable, ...MEMBER_TABLES }, legs);
  posted(events);
  breached(breaches);
  return legs.length;
}
