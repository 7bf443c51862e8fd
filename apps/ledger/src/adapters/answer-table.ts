import { byteaArray, int4Array, textArray } from '@jifen/event-store-postgres';
import { instantFromMillis } from '@jifen/kernel';
import type { ClientBase, Pool } from 'pg';
import type { Answers, KeptAnswer } from '../application/answers.ts';

interface Row {
  readonly program: string;
  readonly key: string;
  readonly request_hash: Buffer;
  readonly status: number;
  readonly answer: string;
}

/** LATERAL looks each pair up in the key, whatever the planner thinks of the table's size. */
const FIND = `
SELECT a.program, a.key, a.request_hash, a.status, a.answer
FROM unnest($1::text[], $2::text[]) AS wanted (program, key) CROSS JOIN LATERAL (
  SELECT * FROM answered WHERE program = wanted.program AND key = wanted.key OFFSET 0) a`;

/** In order of the keys, so that two processes that use the same keys in two partitions cannot wait for each other. */
const KEEP = `
INSERT INTO answered (program, key, partition, request_hash, status, answer, answered_at)
SELECT *, $7::timestamptz FROM unnest($1::text[], $2::text[], $3::int4[], $4::bytea[], $5::int4[], $6::text[])
  AS t (program, key, partition, request_hash, status, answer) ORDER BY program, key`;

const PRUNE = `
DELETE FROM answered WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM answered WHERE answered_at < $1::timestamptz ORDER BY answered_at LIMIT $2 FOR UPDATE SKIP LOCKED))`;

export const answerTable: Answers<ClientBase> = {
  find: async (sql, keys) => {
    if (keys.length === 0) return [];
    const values = [textArray(keys.map(({ program }) => program)), textArray(keys.map(({ key }) => key))];
    const { rows } = await sql.query<Row>({ name: 'answered-find', text: FIND, values });
    return rows.map((row): KeptAnswer => ({
      program: row.program,
      key: row.key,
      requestHash: row.request_hash,
      status: row.status,
      answer: row.answer,
    }));
  },
  keep: async (sql, answers, now) => {
    if (answers.length === 0) return;
    const values = [
      textArray(answers.map(({ program }) => program)),
      textArray(answers.map(({ key }) => key)),
      int4Array(answers.map(({ partition }) => partition)),
      byteaArray(answers.map(({ requestHash }) => requestHash)),
      int4Array(answers.map(({ status }) => status)),
      textArray(answers.map(({ answer }) => answer)),
      instantFromMillis(now),
    ];
    await sql.query({ name: 'answered-keep', text: KEEP, values });
  },
};

/** Takes away answers older than `before`, at most `limit`; how many it were. Any number of processes may do it. */
export async function pruneAnswers(pool: Pool, before: number, limit: number): Promise<number> {
  const { rowCount } = await pool.query(PRUNE, [instantFromMillis(before), limit]);
  return rowCount ?? 0;
}
