import { messageOfDeadLetter } from '@jifen/messaging';
import type { ClientBase } from 'pg';
import type { Forgotten } from '../application/ports.ts';
import { readSourceMessage } from './source-message.ts';

const UNLINK = 'DELETE FROM identity WHERE program = $1 AND member = $2 RETURNING value';

/** Whatever a record was refused for may quote it; its id, a hash of its bytes, stays. What names no program is nobody's. */
const FORGET_RECORDS = `
UPDATE rejected SET bytes = '', problem = jsonb_build_object('code', code, 'detail', 'erased with its member')::text,
  redriven_at = coalesce(redriven_at, now()), outcome = 'erased'
WHERE program IN ($1, '') AND EXISTS (SELECT FROM unnest($2::bytea[]) AS name (bytes) WHERE position(name.bytes IN rejected.bytes) > 0)`;

const LETTERS = `
SELECT id, topic, partition, message_offset AS "offset", key, headers, value FROM dead_letter
WHERE id > $1 AND (key = ANY ($2::text[])
  OR EXISTS (SELECT FROM unnest($3::bytea[]) AS name (bytes) WHERE position(name.bytes IN dead_letter.value) > 0))
ORDER BY id LIMIT $4`;

/** Its place stays, and by the hash it can be told that a message is the one that was here. */
const FORGET_LETTERS = `
UPDATE dead_letter SET key = '', headers = '{}', value = convert_to('sha256:' || encode(sha256(value), 'hex'), 'UTF8'),
  detail = 'erased with its member: the value is the hash of its bytes'
WHERE id = ANY ($1::int8[])`;

const PAGE = 500;

interface LetterRow {
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly headers: string;
  readonly value: Uint8Array;
}

/** Drops all that is kept of a member and that a person could be known by, inside the transaction. */
export async function forget(sql: ClientBase, program: string, member: string): Promise<Forgotten> {
  const { rows } = await sql.query<{ value: string }>(UNLINK, [program, member]);
  const names = [member, ...rows.map(({ value }) => value)];
  // As JSON has them, with their quotes: a short name is a part of many others.
  const written = names.map((name) => Buffer.from(JSON.stringify(name)));
  const { rowCount } = await sql.query(FORGET_RECORDS, [program, written]);
  const deadLetters = await forgetLetters(sql, program, names, written);
  return { identities: rows.length, records: rowCount ?? 0, deadLetters };
}

/** Dead letters have no program of their own: it is read from the record, as far as it can be. */
async function forgetLetters(
  sql: ClientBase,
  program: string,
  names: readonly string[],
  written: readonly Buffer[],
): Promise<number> {
  let forgotten = 0;
  for (let after = 0; ;) {
    const { rows } = await sql.query<LetterRow>(LETTERS, [after, names, written, PAGE]);
    const own = rows.filter((row) => [program, ''].includes(programOf(row)));
    if (own.length > 0) await sql.query(FORGET_LETTERS, [own.map(({ id }) => id)]);
    forgotten += own.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return forgotten;
    after = last.id;
  }
}

function programOf({ headers, ...letter }: LetterRow): string {
  const message = { ...letter, reason: '', detail: '', headers: JSON.parse(headers) as Record<string, string> };
  return readSourceMessage(messageOfDeadLetter(message), 0).program;
}
