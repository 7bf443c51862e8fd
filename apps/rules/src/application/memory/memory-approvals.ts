import type { MemorySql } from '@jifen/event-store';
import type { ApprovalPlace, ApprovalRow, ApprovalTables } from '../ports.ts';

const rowsIn = (sql: MemorySql): Map<string, ApprovalRow> => sql.table<ApprovalRow>('award_approval');
const keyOf = ({ owner, award }: ApprovalPlace): string => `${owner}/${award}`;
const placeOf = ({ since, award }: { readonly since: string; readonly award: string }): string => `${since} ${award}`;

export const memoryApprovals: ApprovalTables<MemorySql> = {
  approvalsOf: (sql, places) => Promise.resolve(places.flatMap((place) => rowsIn(sql).get(keyOf(place)) ?? [])),
  saveApprovals: (sql, rows) => {
    for (const row of rows) rowsIn(sql).set(keyOf(row), row);
    return Promise.resolve();
  },
  listApprovals: (sql, { program, state, rule, member, after }, limit) => {
    const found = [...rowsIn(sql).values()].filter(
      (row) =>
        row.approval.state === state &&
        (member === undefined ? row.owner.startsWith(`${program}/`) : row.owner === `${program}/${member}`) &&
        (rule === undefined || row.rule === rule) &&
        (after === undefined || placeOf(row) > placeOf(after)),
    );
    return Promise.resolve(found.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)).slice(0, limit));
  },
};
