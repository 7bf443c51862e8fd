import { PROGRAM_PATTERN } from '@jifen/kernel';
import type { Pool } from 'pg';
import { SCOPES, type Scope } from '../principal.ts';
import { formatKey, hashSecret, newKeyText } from './secret.ts';

export interface KeyRequest {
  readonly program: string;
  /** What it is for, in the words of whoever asked. */
  readonly name: string;
  /** All scopes when left out. */
  readonly scopes?: readonly Scope[];
}

export interface KeyInfo {
  readonly id: string;
  readonly program: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  readonly revokedAt?: string;
  readonly lastUsedAt?: string;
}

interface KeyRow {
  id: string;
  program: string;
  name: string;
  scopes: Scope[];
  created_at: Date;
  revoked_at: Date | null;
  last_used_at: Date | null;
}

const MAX_LISTED = 1_000;
const COLUMNS = 'id, program, name, scopes, created_at, revoked_at, last_used_at';
const programPattern = new RegExp(PROGRAM_PATTERN);

const infoOf = (row: KeyRow): KeyInfo => ({
  id: row.id,
  program: row.program,
  name: row.name,
  scopes: row.scopes,
  createdAt: row.created_at.toISOString(),
  ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at.toISOString() }),
  ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at.toISOString() }),
});

export const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text);

/** The key's text is in this answer and nowhere else: only its hash is kept. */
export async function createKey(
  admin: Pool,
  request: KeyRequest,
): Promise<{ readonly key: string; readonly info: KeyInfo }> {
  if (!programPattern.test(request.program)) throw new Error(`'${request.program}' is no program id`);
  const text = newKeyText();
  const { rows } = await admin.query<KeyRow>(
    `INSERT INTO access.api_key (id, program, name, scopes, secret_hash) VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
    [text.id, request.program, request.name, request.scopes ?? SCOPES, hashSecret(text.secret)],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('the key was not written');
  return { key: formatKey(text), info: infoOf(row) };
}

/** Newest first, at most 1,000. */
export async function listKeys(admin: Pool, program?: string): Promise<readonly KeyInfo[]> {
  const { rows } = await admin.query<KeyRow>(
    `SELECT ${COLUMNS} FROM access.api_key WHERE $1::text IS NULL OR program = $1 ORDER BY created_at DESC, id LIMIT ${MAX_LISTED}`,
    [program ?? null],
  );
  return rows.map(infoOf);
}

/** Answers whether there was such a key in force. It stops working everywhere within the verifier's cache time. */
export async function revokeKey(admin: Pool, id: string): Promise<boolean> {
  const result = await admin.query(
    'UPDATE access.api_key SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL',
    [id],
  );
  return result.rowCount === 1;
}
