import type { ClientBase } from 'pg';
import { sumsOf } from '../adapters/liability-table.ts';
import type { Comparison } from './compare.ts';
import { SCHEMA } from './session.ts';

/** Table of what is owed, which sums the lots and debts of all accounts. */
export const SUMS = 'liability';
const LISTED = 100;

interface Row {
  readonly given: number | string;
  readonly total: number | string | null;
  readonly account: string;
  readonly row: string;
  readonly live: unknown;
  readonly rebuilt: unknown;
}

/** Live sums against those given; `$1` the partition. A cell without points and debt is as good as none. */
const compareSql = (given: string): string => `
WITH given AS MATERIALIZED (SELECT * FROM (${given}) s
  WHERE (points <> 0 OR debt <> 0) AND ($1::integer IS NULL OR partition = $1)),
live AS (SELECT program, partition, currency, expires, earned, points, debt FROM ${SCHEMA}.${SUMS}
  WHERE (points <> 0 OR debt <> 0) AND ($1::integer IS NULL OR partition = $1)),
different AS (
  SELECT coalesce(l.program, g.program) || '/' || coalesce(l.currency, g.currency) AS account,
    concat_ws('#', coalesce(l.partition, g.partition), coalesce(l.expires, g.expires), coalesce(l.earned, g.earned)) AS row,
    to_jsonb(l) AS live, to_jsonb(g) AS rebuilt, count(*) OVER () AS total
  FROM live l FULL JOIN given g USING (program, partition, currency, expires, earned)
  WHERE (l.points, l.debt) IS DISTINCT FROM (g.points, g.debt)
  LIMIT ${LISTED})
SELECT (SELECT count(*) FROM given) AS given, d.* FROM (SELECT) one LEFT JOIN different d ON true`;

async function compare(client: ClientBase, given: string, partition: number | undefined): Promise<Comparison> {
  const { rows } = await client.query<Row>(compareSql(given), [partition ?? null]);
  const differing = rows.filter(({ total }) => total !== null);
  return {
    rows: { [SUMS]: Number(rows[0]?.given ?? 0) },
    count: Number(differing[0]?.total ?? 0),
    differences: differing.map(({ account, row, live, rebuilt }) => ({ table: SUMS, account, row, live, rebuilt })),
  };
}

/** The sums of what is owed against the live lots and accounts, which are themselves compared with the log; reads them all. */
export const compareSums = (client: ClientBase, partition?: number): Promise<Comparison> =>
  compare(client, sumsOf(`${SCHEMA}.`), partition);

/** Live sums against those of another schema. */
export const compareSumsWith = (client: ClientBase, schema: string): Promise<Comparison> =>
  compare(
    client,
    `SELECT program, partition, currency, expires, earned, points, debt FROM ${schema}.${SUMS}`,
    undefined,
  );
