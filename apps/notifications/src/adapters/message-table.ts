import { instantFromMillis, memberKey, present } from '@jifen/kernel';
import { memberOfKey, type Facts, type Language, type Trigger } from '@jifen/notifications';
import type {
  MemberKey,
  Message,
  MessageState,
  MessageTable,
  PageRequest,
  WaitingRow,
} from '../application/message-ports.ts';
import type { Lane } from '../application/ports.ts';
import { openLanes } from './lane-table.ts';
import type { Queryable } from './queryable.ts';

const MAX_ROWS = 2_000;

const QUEUE = `
  INSERT INTO message (program, member, trigger, source, channel, facts, state, due_at, occurred_at, created_at)
  SELECT program, member, trigger, source, channel, facts, 'pending', due_at, occurred_at, $9
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::json[], $7::timestamptz[], $8::timestamptz[])
         WITH ORDINALITY AS new (program, member, trigger, source, channel, facts, due_at, occurred_at, place)
   ORDER BY place
      ON CONFLICT (program, member, trigger, source, channel) DO NOTHING
  RETURNING program, member, channel, due_at`;

const DUE_CHANNELS = `
  SELECT channel FROM unnest($1::text[]) AS known (channel)
   WHERE EXISTS (SELECT FROM lane WHERE lane.endpoint = channel AND lane.due_at <= $2)`;

const WAITING = `
  SELECT id, trigger, facts, due_at, attempts, occurred_at FROM message
   WHERE channel = $1 AND program = $2 AND member = $3 AND state = 'pending'
   ORDER BY due_at, id LIMIT $4`;
const NEXT_DUE = `
  SELECT min(due_at) AS due_at FROM message WHERE channel = $1 AND program = $2 AND member = $3 AND state = 'pending'`;
const SENT_SINCE = `
  SELECT count(*)::integer AS sent FROM message
   WHERE program = $1 AND member = $2 AND channel = $3 AND state = 'sent' AND ended_at >= $4`;

const SKIP = `
  UPDATE message SET state = 'skipped', reason = skipped.reason, ended_at = $3
    FROM unnest($1::bigint[], $2::text[]) AS skipped (id, reason) WHERE message.id = skipped.id AND state = 'pending'`;
const POSTPONE = `
  UPDATE message SET due_at = postponed.due_at
    FROM unnest($1::bigint[], $2::timestamptz[]) AS postponed (id, due_at)
   WHERE message.id = postponed.id AND state = 'pending'`;
const SENT = `
  UPDATE message
     SET state = 'sent', attempts = attempts + 1, ended_at = $2, reason = NULL, language = $3, title = $4, body = $5, link = $6
   WHERE id = $1 AND state = 'pending'`;
const MERGED = `
  UPDATE message SET state = 'merged', merged_into = $2, ended_at = $3, reason = NULL
   WHERE id = ANY ($1::bigint[]) AND state = 'pending'`;
const FAILED = `
  UPDATE message
     SET state = CASE WHEN $3::timestamptz IS NULL THEN 'dead' ELSE 'pending' END, attempts = attempts + 1, reason = $2,
         due_at = COALESCE($3, due_at), ended_at = CASE WHEN $3::timestamptz IS NULL THEN $4::timestamptz END
   WHERE id = ANY ($1::bigint[]) AND state = 'pending'`;

const COLUMNS = `id, program, member, trigger, source, channel, state, attempts, due_at, reason, merged_into, language, title,
         body, link, occurred_at, created_at, ended_at, read_at`;
const LIST = `
  SELECT ${COLUMNS} FROM message
   WHERE program = $1 AND id < $2
     AND ($4::text IS NULL OR member = $4) AND ($5::text IS NULL OR channel = $5) AND ($6::text IS NULL OR state = $6)
     AND ($7::text IS NULL OR trigger = $7)
   ORDER BY id DESC LIMIT $3`;
const NEWEST_FACTS = `
  SELECT facts FROM message WHERE program = $1 AND member = $2 AND trigger = $3 ORDER BY id DESC LIMIT 1`;
