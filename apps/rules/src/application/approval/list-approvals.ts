import type { Approval, Problem } from '@jifen/contracts';
import { accept, parseInstant, refuse, type Outcome } from '@jifen/kernel';
import { waitingOf } from '@jifen/rules';
import type { ApprovalFilter, ApprovalRow, ApprovalTables } from '../ports.ts';

/** An award that somebody approves: what is due of it, what was decided, and what can be decided. */
export interface ApprovalView extends Approval {
  readonly awardId: string;
  readonly member: string;
  readonly rule: string;
  readonly currency: string;
  readonly cause: ApprovalRow['cause'];
  readonly occurredAt: string;
  /** What is granted now. */
  readonly target: number;
  /** What somebody is to decide about. */
  readonly waiting: number;
  /** When it came into its state. */
  readonly since: string;
}

export interface ApprovalPage {
  readonly data: readonly ApprovalView[];
  readonly next?: string;
}

export const viewOf = ({
  owner,
  award,
  rule,
  currency,
  cause,
  occurredAt,
  since,
  approval,
}: ApprovalRow): ApprovalView => ({
  awardId: award,
  member: owner.slice(owner.indexOf('/') + 1),
  rule,
  currency,
  cause,
  occurredAt,
  ...approval,
  target: Math.min(approval.due, approval.approved),
  waiting: waitingOf(approval),
  since,
});

/** Awards in a state, those that are in it for longest first. */
export async function listApprovals<Sql>(
  { tables, sql }: { readonly tables: ApprovalTables<Sql>; readonly sql: Sql },
  {
    cursor,
    limit,
    ...filter
  }: Omit<ApprovalFilter, 'after'> & { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Outcome<ApprovalPage, Problem>> {
  const after = cursor === undefined ? undefined : placeOf(cursor);
  if (cursor !== undefined && after === undefined) return refuse(NOT_OURS);
  const rows = await tables.listApprovals(sql, { ...filter, after }, limit);
  const last = rows.length < limit ? undefined : rows.at(-1);
  const data = rows.map(viewOf);
  return accept(last === undefined ? { data } : { data, next: cursorOf(last) });
}

const NOT_OURS: Problem = {
  code: 'invalid_request',
  detail: 'the cursor is none of ours',
  errors: [{ pointer: '/cursor', message: 'take it from next of the page before' }],
};

const cursorOf = ({ since, award }: ApprovalRow): string => Buffer.from(`${since} ${award}`).toString('base64url');

function placeOf(cursor: string): ApprovalFilter['after'] {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const space = text.indexOf(' ');
  const since = parseInstant(text.slice(0, Math.max(0, space)));
  return since === undefined || text.includes('\0') ? undefined : { since, award: text.slice(space + 1) };
}
