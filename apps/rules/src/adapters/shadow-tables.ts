import { instantFromMillis } from '@jifen/kernel';
import type { ShadowPart } from '../application/shadow/shadow.ts';
import type { ShadowRow, ShadowTables } from '../application/shadow/shadow-desk.ts';
import type { Queryable } from './queryable.ts';

interface Row {
  readonly program: string;
  readonly id: string;
  readonly candidate: ShadowRow['candidate'];
  readonly baseline: ShadowRow['baseline'];
  readonly percent: string;
  readonly started_at: Date;
  readonly started_by: string;
  readonly started_by_name: string;
}

const START = `
  INSERT INTO shadow (program, id, candidate, baseline, percent, started_at, started_by, started_by_name)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (program) DO UPDATE
     SET id = EXCLUDED.id, candidate = EXCLUDED.candidate, baseline = EXCLUDED.baseline, percent = EXCLUDED.percent,
         started_at = EXCLUDED.started_at, started_by = EXCLUDED.started_by, started_by_name = EXCLUDED.started_by_name`;

const SAVE_PART = `
  INSERT INTO shadow_part (shadow, holder, part) SELECT $1, $2, $3 WHERE EXISTS (SELECT 1 FROM shadow WHERE id = $1)
      ON CONFLICT (shadow, holder) DO UPDATE SET part = EXCLUDED.part`;

const FORGET = 'DELETE FROM shadow_part WHERE shadow NOT IN (SELECT id FROM shadow)';

export const shadowTables: ShadowTables<Queryable> = {
  start: async (sql, { program, id, candidate, baseline, percent, startedAt, startedBy, startedByName }) => {
    const [was, is] = [JSON.stringify(candidate), JSON.stringify(baseline)];
    await sql.query(START, [program, id, was, is, percent, startedAt, startedBy, startedByName]);
    await sql.query(FORGET);
  },
  stop: async (sql, program) => {
    await sql.query('DELETE FROM shadow WHERE program = $1', [program]);
    await sql.query(FORGET);
  },
  find: async (sql, program) => {
    const { rows } = await sql.query<Row>('SELECT * FROM shadow WHERE program = $1', [program]);
    const [row] = rows;
    return (
      row && {
        program: row.program,
        id: row.id,
        candidate: row.candidate,
        baseline: row.baseline,
        percent: Number(row.percent),
        startedAt: instantFromMillis(row.started_at.getTime()),
        startedBy: row.started_by,
        startedByName: row.started_by_name,
      }
    );
  },
  running: async (sql) => {
    const { rows } = await sql.query<{ program: string; id: string }>('SELECT program, id FROM shadow');
    return rows;
  },
  savePart: async (sql, id, holder, part) => {
    await sql.query(SAVE_PART, [id, holder, JSON.stringify(part)]);
  },
  parts: async (sql, id) => {
    const { rows } = await sql.query<{ part: ShadowPart }>('SELECT part FROM shadow_part WHERE shadow = $1', [id]);
    return rows.map(({ part }) => part);
  },
};
