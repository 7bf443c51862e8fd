import type { ProgramPublished } from '@jifen/contracts';
import { canonicalJson, instantFromMillis } from '@jifen/kernel';
import { ladderOf, type Ladder } from '@jifen/tiering';
import type { LadderVersion } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

interface LadderRow {
  readonly program: string;
  readonly version: number;
  readonly since_version: number;
  readonly currency: string | null;
  readonly tiers: unknown;
}

const IN_FORCE = `
  SELECT DISTINCT ON (program) program, version, since_version, currency, tiers
    FROM ladder
   WHERE program = ANY ($1::text[]) AND effective_from <= $2
   ORDER BY program, version DESC`;

const PROGRAMS = 'SELECT DISTINCT program FROM ladder ORDER BY program';

const BEFORE = `
  SELECT program, version, since_version, currency, tiers
    FROM ladder WHERE program = $1 AND version < $2 ORDER BY version DESC LIMIT 1`;

const INSERT = `
  INSERT INTO ladder (program, version, since_version, effective_from, currency, tiers)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (program, version) DO NOTHING`;

const versionOf = (row: LadderRow): LadderVersion => {
  const parsed = row.currency === null ? undefined : ladderOf({ ladder: { currency: row.currency, tiers: row.tiers } });
  return {
    program: row.program,
    version: row.version,
    sinceVersion: row.since_version,
    ladder: parsed?.ok === true ? parsed.value : undefined,
  };
};

export async function laddersInForce(
  sql: Queryable,
  programs: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, LadderVersion>> {
  const { rows } = await sql.query<LadderRow>(IN_FORCE, [programs, instantFromMillis(now)]);
  return new Map(rows.map((row) => [row.program, versionOf(row)]));
}

export async function programsWithLadders(sql: Queryable): Promise<readonly string[]> {
  const { rows } = await sql.query<{ readonly program: string }>(PROGRAMS);
  return rows.map(({ program }) => program);
}

export async function saveLadder(
  sql: Queryable,
  published: ProgramPublished,
  ladder: Ladder | undefined,
): Promise<void> {
  const { program, version, effectiveFrom } = published;
  const { rows } = await sql.query<LadderRow>(BEFORE, [program, version]);
  const before = rows[0] === undefined ? undefined : versionOf(rows[0]);
  const same = before !== undefined && canonicalJson(before.ladder ?? null) === canonicalJson(ladder ?? null);
  await sql.query(INSERT, [
    program,
    version,
    same ? before.sinceVersion : version,
    effectiveFrom,
    ladder?.currency ?? null,
    ladder === undefined ? null : JSON.stringify(ladder.tiers),
  ]);
}
