import { instantFromMillis } from '@jifen/kernel';
import type { ClaimedJob, Job, JobRequest, JobState, JobTables } from '../application/simulation/job.ts';
import type { HistoryReport } from '../application/simulation/simulate-history.ts';
import type { Queryable } from './queryable.ts';

interface JobRow {
  readonly id: string;
  readonly program: string;
  readonly state: JobState;
  readonly requested_by: string;
  readonly requested_by_name: string;
  readonly created_at: Date;
  readonly finished_at: Date | null;
  readonly done: number;
  readonly total: number;
  readonly report: HistoryReport | null;
  readonly problem: string | null;
}

const COLUMNS =
  'id, program, state, requested_by, requested_by_name, created_at, finished_at, done, total, report, problem';

const jobOf = (row: JobRow): Job => ({
  id: row.id,
  program: row.program,
  state: row.state,
  requestedBy: row.requested_by,
  requestedByName: row.requested_by_name,
  createdAt: instantFromMillis(row.created_at.getTime()),
  ...(row.finished_at === null ? {} : { finishedAt: instantFromMillis(row.finished_at.getTime()) }),
  done: row.done,
  total: row.total,
  ...(row.report === null ? {} : { report: row.report }),
  ...(row.problem === null ? {} : { problem: row.problem }),
});

const INSERT = `
  INSERT INTO simulation (id, program, request, requested_by, requested_by_name, created_at)
  SELECT $1, $2, $3, $4, $5, $6
   WHERE (SELECT count(*) FROM simulation WHERE program = $2 AND state IN ('queued', 'running')) < $7`;

const FORGET = `
  DELETE FROM simulation WHERE program = $1 AND state NOT IN ('queued', 'running') AND id NOT IN (
    SELECT id FROM simulation WHERE program = $1 ORDER BY created_at DESC LIMIT $2)`;

/** SKIP LOCKED: two processes never take the same job. */
const CLAIM = `
  UPDATE simulation SET state = 'running', alive_at = $1, done = 0
   WHERE id = (SELECT id FROM simulation
                WHERE state = 'queued' OR (state = 'running' AND alive_at < $2)
                ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING id, program, request`;

export const simulationTables: JobTables<Queryable> = {
  insert: async (sql, { id, program, request, requestedBy, requestedByName, createdAt }, limits) => {
    const values = [id, program, JSON.stringify(request), requestedBy, requestedByName, createdAt, limits.waiting];
    const { rowCount } = await sql.query(INSERT, values);
    if (rowCount === 0) return false;
    await sql.query(FORGET, [program, limits.kept]);
    return true;
  },
  find: async (sql, program, id) => {
    const { rows } = await sql.query<JobRow>(`SELECT ${COLUMNS} FROM simulation WHERE program = $1 AND id = $2`, [
      program,
      id,
    ]);
    return rows[0] && jobOf(rows[0]);
  },
  list: async (sql, program, limit) => {
    const { rows } = await sql.query<JobRow>(
      `SELECT ${COLUMNS} FROM simulation WHERE program = $1 ORDER BY created_at DESC LIMIT $2`,
      [program, limit],
    );
    return rows.map(jobOf);
  },
  claim: async (sql, now, staleBefore) => {
    const { rows } = await sql.query<{ id: string; program: string; request: JobRequest }>(CLAIM, [now, staleBefore]);
    return rows[0] satisfies ClaimedJob | undefined;
  },
  progress: async (sql, id, now, done, total) => {
    const { rowCount } = await sql.query(
      "UPDATE simulation SET alive_at = $2, done = $3, total = $4 WHERE id = $1 AND state = 'running'",
      [id, now, done, total],
    );
    return rowCount === 1;
  },
  finish: async (sql, id, now, end) => {
    const [state, report, problem] =
      'report' in end ? ['done', JSON.stringify(end.report), null] : ['failed', null, end.problem];
    await sql.query(
      `UPDATE simulation SET state = $2, finished_at = $3, report = $4, problem = $5,
              done = CASE WHEN $2 = 'done' THEN greatest(done, total) ELSE done END
        WHERE id = $1 AND state = 'running'`,
      [id, state, now, report, problem],
    );
  },
  cancel: async (sql, program, id, now) => {
    const { rowCount } = await sql.query(
      `UPDATE simulation SET state = 'cancelled', finished_at = $3
        WHERE program = $1 AND id = $2 AND state IN ('queued', 'running')`,
      [program, id, now],
    );
    return rowCount === 1;
  },
};
