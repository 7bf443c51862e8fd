import { instantFromMillis } from '@jifen/kernel';
import type { Attempt, DeliveryState, HeadDelivery, InTransaction, Lane, Lanes } from '../application/ports.ts';
import { inBatches } from './in-batches.ts';
import {
  claimLanes,
  columns,
  dropLanes,
  laneName,
  lockLanes,
  moveLanes,
  type LaneMove,
  type Place,
} from './lane-table.ts';
import type { Queryable } from './queryable.ts';

/** Attempts written in one transaction. */
const MAX_SETTLED = 200;

/** What is to be sent first on each lane, if there is anything. */
const HEADS = `
  SELECT lane.endpoint, lane.key, next.event, next.body, next.attempts, next.replay, receiver.status
    FROM unnest($1::text[], $2::text[]) AS lane (endpoint, key)
    JOIN endpoint AS receiver ON receiver.id = lane.endpoint
   CROSS JOIN LATERAL (
     SELECT event, body, attempts, replayed_at IS NOT NULL AS replay FROM delivery
      WHERE delivery.endpoint = lane.endpoint AND delivery.key = lane.key AND state = 'pending' ORDER BY seq LIMIT 1
   ) AS next`;

/** Of an erased member nothing stays of what has ended but that it was. */
const SETTLE = `
  UPDATE delivery
     SET state = tried.state, attempts = attempts + 1, next_attempt_at = tried.next, last_attempt_at = tried.at,
         last_status = tried.status, last_error = tried.error, last_millis = tried.millis,
         last_answer = CASE WHEN gone.member IS NULL THEN tried.answer END,
         delivered_at = CASE WHEN tried.state = 'delivered' THEN tried.at END,
         body = CASE WHEN gone.member IS NULL THEN body ELSE '' END,
         erased = CASE WHEN gone.member IS NOT NULL THEN encode(sha256(convert_to(body, 'UTF8')), 'hex') END
    FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::integer[], $7::text[],
                $8::text[], $9::integer[], $10::text[])
           AS tried (endpoint, event, state, next, at, status, error, answer, millis, key)
    LEFT JOIN recipient AS gone
      ON tried.state <> 'pending' AND gone.program = split_part(tried.key, '/', 1)
     AND gone.member = split_part(tried.key, '/', 2) AND gone.standing IN ('anonymised', 'removed')
   WHERE delivery.endpoint = tried.endpoint AND delivery.event = tried.event AND delivery.state = 'pending'`;

const DISABLE = `UPDATE endpoint SET status = 'disabled', disabled_reason = $2 WHERE id = $1 AND status = 'enabled'`;

interface HeadRow extends Place, HeadDelivery {
  readonly status: string;
}

export interface DeliveryLaneParts {
  readonly sql: Queryable;
  readonly inTransaction: InTransaction<Queryable>;
}

/** Lanes of webhooks. What many attempts came to is written together: a transaction for each would cost more than sending. */
export function deliveryLanes({ sql, inTransaction }: DeliveryLaneParts): Lanes<HeadDelivery> {
  return {
    claim: async (claim) => {
      const lanes = await claimLanes(sql, claim);
      const heads = await headsOf(sql, lanes);
      return lanes.map((lane) => ({ lane, head: () => Promise.resolve(heads.get(laneName(lane))) }));
    },
    settle: inBatches((attempts) => inTransaction((tx) => settleAll(tx, attempts)), MAX_SETTLED),
    release: (lane, dueAt) =>
      inTransaction(async (tx) => {
        await giveBack(tx, await lockLanes(tx, [lane]), dueAt);
      }),
  };
}

async function headsOf(sql: Queryable, lanes: readonly Lane[]): Promise<ReadonlyMap<string, HeadRow>> {
  if (lanes.length === 0) return new Map();
  const { rows } = await sql.query<HeadRow>(HEADS, columns(lanes));
  return new Map(rows.map((row) => [laneName(row), row]));
}

/** Must hold the lanes' rows: only then is nothing being queued behind our back. */
async function giveBack(sql: Queryable, lanes: readonly Lane[], dueAt: number): Promise<void> {
  const heads = await headsOf(sql, lanes);
  const [full, empty] = [
    lanes.filter((lane) => heads.has(laneName(lane))),
    lanes.filter((lane) => !heads.has(laneName(lane))),
  ];
  await dropLanes(sql, empty);
  await moveLanes(
    sql,
    full.map((lane) => ({ ...lane, dueAt, claim: undefined })),
  );
}

/** Lanes first, then deliveries, both as everybody locks them. Answers what is next for each, in their order. */
async function settleAll(
  sql: Queryable,
  attempts: readonly Attempt<HeadDelivery>[],
): Promise<readonly (HeadDelivery | undefined)[]> {
  const ours = new Set(
    await lockLanes(
      sql,
      attempts.map(({ lane }) => lane),
    ),
  );
  await record(sql, attempts);
  for (const { lane, after } of attempts)
    if (after.kind === 'gone') await sql.query(DISABLE, [lane.endpoint, after.reason]);
  const held = attempts.filter(({ lane }) => ours.has(lane));
  const heads = await headsOf(
    sql,
    held.filter(({ after }) => after.kind !== 'retry').map(({ lane }) => lane),
  );
  const moves: LaneMove[] = [];
  const empty: Lane[] = [];
  const next = new Map<Attempt<HeadDelivery>, HeadDelivery>();
  for (const attempt of held) {
    const { lane, after, at, leaseUntil } = attempt;
    const head = heads.get(laneName(lane));
    if (after.kind === 'retry') moves.push({ ...lane, dueAt: at + after.inMillis, claim: undefined });
    else if (head === undefined) empty.push(lane);
    else if (leaseUntil === undefined || head.status !== 'enabled')
      moves.push({ ...lane, dueAt: at, claim: undefined });
    else {
      moves.push({ ...lane, dueAt: leaseUntil });
      next.set(attempt, head);
    }
  }
  await dropLanes(sql, empty);
  await moveLanes(sql, moves);
  return attempts.map((attempt) => next.get(attempt));
}

async function record(sql: Queryable, attempts: readonly Attempt<HeadDelivery>[]): Promise<void> {
  const rows = attempts.map(({ lane, item, result, after, at, millis }) => {
    const state: DeliveryState = after.kind === 'delivered' ? 'delivered' : after.kind === 'dead' ? 'dead' : 'pending';
    return {
      ...{
        endpoint: lane.endpoint,
        key: lane.key,
        event: item.event,
        state,
        at: instantFromMillis(at),
        millis: Math.round(millis),
      },
      next: after.kind === 'retry' ? instantFromMillis(at + after.inMillis) : null,
      status: result.kind === 'answered' ? result.status : null,
      error: after.kind === 'delivered' ? null : after.reason,
      answer: (result.kind === 'answered' ? result.answer : undefined) ?? null,
    };
  });
  await sql.query(SETTLE, [
    rows.map(({ endpoint }) => endpoint),
    rows.map(({ event }) => event),
    rows.map(({ state }) => state),
    rows.map(({ next }) => next),
    rows.map(({ at }) => at),
    rows.map(({ status }) => status),
    rows.map(({ error }) => error),
    rows.map(({ answer }) => answer),
    rows.map(({ millis }) => millis),
    rows.map(({ key }) => key),
  ]);
}
