import type { ClientBase } from 'pg';
import type { ProjectionTables } from '../adapters/account-table.ts';

/** A row that the log does not give, that is missing, or that says something else. */
export interface Difference {
  readonly table: 'account' | 'lot';
  /** `program/member/currency`. */
  readonly account: string;
  /** `<awardId>#<n>` of a lot. */
  readonly lot?: string;
  /** The live row; null when there is none. */
  readonly live: unknown;
  /** The row as the log gives it; null when there is none. */
  readonly rebuilt: unknown;
}

export interface Comparison {
  readonly accounts: number;
  readonly lots: number;
  /** How many rows differ. */
  readonly count: number;
  /** The first of them. */
  readonly differences: readonly Difference[];
}

/** Differences that are listed a table and partition. */
const LISTED = 100;

/**
 * `activation_due` is left out: it is a lower bound for the sweeper, and may be tightened without a posting.
 * Both sides are read by one statement in one snapshot: same log position, no false drift.
 */
const accountsSql = (live: ProjectionTables, next: ProjectionTables): string => `
SELECT coalesce(a.key, b.key) AS account, NULL AS lot, to_jsonb(a) - 'activation_due' AS live,
  to_jsonb(b) - 'activation_due' AS rebuilt, count(*) OVER () AS total
FROM (SELECT * FROM ${live.account} WHERE partition = $1) a
  FULL JOIN (SELECT * FROM ${next.account} WHERE partition = $1) b ON b.key = a.key
WHERE to_jsonb(a) - 'activation_due' IS DISTINCT FROM to_jsonb(b) - 'activation_due'
ORDER BY 1 LIMIT ${LISTED}`;

const lotsSql = (live: ProjectionTables, next: ProjectionTables): string => `
SELECT coalesce(a.account, b.account) AS account, coalesce(a.award, b.award) || '#' || coalesce(a.n, b.n) AS lot,
  to_jsonb(a) AS live, to_jsonb(b) AS rebuilt, count(*) OVER () AS total
FROM (SELECT * FROM ${live.lot} WHERE partition = $1) a
  FULL JOIN (SELECT * FROM ${next.lot} WHERE partition = $1) b
    ON b.account = a.account AND b.award = a.award AND b.n = a.n
WHERE a IS DISTINCT FROM b
ORDER BY 1, 2 LIMIT ${LISTED}`;

interface Row {
  readonly account: string;
  readonly lot: string | null;
  readonly live: unknown;
  readonly rebuilt: unknown;
  readonly total: number | string;
}

/** Compares one partition. */
export async function compare(
  sql: ClientBase,
  live: ProjectionTables,
  next: ProjectionTables,
  partition: number,
): Promise<Comparison> {
  const accounts = (await sql.query<Row>(accountsSql(live, next), [partition])).rows;
  const lots = (await sql.query<Row>(lotsSql(live, next), [partition])).rows;
  return {
    accounts: await count(sql, next.account, partition),
    lots: await count(sql, next.lot, partition),
    count: Number(accounts[0]?.total ?? 0) + Number(lots[0]?.total ?? 0),
    differences: [
      ...accounts.map(({ account, live, rebuilt }) => ({ table: 'account' as const, account, live, rebuilt })),
      ...lots.map(({ account, lot, live, rebuilt }) => ({
        table: 'lot' as const,
        account,
        ...(lot === null ? {} : { lot }),
        live,
        rebuilt,
      })),
    ],
  };
}

async function count(sql: ClientBase, table: string, partition: number): Promise<number> {
  const text = `SELECT count(*) AS count FROM ${table} WHERE partition = $1`;
  return Number((await sql.query<{ count: number | string }>(text, [partition])).rows[0]?.count ?? 0);
}
