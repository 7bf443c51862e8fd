import { instantFromMillis, memberKey } from '@jifen/kernel';
import type { Delivery, DeliveryState, DeliveryTable } from '../application/ports.ts';
import { openLanes } from './lane-table.ts';
import type { Queryable } from './queryable.ts';

/** Rows of one insert: a thousand events for fifty endpoints come in several. */
const MAX_ROWS = 2_000;

/** The identity is drawn in the order of the arrays, and so is the order of a member's deliveries. */
const QUEUE = `
  INSERT INTO delivery (endpoint, event, key, type, body, state, last_error, created_at)
  SELECT endpoint, event, key, type, body, CASE WHEN error IS NULL THEN 'pending' ELSE 'dead' END, error, $7
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
         WITH ORDINALITY AS new (endpoint, event, key, type, body, error, place)
   ORDER BY place
      ON CONFLICT (endpoint, event) DO NOTHING
  RETURNING endpoint, key, state`;

const COLUMNS = `seq, event, key, type, state, attempts, next_attempt_at, last_attempt_at, last_status, last_error,
         last_answer, last_millis, created_at, delivered_at, replayed_at, erased`;
const FIND = `SELECT ${COLUMNS}, body FROM delivery WHERE endpoint = $1 AND event = $2`;
const LIST = `
  SELECT ${COLUMNS}
    FROM delivery
   WHERE endpoint = $1 AND seq < $2 AND ($3::text IS NULL OR state = $3)
   ORDER BY seq DESC LIMIT $4`;

const AGAIN = `SET state = 'pending', attempts = 0, next_attempt_at = $2, delivered_at = NULL`;
const RESEND = `
  UPDATE delivery ${AGAIN} WHERE endpoint = $1 AND event = ANY ($3::text[]) AND state <> 'pending' AND body <> ''
  RETURNING key`;
const RESEND_DEAD = `
  UPDATE delivery ${AGAIN}
   WHERE endpoint = $1
     AND event IN (SELECT event FROM delivery WHERE endpoint = $1 AND state = 'dead' AND body <> ''
                    ORDER BY seq LIMIT $3)
  RETURNING key`;

/** What is pending is sent anyway; what has no body was too long to be sent, or was erased with its member. */
const REPLAY = `
  WITH page AS MATERIALIZED (
    SELECT event FROM delivery
     WHERE endpoint = $1 AND seq > $3 AND ($4::timestamptz IS NULL OR created_at >= $4)
       AND state <> 'pending' AND body <> ''
     ORDER BY seq LIMIT $5
  )
  UPDATE delivery ${AGAIN}, replayed_at = $2 FROM page
   WHERE delivery.endpoint = $1 AND delivery.event = page.event
  RETURNING delivery.key, delivery.seq`;

const DROPPED = `body = '', erased = encode(sha256(convert_to(body, 'UTF8')), 'hex'), last_answer = NULL`;
const OF_MEMBER = `endpoint IN (SELECT id FROM endpoint WHERE program = $1) AND key = $2 AND body <> ''`;
const ERASE = `UPDATE delivery SET ${DROPPED} WHERE ${OF_MEMBER} AND state = 'dead'`;
const SILENCE = `
  UPDATE delivery SET ${DROPPED}, state = 'dead', next_attempt_at = NULL, last_error = 'the member was erased'
   WHERE ${OF_MEMBER} AND state = 'pending' AND type LIKE 'notification.%'`;

const FORGET = `
  DELETE FROM delivery
   WHERE (endpoint, event) IN (SELECT endpoint, event FROM delivery
                                WHERE state = 'delivered' AND delivered_at < $1 ORDER BY delivered_at LIMIT $2)`;

interface DeliveryRow {
  readonly seq: number;
  readonly event: string;
  readonly key: string;
  readonly type: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly next_attempt_at: Date | null;
  readonly last_attempt_at: Date | null;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly last_answer: string | null;
  readonly last_millis: number | null;
  readonly created_at: Date;
  readonly delivered_at: Date | null;
  readonly replayed_at: Date | null;
  readonly erased: string | null;
}

