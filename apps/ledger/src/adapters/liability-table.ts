import { int4Array, int8Array, textArray, withClient } from '@jifen/event-store-postgres';
import { addPoints, ZERO, type Points } from '@jifen/kernel';
import { liabilityChanges } from '@jifen/ledger';
import type { Pool } from 'pg';
import type { LiabilityReads } from '../application/read-liability.ts';
import type { AccountChange } from '../application/ports.ts';

/**
 * What is owed, summed by partition, program, currency, hour of expiry and day of earning. Only deltas come in, in the
 * transaction of their postings and under the partition's row, so no row is waited for. There is no CHECK: a sum that had
 * drifted would stop the partition instead of a report. It is no fold of the log but a sum over `lot` and `account`, which are:
 * it is compared with them, and made anew from them by a rebuild.
 */
export const LIABILITY = `
CREATE TABLE liability (
  program text COLLATE "C" NOT NULL,
  partition integer NOT NULL,
  currency text COLLATE "C" NOT NULL,
  expires integer NOT NULL,
  earned integer NOT NULL,
  points bigint NOT NULL,
  debt bigint NOT NULL,
  CONSTRAINT liability_key PRIMARY KEY (program, partition, currency, expires, earned)
) WITH (fillfactor = 50);`;

/** Of the tables that it sums, those of a schema; the same arithmetic as `liabilityChanges`. */
export const sumsOf = (schema: string, ofLots = 'true', ofAccounts = 'true'): string => `
SELECT split_part(account, '/', 1) AS program, partition, split_part(account, '/', 3) AS currency,
  CASE WHEN expires_at = 'infinity' THEN 2147483647
    ELSE greatest(0, floor((extract(epoch FROM expires_at) * 1000 - 1) / 3600000))::integer END AS expires,
  floor(extract(epoch FROM earned_at) / 86400)::integer AS earned, sum(remaining)::bigint AS points, 0::bigint AS debt
FROM ${schema}lot WHERE remaining > 0 AND ${ofLots} GROUP BY 1, 2, 3, 4, 5
UNION ALL
SELECT split_part(key, '/', 1), partition, split_part(key, '/', 3), -1, -1, 0, sum(debt)::bigint
FROM ${schema}account WHERE debt > 0 AND ${ofAccounts} GROUP BY 1, 2, 3`;

const COLUMNS = 'program, partition, currency, expires, earned, points, debt';

export const insertSums = (schema: string): string =>
  `INSERT INTO ${schema}liability (${COLUMNS}) SELECT ${COLUMNS} FROM (${sumsOf(schema)}) s`;

/** Adds what the accounts with the keys `$1` come to, or takes it away. */
export const moveSums = (schema: string, sign: '+' | '-'): string => `
INSERT INTO ${schema}liability AS l (${COLUMNS})
SELECT program, partition, currency, expires, earned, ${sign}points, ${sign}debt
FROM (${sumsOf(schema, 'account = ANY ($1::text[])', 'key = ANY ($1::text[])')}) s
ON CONFLICT (program, partition, currency, expires, earned)
DO UPDATE SET points = l.points + excluded.points, debt = l.debt + excluded.debt`;

export const LIABILITY_STEP = `${LIABILITY}\n${insertSums('')};`;

interface Cell {
  readonly program: string;
  readonly partition: number;
  readonly currency: string;
  readonly expires: number;
  readonly earned: number;
  readonly points: Points;
  readonly debt: Points;
}

const TYPES = ['text', 'int4', 'text', 'int4', 'int4', 'int8', 'int8'];

/** The upsert of a flush; `undefined` when nothing owed changed. One row a cell, however many accounts are in it. */
export function liabilityArm(changes: readonly AccountChange[]) {
  const cells = new Map<string, Cell>();
  for (const { partition, before, after } of changes) {
    const { program, currency } = after;
    for (const { expires, earned, points, debt } of liabilityChanges(before, after)) {
      const key = `${program} ${partition} ${currency} ${expires} ${earned}`;
      const known = cells.get(key);
      const sums = { points: addPoints(known?.points ?? ZERO, points), debt: addPoints(known?.debt ?? ZERO, debt) };
      cells.set(key, { program, partition, currency, expires, earned, ...sums });
    }
  }
  const rows = [...cells.values()].filter(({ points, debt }) => points !== 0 || debt !== 0);
  if (rows.length === 0) return undefined;
  return {
    name: 'owed',
    sql: (first: number): string => `
INSERT INTO liability AS l (program, partition, currency, expires, earned, points, debt)
SELECT * FROM unnest(${TYPES.map((type, index) => `$${first + index}::${type}[]`).join(', ')})
ON CONFLICT (program, partition, currency, expires, earned)
DO UPDATE SET points = l.points + excluded.points, debt = l.debt + excluded.debt`,
    values: [
      textArray(rows.map(({ program }) => program)),
      int4Array(rows.map(({ partition }) => partition)),
      textArray(rows.map(({ currency }) => currency)),
      int4Array(rows.map(({ expires }) => expires)),
      int4Array(rows.map(({ earned }) => earned)),
      int8Array(rows.map(({ points }) => points)),
      int8Array(rows.map(({ debt }) => debt)),
    ],
  };
}

/** Distinct hours of expiry and days of earning of a program: two years of rolling expiry are some 20,000. */
const MAX_CELLS = 500_000;

/** Sums as text: they may pass what a number holds. */
const SUMS = `
SELECT currency, expires, earned, sum(points)::text AS points, sum(debt)::text AS debt
FROM liability WHERE program = $1 GROUP BY currency, expires, earned
HAVING sum(points) <> 0 OR sum(debt) <> 0 LIMIT ${MAX_CELLS + 1}`;

const BY_PARTITION = `
SELECT currency, partition, sum(points)::text AS points, sum(debt)::text AS debt
FROM liability WHERE program = $1 GROUP BY currency, partition ORDER BY currency, partition`;

const POSITIONS = "SELECT partition, position FROM shard WHERE log = 'ledger' ORDER BY partition";

interface SumRow {
  readonly currency: string;
  readonly points: string;
  readonly debt: string;
}

/** All in one snapshot: the sums are those of the positions. */
export const liabilityReads = (pool: Pool): LiabilityReads => ({
  liabilityOf: (program) =>
    withClient(pool, async (client) => {
      // The lock comes before the snapshot, so that no rebuild puts tables in place whose rows the snapshot does not see.
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; LOCK TABLE liability IN ACCESS SHARE MODE');
      const positions = await client.query<{ partition: number; position: number }>(POSITIONS);
      const cells = await client.query<SumRow & { expires: number; earned: number }>(SUMS, [program]);
      const partitions = await client.query<SumRow & { partition: number }>(BY_PARTITION, [program]);
      await client.query('COMMIT');
      if (cells.rows.length > MAX_CELLS) throw new Error(`${program}: more than ${MAX_CELLS} cells of liability`);
      const sums = <R extends SumRow>(row: R) => ({ ...row, points: BigInt(row.points), debt: BigInt(row.debt) });
      return {
        positions: new Map(positions.rows.map(({ partition, position }) => [partition, position])),
        cells: cells.rows.map(sums),
        partitions: partitions.rows.map(sums),
      };
    }),
});
