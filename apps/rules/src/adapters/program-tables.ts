import { instantFromMillis, type Instant } from '@jifen/kernel';
import type { Draft, IndexedVersion, PublishedVersion, RulesTables } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

interface VersionRow {
  readonly program: string;
  readonly version: number;
  readonly effective_from: Date;
  readonly published_at: Date;
  readonly published_by: string;
  readonly published_by_name: string | null;
  readonly copy_of: number | null;
  readonly document: unknown;
}

interface DraftRow {
  readonly revision: number;
  readonly updated_at: Date;
  readonly updated_by: string;
  readonly updated_by_name: string | null;
  readonly document: unknown;
}

const instantOf = (date: Date): Instant => instantFromMillis(date.getTime());

const versionOf = (row: VersionRow): PublishedVersion => ({
  program: row.program,
  version: row.version,
  effectiveFrom: instantOf(row.effective_from),
  publishedAt: instantOf(row.published_at),
  publishedBy: row.published_by,
  ...(row.published_by_name === null ? {} : { publishedByName: row.published_by_name }),
  ...(row.copy_of === null ? {} : { copyOf: row.copy_of }),
  document: row.document,
});

const COLUMNS = 'program, version, effective_from, published_at, published_by, document, published_by_name, copy_of';

async function countVersions(sql: Queryable): Promise<number> {
  const { rows } = await sql.query<{ count: number }>('SELECT count(*)::int AS count FROM program_version');
  return rows[0]?.count ?? 0;
}

async function allVersions(sql: Queryable): Promise<readonly IndexedVersion[]> {
  const { rows } = await sql.query<VersionRow & { readonly refers: boolean }>(
    `SELECT program, version, effective_from, document -> 'referral' IS NOT NULL AS refers
       FROM program_version ORDER BY program, version`,
  );
  return rows.map((row) => ({
    program: row.program,
    version: row.version,
    effectiveFrom: instantOf(row.effective_from),
    refers: row.refers,
  }));
}

async function versionsOf(
  sql: Queryable,
  program: string,
  before: number,
  limit: number,
): Promise<readonly PublishedVersion[]> {
  const { rows } = await sql.query<VersionRow>(
    `SELECT ${COLUMNS} FROM program_version WHERE program = $1 AND version < $2 ORDER BY version DESC LIMIT $3`,
    [program, before, limit],
  );
  return rows.map(versionOf);
}

async function version(sql: Queryable, program: string, number: number): Promise<PublishedVersion | undefined> {
  const { rows } = await sql.query<VersionRow>(
    `SELECT ${COLUMNS} FROM program_version WHERE program = $1 AND version = $2`,
    [program, number],
  );
  return rows[0] && versionOf(rows[0]);
}

async function newestVersion(sql: Queryable, program: string): Promise<PublishedVersion | undefined> {
  const [newest] = await versionsOf(sql, program, Number.MAX_SAFE_INTEGER, 1);
  return newest;
}

async function insertVersion(sql: Queryable, published: PublishedVersion): Promise<void> {
  await sql.query(`INSERT INTO program_version (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, [
    published.program,
    published.version,
    published.effectiveFrom,
    published.publishedAt,
    published.publishedBy,
    JSON.stringify(published.document),
    published.publishedByName ?? null,
    published.copyOf ?? null,
  ]);
}

async function draft(sql: Queryable, program: string): Promise<Draft | undefined> {
  const { rows } = await sql.query<DraftRow>(
    'SELECT revision, updated_at, updated_by, updated_by_name, document FROM program_draft WHERE program = $1',
    [program],
  );
  const [row] = rows;
  return (
    row && {
      revision: row.revision,
      updatedAt: instantOf(row.updated_at),
      updatedBy: row.updated_by,
      ...(row.updated_by_name === null ? {} : { updatedByName: row.updated_by_name }),
      document: row.document,
    }
  );
}

const SAVE_DRAFT = `
  INSERT INTO program_draft AS d (program, revision, updated_at, updated_by, document, updated_by_name) VALUES ($1, 1, $2, $3, $4, $5)
      ON CONFLICT (program) DO UPDATE
     SET revision = d.revision + 1, updated_at = EXCLUDED.updated_at, updated_by = EXCLUDED.updated_by,
         document = EXCLUDED.document, updated_by_name = EXCLUDED.updated_by_name
  RETURNING revision`;

const SAVE_DRAFT_AT = `
  UPDATE program_draft SET revision = revision + 1, updated_at = $2, updated_by = $3, document = $4, updated_by_name = $5
   WHERE program = $1 AND revision = $6
  RETURNING revision`;

async function saveDraft(
  sql: Queryable,
  program: string,
  saved: Omit<Draft, 'revision'>,
  expected?: number,
): Promise<number | undefined> {
  const { updatedAt, updatedBy, updatedByName, document } = saved;
  const values: unknown[] = [program, updatedAt, updatedBy, JSON.stringify(document), updatedByName ?? null];
  const { rows } =
    expected === undefined
      ? await sql.query<{ revision: number }>(SAVE_DRAFT, values)
      : await sql.query<{ revision: number }>(SAVE_DRAFT_AT, [...values, expected]);
  return rows[0]?.revision;
}

export const programTables = {
  countVersions,
  allVersions,
  versionsOf,
  version,
  newestVersion,
  insertVersion,
  draft,
  saveDraft,
} satisfies Partial<RulesTables<Queryable>>;