const INBOX = `
  SELECT ${COLUMNS} FROM message
   WHERE program = $1 AND member = $2 AND channel = 'inbox' AND state = 'sent' AND id < $3 ORDER BY id DESC LIMIT $4`;
const IN_INBOX = `program = $1 AND member = $2 AND channel = 'inbox' AND state = 'sent' AND read_at IS NULL`;
const UNREAD = `SELECT count(*)::integer AS unread FROM message WHERE ${IN_INBOX}`;
const READ = `UPDATE message SET read_at = $4 WHERE ${IN_INBOX} AND id <= $3`;

const AGAIN = `
  UPDATE message SET state = 'pending', attempts = 0, due_at = $2, ended_at = NULL, reason = NULL
   WHERE program = $1 AND state IN ('dead', 'skipped')`;
const RESEND = `${AGAIN} AND id = ANY ($3::bigint[]) RETURNING program, member, channel, due_at`;
const RESEND_DEAD = `
  ${AGAIN} AND id IN (SELECT id FROM message WHERE program = $1 AND state = 'dead' ORDER BY id LIMIT $3)
  RETURNING program, member, channel, due_at`;

const FORGET = `
  DELETE FROM message
   WHERE id IN (SELECT id FROM message WHERE state <> 'pending' AND ended_at < $1 ORDER BY ended_at LIMIT $2)`;

interface LaneRow extends MemberKey {
  readonly channel: string;
  readonly due_at: Date;
}

interface WaitingColumns {
  readonly id: number;
  readonly trigger: Trigger;
  readonly facts: Facts;
  readonly due_at: Date;
  readonly attempts: number;
  readonly occurred_at: Date;
}

interface MessageRow extends LaneRow {
  readonly id: number;
  readonly trigger: Trigger;
  readonly source: string;
  readonly state: MessageState;
  readonly attempts: number;
  readonly reason: string | null;
  readonly merged_into: number | null;
  readonly language: Language | null;
  readonly title: string | null;
  readonly body: string | null;
  readonly link: string | null;
  readonly occurred_at: Date;
  readonly created_at: Date;
  readonly ended_at: Date | null;
  readonly read_at: Date | null;
}

const memberOf = ({ key }: Lane): MemberKey => present(memberOfKey(key), `the member of lane ${key}`);

const laneOf = ({ program, member, channel, due_at }: LaneRow): { endpoint: string; key: string; dueAt: number } => ({
  endpoint: channel,
  key: memberKey(program, member),
  dueAt: due_at.getTime(),
});

const messageOf = (row: MessageRow): Message => {
  const { language, title, body, link } = row;
  return {
    id: row.id,
    program: row.program,
    member: row.member,
    trigger: row.trigger,
    source: row.source,
    channel: row.channel,
    state: row.state,
    attempts: row.attempts,
    dueAt: row.state === 'pending' ? row.due_at.toISOString() : undefined,
    reason: row.reason ?? undefined,
    mergedInto: row.merged_into ?? undefined,
    content: language === null ? undefined : { language, title: title ?? '', body: body ?? '', link: link ?? '' },
    occurredAt: row.occurred_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    endedAt: row.ended_at?.toISOString(),
    readAt: row.read_at?.toISOString(),
  };
};

const before = ({ before: id }: PageRequest): number => id ?? Number.MAX_SAFE_INTEGER;

