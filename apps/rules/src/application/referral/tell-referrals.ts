import type { EventStore, Transaction } from '@jifen/event-store';
import { InvariantError, partitionOf } from '@jifen/kernel';
import type { RateParts } from '../batch-session.ts';
import { causeOf, type CauseItem } from '../cause.ts';
import type { ReferralMessage } from '../ports.ts';
import { rateBatch } from '../rate-batch.ts';

/** Messages of one round. */
export const MAX_TOLD = 100;
/** What could not be told, or whose teller died, is taken again after this long. */
export const LEASE_MS = 10_000;
/** Of one flush of a world in memory. */
const MAX_ROUNDS = 1_000;

/** A message whose member waits for somebody to look, or whose rating cannot be made. */
export interface Untold {
  readonly message: ReferralMessage;
  readonly detail: string;
}

export interface TellParts<Sql, Tx extends Sql> extends RateParts<Sql> {
  /** The rating log. */
  readonly store: EventStore<Tx>;
}

/** One round: how many were taken, and which of them wait. */
export interface Telling {
  readonly taken: number;
  readonly untold: readonly Untold[];
}

/**
 * Rates what referrals make happen to members of other partitions: a transaction at each partition, then the messages are settled.
 * A crash in between repeats it, which rates nothing again: a rating knows the revision that it was made of.
 */
export async function tellReferrals<Sql, Tx extends Sql>(parts: TellParts<Sql, Tx>, sql: Sql): Promise<Telling> {
  const { tables, store } = parts;
  const taken = await tables.takeReferrals(sql, await store.now(), LEASE_MS, MAX_TOLD);
  const untold: Untold[] = [];
  for (const [partition, messages] of byPartition(taken, store.partitions))
    untold.push(...(await tellPartition(parts, partition, messages)));
  const waiting = new Set(untold.map(({ message }) => message));
  const told = taken.filter((message) => !waiting.has(message));
  if (told.length > 0) await tables.settleReferrals(sql, told);
  return { taken: taken.length, untold };
}

/** All together; where one of them cannot be rated each by itself, so that it holds up nobody. */
async function tellPartition<Sql, Tx extends Sql>(
  parts: TellParts<Sql, Tx>,
  partition: number,
  messages: readonly ReferralMessage[],
): Promise<readonly Untold[]> {
  try {
    return await parts.store.transact({ partitions: [partition] }, async (tx) => {
      const parked = await tx.parkedAmong(messages.map(({ owner }) => owner));
      const open = messages.filter(({ owner }) => !parked.has(owner));
      await rateBatch(tx, parts, itemsOf(open, partition));
      return messages
        .filter(({ owner }) => parked.has(owner))
        .map((message) => ({ message, detail: 'the member is parked' }));
    });
  } catch (error) {
    if (!(error instanceof InvariantError)) throw error;
    const [only, ...others] = messages;
    if (only !== undefined && others.length === 0) return [{ message: only, detail: error.message }];
  }
  const untold: Untold[] = [];
  for (const message of messages) untold.push(...(await tellPartition(parts, partition, [message])));
  return untold;
}

/** In a world of one partition: within the transaction that made them. */
export async function tellInPlace<Sql>(tx: Transaction<Sql>, parts: RateParts<Sql>, partition: number): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const messages = await parts.tables.takeReferrals(tx.sql, tx.now, 0, MAX_TOLD);
    if (messages.length === 0) return;
    await rateBatch(tx, parts, itemsOf(messages, partition));
    await parts.tables.settleReferrals(tx.sql, messages);
  }
  throw new Error(`referrals lead to more than ${MAX_ROUNDS * MAX_TOLD} others`);
}

const itemsOf = (messages: readonly ReferralMessage[], partition: number): readonly CauseItem[] =>
  messages.map(({ owner, event, revision, origin, meta }) => ({
    kind: 'activity',
    owner,
    event,
    cause: causeOf(owner, { kind: 'activity', event }),
    partition,
    position: origin.position,
    meta,
    told: { revision, origin },
  }));

function byPartition(
  messages: readonly ReferralMessage[],
  partitions: number,
): ReadonlyMap<number, readonly ReferralMessage[]> {
  const groups = new Map<number, ReferralMessage[]>();
  for (const message of messages) {
    const partition = partitionOf(message.owner, partitions);
    groups.set(partition, [...(groups.get(partition) ?? []), message]);
  }
  return groups;
}
