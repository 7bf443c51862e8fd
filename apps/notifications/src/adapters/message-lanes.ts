import { composeNext, type ComposeParts } from '../application/compose.ts';
import type { Channel, HeadMessage, MessageTable } from '../application/message-ports.ts';
import type { Attempt, InTransaction, Lane, Lanes } from '../application/ports.ts';
import type { AttemptResult } from '@jifen/notifications';
import { claimLanes, dropLane, lockLane, moveLane } from './lane-table.ts';
import type { Queryable } from './queryable.ts';

export interface MessageLaneParts extends ComposeParts<Queryable> {
  readonly sql: Queryable;
  readonly inTransaction: InTransaction<Queryable>;
  readonly messages: MessageTable<Queryable>;
}

/** Lanes of messages: one a channel and member, as those of webhooks are one an endpoint and member. */
export function messageLanes(parts: MessageLaneParts): Lanes<HeadMessage> {
  const { sql: pool, inTransaction, messages } = parts;
  const head = (sql: Queryable, lane: Lane): Promise<HeadMessage | undefined> => composeNext(parts, sql, lane);

  /** Must hold the lane's row: only then is nothing being queued behind our back. */
  async function giveBack(sql: Queryable, lane: Lane): Promise<void> {
    const dueAt = await messages.nextDue(sql, lane);
    if (dueAt === undefined) await dropLane(sql, lane);
    else await moveLane(sql, lane, dueAt, undefined);
  }

  async function settle(sql: Queryable, attempt: Attempt<HeadMessage>): Promise<HeadMessage | undefined> {
    const { lane, leaseUntil } = attempt;
    const ours = await lockLane(sql, lane);
    await record(messages, sql, attempt);
    if (!ours) return undefined;
    const next = leaseUntil === undefined ? undefined : await head(sql, lane);
    if (next === undefined || leaseUntil === undefined) await giveBack(sql, lane);
    else await moveLane(sql, lane, leaseUntil, lane.claim);
    return next;
  }

  return {
    claim: async (claim) => {
      const lanes = await claimLanes(pool, claim);
      return lanes.map((lane) => ({ lane, head: () => head(pool, lane) }));
    },
    settle: (attempt) => inTransaction((sql) => settle(sql, attempt)),
    release: (lane) =>
      inTransaction(async (sql) => {
        if (await lockLane(sql, lane)) await giveBack(sql, lane);
      }),
  };
}

async function record(
  messages: MessageTable<Queryable>,
  sql: Queryable,
  { item, after, at }: Attempt<HeadMessage>,
): Promise<void> {
  const { content } = item;
  if (after.kind === 'delivered') {
    if (!('fault' in content)) await messages.sent(sql, { ...item, content }, at);
    return;
  }
  const retryAt = after.kind === 'retry' ? at + after.inMillis : undefined;
  await messages.failed(sql, item.ids, after.reason, retryAt, at);
}

/** A message that could not be put into words is dead until its template is mended and it is sent again. */
export const sendBy = ({ send }: Channel, message: HeadMessage): Promise<AttemptResult> => {
  const { content } = message;
  if ('fault' in content) return Promise.resolve({ kind: 'refused', error: `template: ${content.fault}` });
  return send({ ...message, content });
};
