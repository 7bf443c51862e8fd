import type { Approval } from '@jifen/contracts';
import { instantFromMillis, memberKey } from '@jifen/kernel';
import type { ApprovalRow, ApprovalTables } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

interface Row {
  readonly owner: string;
  readonly award: string;
  readonly rule: string;
  readonly currency: string;
  readonly source: string;
  readonly cause: string;
  readonly occurred_at: Date;
  readonly stream: string;
  readonly state: Approval['state'];
  readonly since: Date;
  readonly due: string | number;
  readonly approved: string | number;
  readonly decision: string | null;
}

const COLUMNS =
  'owner, award, rule, currency, source, cause, occurred_at, stream, state, since, due, approved, decision';

const rowOf = (row: Row): ApprovalRow => ({
  owner: row.owner,
  award: row.award,
  rule: row.rule,
  currency: row.currency,
  cause: { source: row.source, id: row.cause },
  occurredAt: instantFromMillis(row.occurred_at.getTime()),
  stream: row.stream,
  since: instantFromMillis(row.since.getTime()),
  approval: {
    state: row.state,
    due: Number(row.due),
    approved: Number(row.approved),
    ...(row.decision === null ? {} : { decision: JSON.parse(row.decision) as NonNullable<Approval['decision']> }),
  },
});

/** Lateral, so that each award is one look into the primary key, however many there are. */
const FIND = `
  SELECT a.*
    FROM unnest($1::text[], $2::text[]) AS wanted (owner, award)
   CROSS JOIN LATERAL (
           SELECT ${COLUMNS} FROM award_approval WHERE owner = wanted.owner AND award = wanted.award OFFSET 0
         ) AS a`;

const SAVE = `
  INSERT INTO award_approval (owner, award, program, rule, currency, source, cause, occurred_at, stream, state, since,
                              due, approved, decision)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                       $8::timestamptz[], $9::text[], $10::text[], $11::timestamptz[], $12::bigint[], $13::bigint[],
                       $14::text[])
      ON CONFLICT (owner, award) DO UPDATE
     SET source = EXCLUDED.source, cause = EXCLUDED.cause, occurred_at = EXCLUDED.occurred_at, stream = EXCLUDED.stream,
         state = EXCLUDED.state, since = EXCLUDED.since, due = EXCLUDED.due, approved = EXCLUDED.approved,
         decision = EXCLUDED.decision`;

const BEGINNING = '-infinity';

/** A member's are a range of the primary key, a rule's and all of a state one of their indexes. */
const LIST = `
  SELECT ${COLUMNS}
    FROM award_approval
   WHERE program = $1 AND state = $2 AND (since, award) > ($3::timestamptz, $4::text)
     AND ($5::text IS NULL OR rule = $5) AND ($6::text IS NULL OR owner = $6)
   ORDER BY since, award
   LIMIT $7`;

export const approvalTables: ApprovalTables<Queryable> = {
  approvalsOf: async (sql, places) => {
    const values = [places.map(({ owner }) => owner), places.map(({ award }) => award)];
    const { rows } = await sql.query<Row>(FIND, values);
    return rows.map(rowOf);
  },
  saveApprovals: async (sql, rows) => {
    await sql.query(SAVE, [
      rows.map(({ owner }) => owner),
      rows.map(({ award }) => award),
      rows.map(({ owner }) => owner.slice(0, owner.indexOf('/'))),
      rows.map(({ rule }) => rule),
      rows.map(({ currency }) => currency),
      rows.map(({ cause }) => cause.source),
      rows.map(({ cause }) => cause.id),
      rows.map(({ occurredAt }) => occurredAt),
      rows.map(({ stream }) => stream),
      rows.map(({ approval }) => approval.state),
      rows.map(({ since }) => since),
      rows.map(({ approval }) => approval.due),
      rows.map(({ approval }) => approval.approved),
      rows.map(({ approval }) => (approval.decision === undefined ? null : JSON.stringify(approval.decision))),
    ]);
  },
  listApprovals: async (sql, { program, state, rule, member, after }, limit) => {
    const owner = member === undefined ? null : memberKey(program, member);
    const values = [program, state, after?.since ?? BEGINNING, after?.award ?? '', rule ?? null, owner, limit];
    const { rows } = await sql.query<Row>(LIST, values);
    return rows.map(rowOf);
  },
};

/** Awards that wait, counted up to `limit`, and since when the first of them does. */
export async function waitingAwards(
  sql: Queryable,
  limit: number,
): Promise<{ readonly count: number; readonly oldest: Date | null }> {
  const { rows } = await sql.query<{ count: string; oldest: Date | null }>(
    `SELECT count(*) AS count, min(since) AS oldest
       FROM (SELECT since FROM award_approval WHERE state = 'waiting' ORDER BY since LIMIT $1) AS waiting`,
    [limit],
  );
  return { count: Number(rows[0]?.count ?? 0), oldest: rows[0]?.oldest ?? null };
}
