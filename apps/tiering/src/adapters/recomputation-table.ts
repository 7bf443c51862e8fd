import type { Recomputation } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

interface RecomputationRow {
  readonly program: string;
  readonly partition: number;
  readonly ladder_version: number;
  readonly after_owner: string;
  readonly done: boolean;
}

const OF_PROGRAM = `
  SELECT program, partition, ladder_version, after_owner, done FROM recomputation WHERE program = $1`;

const SAVE = `
  INSERT INTO recomputation (program, partition, ladder_version, after_owner, done) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (program, partition) DO UPDATE
     SET ladder_version = EXCLUDED.ladder_version, after_owner = EXCLUDED.after_owner, done = EXCLUDED.done`;

export async function recomputationsOf(sql: Queryable, program: string): Promise<readonly Recomputation[]> {
  const { rows } = await sql.query<RecomputationRow>(OF_PROGRAM, [program]);
  return rows.map((row) => ({
    program: row.program,
    partition: row.partition,
    ladderVersion: row.ladder_version,
    after: row.after_owner,
    done: row.done,
  }));
}

export async function saveRecomputation(sql: Queryable, row: Recomputation): Promise<void> {
  await sql.query(SAVE, [row.program, row.partition, row.ladderVersion, row.after, row.done]);
}