export const messageTable: MessageTable<Queryable> = {
  queue: async (sql, messages, now) => {
    let queued = 0;
    for (let from = 0; from < messages.length; from += MAX_ROWS) {
      const rows = messages.slice(from, from + MAX_ROWS);
      const { rows: fresh } = await sql.query<LaneRow>(QUEUE, [
        rows.map((row) => row.program),
        rows.map((row) => row.member),
        rows.map((row) => row.trigger),
        rows.map((row) => row.source),
        rows.map((row) => row.channel),
        rows.map((row) => JSON.stringify(row.facts)),
        rows.map((row) => instantFromMillis(row.dueAt)),
        rows.map((row) => row.occurredAt),
        instantFromMillis(now),
      ]);
      queued += fresh.length;
      await openLanes(sql, fresh.map(laneOf), 'sooner');
    }
    return queued;
  },

  dueChannels: async (sql, channels, now) => {
    const { rows } = await sql.query<{ readonly channel: string }>(DUE_CHANNELS, [channels, instantFromMillis(now)]);
    return rows.map(({ channel }) => channel);
  },

  waiting: async (sql, lane, limit) => {
    const { program, member } = memberOf(lane);
    const { rows } = await sql.query<WaitingColumns>(WAITING, [lane.endpoint, program, member, limit]);
    return rows.map(({ due_at, occurred_at, ...row }): WaitingRow => ({
      ...row,
      dueAt: due_at.getTime(),
      occurredAt: occurred_at.toISOString(),
    }));
  },

  nextDue: async (sql, lane) => {
    const { program, member } = memberOf(lane);
    const { rows } = await sql.query<{ readonly due_at: Date | null }>(NEXT_DUE, [lane.endpoint, program, member]);
    return rows[0]?.due_at?.getTime();
  },

  sentSince: async (sql, { program, member }, channel, since) =>
    (await sql.query<{ readonly sent: number }>(SENT_SINCE, [program, member, channel, since])).rows[0]?.sent ?? 0,

  skip: async (sql, skipped, now) => {
    if (skipped.length === 0) return;
    const [ids, reasons] = [skipped.map(({ id }) => id), skipped.map(({ reason }) => reason)];
    await sql.query(SKIP, [ids, reasons, instantFromMillis(now)]);
  },

  postpone: async (sql, postponed) => {
    if (postponed.length === 0) return;
    const times = postponed.map(({ until }) => instantFromMillis(until));
    await sql.query(POSTPONE, [postponed.map(({ id }) => id), times]);
  },

  sent: async (sql, { id, ids, content }, now) => {
    const at = instantFromMillis(now);
    await sql.query(SENT, [id, at, content.language, content.title, content.body, content.link]);
    const others = ids.filter((each) => each !== id);
    if (others.length > 0) await sql.query(MERGED, [others, id, at]);
  },

  failed: async (sql, ids, reason, retryAt, now) => {
    const retry = retryAt === undefined ? null : instantFromMillis(retryAt);
    await sql.query(FAILED, [ids, reason, retry, instantFromMillis(now)]);
  },

  list: async (sql, program, { member, channel, state, trigger }, page) => {
    const filter = [member ?? null, channel ?? null, state ?? null, trigger ?? null];
    const { rows } = await sql.query<MessageRow>(LIST, [program, before(page), page.limit, ...filter]);
    return rows.map(messageOf);
  },

  newestFacts: async (sql, { program, member }, trigger) =>
    (await sql.query<{ readonly facts: Facts }>(NEWEST_FACTS, [program, member, trigger])).rows[0]?.facts,

  inbox: async (sql, { program, member }, page) => {
    const { rows } = await sql.query<MessageRow>(INBOX, [program, member, before(page), page.limit]);
    return rows.map(messageOf);
  },

  unread: async (sql, { program, member }) =>
    (await sql.query<{ readonly unread: number }>(UNREAD, [program, member])).rows[0]?.unread ?? 0,

  read: async (sql, { program, member }, upTo, now) =>
    (await sql.query(READ, [program, member, upTo, instantFromMillis(now)])).rowCount ?? 0,

  resend: async (sql, program, ids, limit, now) => {
    const at = instantFromMillis(now);
    const { rows } =
      ids === undefined
        ? await sql.query<LaneRow>(RESEND_DEAD, [program, at, limit])
        : await sql.query<LaneRow>(RESEND, [program, at, ids.slice(0, limit)]);
    await openLanes(sql, rows.map(laneOf), 'sooner');
    return rows.length;
  },

  forget: async (sql, until, limit) => (await sql.query(FORGET, [instantFromMillis(until), limit])).rowCount ?? 0,
};