const deliveryOf = (row: DeliveryRow): Delivery => ({
  seq: row.seq,
  event: row.event,
  key: row.key,
  type: row.type,
  state: row.state,
  attempts: row.attempts,
  nextAttemptAt: row.state === 'pending' ? row.next_attempt_at?.toISOString() : undefined,
  lastAttemptAt: row.last_attempt_at?.toISOString(),
  lastStatus: row.last_status ?? undefined,
  lastError: row.last_error ?? undefined,
  lastAnswer: row.last_answer ?? undefined,
  lastMillis: row.last_millis ?? undefined,
  createdAt: row.created_at.toISOString(),
  deliveredAt: row.delivered_at?.toISOString(),
  replayedAt: row.replayed_at?.toISOString(),
  erased: row.erased ?? undefined,
});

export const deliveryTable: DeliveryTable<Queryable> = {
  queue: async (sql, deliveries, now) => {
    let queued = 0;
    const at = instantFromMillis(now);
    for (let from = 0; from < deliveries.length; from += MAX_ROWS) {
      const rows = deliveries.slice(from, from + MAX_ROWS);
      const { rows: fresh } = await sql.query<{ endpoint: string; key: string; state: DeliveryState }>(QUEUE, [
        rows.map((row) => row.endpoint),
        rows.map((row) => row.event),
        rows.map((row) => row.key),
        rows.map((row) => row.type),
        rows.map((row) => (row.refused === undefined ? row.body : '')),
        rows.map((row) => row.refused ?? null),
        at,
      ]);
      queued += fresh.length;
      await openLanes(
        sql,
        fresh.filter(({ state }) => state === 'pending').map(({ endpoint, key }) => ({ endpoint, key, dueAt: now })),
      );
    }
    return queued;
  },

  list: async (sql, endpoint, { before, state, limit }) => {
    const { rows } = await sql.query<DeliveryRow>(LIST, [
      endpoint,
      before ?? Number.MAX_SAFE_INTEGER,
      state ?? null,
      limit,
    ]);
    return rows.map(deliveryOf);
  },

  find: async (sql, endpoint, event) => {
    const { rows } = await sql.query<DeliveryRow & { readonly body: string }>(FIND, [endpoint, event]);
    return rows[0] === undefined ? undefined : { ...deliveryOf(rows[0]), body: rows[0].body };
  },

  resend: async (sql, endpoint, events, limit, now) => {
    const at = instantFromMillis(now);
    const { rows } =
      events === undefined
        ? await sql.query<{ key: string }>(RESEND_DEAD, [endpoint, at, limit])
        : await sql.query<{ key: string }>(RESEND, [endpoint, at, events.slice(0, limit)]);
    await openLanes(
      sql,
      rows.map(({ key }) => ({ endpoint, key, dueAt: now })),
      'now',
    );
    return rows.length;
  },

  replay: async (sql, endpoint, { after, since }, limit, now) => {
    const values = [endpoint, instantFromMillis(now), after, since ?? null, limit];
    const { rows } = await sql.query<{ key: string; seq: number }>(REPLAY, values);
    await openLanes(
      sql,
      rows.map(({ key }) => ({ endpoint, key, dueAt: now })),
      'now',
    );
    const last = rows.reduce((most, { seq }) => Math.max(most, seq), 0);
    return { replayed: rows.length, last: rows.length < limit ? undefined : last };
  },

  erase: async (sql, { program, member }) => {
    await sql.query(ERASE, [program, memberKey(program, member)]);
  },

  silence: async (sql, { program, member }) => {
    await sql.query(SILENCE, [program, memberKey(program, member)]);
  },

  forget: async (sql, before, limit) => (await sql.query(FORGET, [instantFromMillis(before), limit])).rowCount ?? 0,
};
