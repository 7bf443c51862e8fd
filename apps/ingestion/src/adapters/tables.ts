import type { Standing } from '@jifen/activity';
import { lastOfEachSql, textArray } from '@jifen/event-store-postgres';
import type pg from 'pg';
import type { ClientBase } from 'pg';
import { identityText, type Directory, type Tables, type WaitingRefund } from '../application/ports.ts';
import type { Identity } from '../application/submission.ts';
import { forget } from './forget.ts';

type Notice = WaitingRefund['notice'];

const MEMBERS_OF = `
SELECT i.program, i.namespace, i.value, i.member
FROM unnest($1::text[], $2::text[], $3::text[]) AS a (program, namespace, value)
JOIN identity i USING (program, namespace, value)`;

const PARTITIONS_OF = lastOfEachSql('ingestion', 'e.stream, e.partition', 'unnest($2::text[])');

const WAITING_FOR = `
SELECT program, stream, source, notice FROM waiting_refund WHERE stream = ANY($1::text[]) ORDER BY stream, refund_id`;

const ADD_WAITING = `
INSERT INTO waiting_refund (program, stream, refund_id, source, notice)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])`;

const REMOVE_WAITING = `
DELETE FROM waiting_refund w USING unnest($1::text[], $2::text[]) AS m (stream, refund_id)
WHERE w.stream = m.stream AND w.refund_id = m.refund_id`;

const KEEP_REJECTED = `
INSERT INTO rejected (id, program, kind, source, bytes, code, problem, via)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[], $7::text[], $8::text[])
ON CONFLICT (id) DO UPDATE
SET bytes = excluded.bytes, code = excluded.code, problem = excluded.problem, redriven_at = NULL, outcome = NULL`;

const SETTLE = `
UPDATE rejected r SET redriven_at = now(), outcome = s.outcome
FROM unnest($1::text[], $2::text[]) AS s (id, outcome) WHERE r.id = s.id AND r.redriven_at IS NULL`;

const LINK = `
INSERT INTO identity (program, namespace, value, member)
SELECT $1, namespace, value, $2 FROM unnest($3::text[], $4::text[]) AS i (namespace, value)
ORDER BY namespace, value
ON CONFLICT (program, namespace, value) DO NOTHING`;

const TAKEN = `
SELECT i.namespace, i.value FROM unnest($3::text[], $4::text[]) AS a (namespace, value)
JOIN identity i ON i.program = $1 AND i.namespace = a.namespace AND i.value = a.value
WHERE i.member <> $2`;

const STANDINGS = 'SELECT owner, standing FROM member_standing WHERE owner = ANY ($1::text[])';

const SAVE_STANDING = `
INSERT INTO member_standing (owner, standing) VALUES ($1, $2) ON CONFLICT (owner) DO UPDATE SET standing = excluded.standing`;

const NO_STANDING = 'DELETE FROM member_standing WHERE owner = $1';

/** Whatever runs a query: the pool, or a transaction's client. */
type Queryable = Pick<ClientBase, 'query'>;

export const createDirectory = (pool: Queryable): Directory => ({
  async membersOf(identities) {
    const { rows } = await pool.query<{ program: string; namespace: string; value: string; member: string }>(
      MEMBERS_OF,
      [
        identities.map(({ program }) => program),
        identities.map(({ namespace }) => namespace),
        identities.map(({ value }) => value),
      ],
    );
    return new Map(rows.map((row) => [identityText(row), row.member]));
  },

  async partitionsOf(streams) {
    const { rows } = await pool.query<{ stream: string; partition: number }>({
      name: 'partitions-of',
      text: PARTITIONS_OF,
      values: ['activity', [...new Set(streams)]],
    });
    return new Map(rows.map(({ stream, partition }) => [stream, partition]));
  },
});

export const postgresTables: Tables<ClientBase> = {
  async waitingFor(sql, streams) {
    const { rows } = await sql.query<{ program: string; stream: string; source: string; notice: string }>({
      name: 'waiting-for',
      text: WAITING_FOR,
      values: [textArray(streams)],
    });
    return rows.map((row) => ({ ...row, notice: JSON.parse(row.notice) as Notice }));
  },

  async addWaiting(sql, waiting) {
    await sql.query(ADD_WAITING, [
      waiting.map(({ program }) => program),
      waiting.map(({ stream }) => stream),
      waiting.map(({ notice }) => notice.refundId),
      waiting.map(({ source }) => source),
      waiting.map(({ notice }) => JSON.stringify(notice)),
    ]);
  },

  async removeWaiting(sql, waiting) {
    await sql.query(REMOVE_WAITING, [
      waiting.map(({ stream }) => stream),
      waiting.map(({ notice }) => notice.refundId),
    ]);
  },

  async keepRejected(sql, rejections) {
    // In one order in every flush, so that two flushes with the same records wait for each other and not in a circle.
    const sorted = rejections.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    await sql.query(KEEP_REJECTED, [
      sorted.map(({ id }) => id),
      sorted.map(({ program }) => program),
      sorted.map(({ kind }) => kind),
      sorted.map(({ source }) => source),
      sorted.map(({ bytes }) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
      sorted.map(({ problem }) => problem.code),
      sorted.map(({ problem }) => JSON.stringify(problem)),
      sorted.map(({ via }) => via),
    ]);
  },

  async settle(sql, settlements) {
    const sorted = settlements.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    await sql.query(SETTLE, [sorted.map(({ id }) => id), sorted.map(({ outcome }) => outcome)]);
  },

  async linkIdentities(sql, program, member, identities) {
    if (identities.length === 0) return [];
    const values = [
      program,
      member,
      identities.map(({ namespace }) => namespace),
      identities.map(({ value }) => value),
    ];
    await sql.query(LINK, values);
    return (await sql.query<Identity & pg.QueryResultRow>(TAKEN, values)).rows;
  },

  async standingsOf(sql, owners) {
    const { rows } = await sql.query<{ owner: string; standing: Standing }>({
      name: 'standings-of',
      text: STANDINGS,
      values: [textArray(owners)],
    });
    return new Map(rows.map(({ owner, standing }) => [owner, standing]));
  },

  async saveStanding(sql, owner, standing) {
    if (standing === 'active') await sql.query(NO_STANDING, [owner]);
    else await sql.query(SAVE_STANDING, [owner, standing]);
  },

  forget,
};
