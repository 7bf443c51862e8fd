import { withClient } from '@jifen/event-store-postgres';
import type { Pool, PoolClient } from 'pg';
import {
  sliceSize,
  type BudgetDesk,
  type BudgetState,
  type Draw,
  type RuleMove,
  type Slice,
  type SliceMove,
  type SlicePlace,
} from '../application/budget/budget-desk.ts';
import type { Queryable } from './queryable.ts';

/** A flush that drew and is not through by then has its reserve to lose: it decides again. */
const RESERVED_MILLIS = 5_000;

/** What nobody else may take of a slice. */
const KEPT = `used + CASE WHEN reserved_until > clock_timestamp() THEN reserved ELSE 0 END`;

const SLICES = `
  SELECT w.program, w.bucket, w.partition, coalesce(s.quota, 0) AS quota, coalesce(s.used, 0) AS used,
         coalesce(s.revenue, 0) AS revenue, b.total, b.version, b.free, e.spare
    FROM unnest($1::text[], $2::text[], $3::int4[]) AS w (program, bucket, partition)
    LEFT JOIN budget_slice s ON s.program = w.program AND s.bucket = w.bucket AND s.partition = w.partition
    LEFT JOIN budget b ON b.program = w.program AND b.bucket = w.bucket
   CROSS JOIN LATERAL (
           SELECT coalesce(sum(greatest(0, quota - (${KEPT}))), 0)::bigint AS spare
             FROM budget_slice o
            WHERE o.program = w.program AND o.bucket = w.bucket AND o.partition <> w.partition
         ) AS e`;

/** Makes the row, or what a newer version says of it, and holds it: whoever draws on a window does so in turn. */
const CENTRAL = `
  INSERT INTO budget AS b (program, bucket, total, version, free) VALUES ($1, $2, $3, $4, $3)
      ON CONFLICT (program, bucket) DO UPDATE
     SET free = b.free + CASE WHEN EXCLUDED.version > b.version THEN EXCLUDED.total - b.total ELSE 0 END,
         total = CASE WHEN EXCLUDED.version > b.version THEN EXCLUDED.total ELSE b.total END,
         version = greatest(b.version, EXCLUDED.version)
  RETURNING free`;

/** In the order of partitions, as flushes save them. */
const TAKE = `
  WITH taken AS (
         SELECT partition, quota, ${KEPT} AS kept FROM budget_slice
          WHERE program = $1 AND bucket = $2 AND partition <> $3 AND quota > ${KEPT}
          ORDER BY partition FOR UPDATE
       )
  UPDATE budget_slice s SET quota = taken.kept
    FROM taken WHERE s.program = $1 AND s.bucket = $2 AND s.partition = taken.partition
  RETURNING taken.quota - taken.kept AS points`;

const TAKE_OWN = `
  WITH taken AS (
         SELECT quota, used + $4::bigint AS kept FROM budget_slice
          WHERE program = $1 AND bucket = $2 AND partition = $3 AND quota > used + $4::bigint FOR UPDATE
       )
  UPDATE budget_slice s SET quota = taken.kept
    FROM taken WHERE s.program = $1 AND s.bucket = $2 AND s.partition = $3
  RETURNING taken.quota - taken.kept AS points`;

const FILL = `
  INSERT INTO budget_slice AS s (program, bucket, partition, quota, used, revenue, reserved, reserved_until)
  VALUES ($1, $2, $3, $4::bigint, 0, 0, $5::bigint, clock_timestamp() + $6::int4 * interval '1 millisecond')
      ON CONFLICT (program, bucket, partition) DO UPDATE
     SET quota = coalesce(s.quota, 0) + EXCLUDED.quota, reserved = EXCLUDED.reserved, reserved_until = EXCLUDED.reserved_until`;

const FREE = 'UPDATE budget SET free = $3 WHERE program = $1 AND bucket = $2';

const MOVES = `unnest($1::text[], $2::text[], $3::int4[], $4::bigint[], $5::bigint[])
         AS m (program, bucket, partition, used, revenue)`;

/** A slice that lost what the flush wants to use is not changed, and not answered. Locked in one order by everybody. */
const SAVE_SLICES = `
  WITH moved AS (
         SELECT s.program, s.bucket, s.partition, m.used, m.revenue
           FROM budget_slice s JOIN ${MOVES} USING (program, bucket, partition)
          ORDER BY s.program, s.bucket, s.partition FOR UPDATE OF s
       )
  UPDATE budget_slice s
     SET used = s.used + m.used, revenue = s.revenue + m.revenue, reserved = 0, reserved_until = NULL
    FROM moved m
   WHERE s.program = m.program AND s.bucket = m.bucket AND s.partition = m.partition
     AND (s.quota IS NULL OR m.used <= 0 OR s.used + m.used <= s.quota)
  RETURNING s.program, s.bucket, s.partition`;

/**
 * The first of a slice that grows with revenue, or of one that wished and got nothing, because there was nothing left: every
 * other one was drawn. What is not granted is counted too. A slice that is there and lost what the flush wants to use is not answered.
 */
const NEW_SLICES = `
  INSERT INTO budget_slice (program, bucket, partition, quota, used, revenue)
  SELECT program, bucket, partition, CASE WHEN bucket LIKE '%:share/%' THEN NULL ELSE 0 END, used, revenue FROM ${MOVES}
   WHERE used <= 0 OR bucket LIKE '%:share/%'
      ON CONFLICT (program, bucket, partition) DO NOTHING RETURNING 1`;

const SAVE_RULES = `
  INSERT INTO budget_rule AS r (program, bucket, partition, rule, granted, wished)
  SELECT * FROM unnest($1::text[], $2::text[], $3::int4[], $4::text[], $5::bigint[], $6::bigint[])
      ON CONFLICT (program, bucket, partition, rule) DO UPDATE
     SET granted = r.granted + EXCLUDED.granted, wished = r.wished + EXCLUDED.wished`;

interface SliceRow extends SlicePlace {
  readonly quota: number;
  readonly used: number;
  readonly revenue: number;
  readonly total: number | null;
  readonly version: number | null;
  readonly free: number | null;
  readonly spare: number;
}

const sliceOf = ({ total, version, free, spare, ...slice }: SliceRow): Slice => ({
  ...slice,
  elsewhere: spare,
  central: total === null || version === null || free === null ? undefined : { total, version, free },
});

async function slicesOf(sql: Queryable, places: readonly SlicePlace[]): Promise<readonly Slice[]> {
  const values = [
    places.map(({ program }) => program),
    places.map(({ bucket }) => bucket),
    places.map(({ partition }) => partition),
  ];
  return (await sql.query<SliceRow>(SLICES, values)).rows.map(sliceOf);
}

async function take(client: PoolClient, text: string, values: readonly unknown[]): Promise<number> {
  const { rows } = await client.query<{ points: number }>(text, [...values]);
  return rows.reduce((sum, { points }) => sum + points, 0);
}

async function drawIn(client: PoolClient, draw: Draw, partitions: number): Promise<Slice> {
  const { program, bucket, partition, total, version, need, planned } = draw;
  const { rows } = await client.query<{ free: number }>(CENTRAL, [program, bucket, total, version]);
  let free = rows[0]?.free ?? 0;
  if (free < need) free += await take(client, TAKE, [program, bucket, partition]);
  if (free < 0) free += await take(client, TAKE_OWN, [program, bucket, partition, planned]);
  const size = need === 0 ? 0 : sliceSize(free, need, partitions);
  if (need > 0)
    await client.query(FILL, [program, bucket, partition, size, planned + Math.min(need, size), RESERVED_MILLIS]);
  await client.query(FREE, [program, bucket, free - size]);
  const [slice] = await slicesOf(client, [{ program, bucket, partition }]);
  if (slice === undefined) throw new Error(`no slice of ${bucket}`);
  return slice;
}

const placeOf = ({ program, bucket, partition }: SlicePlace): string => `${partition} ${program} ${bucket}`;

const movesOf = (moves: readonly SliceMove[]): unknown[] => [
  moves.map(({ program }) => program),
  moves.map(({ bucket }) => bucket),
  moves.map(({ partition }) => partition),
  moves.map(({ used }) => used),
  moves.map(({ revenue }) => revenue),
];

async function save(sql: Queryable, moves: readonly SliceMove[]): Promise<boolean> {
  const { rows } = await sql.query<SlicePlace>(SAVE_SLICES, movesOf(moves));
  const saved = new Set(rows.map(placeOf));
  const others = moves.filter((move) => !saved.has(placeOf(move)));
  if (others.length > 0 && (await sql.query(NEW_SLICES, movesOf(others))).rows.length < others.length) return false;
  const rules = moves.flatMap(({ rules: own, ...place }) => own.map((rule) => ({ ...place, ...rule })));
  if (rules.length > 0)
    await sql.query(SAVE_RULES, [
      rules.map(({ program }) => program),
      rules.map(({ bucket }) => bucket),
      rules.map(({ partition }) => partition),
      rules.map(({ rule }) => rule),
      rules.map(({ granted }) => granted),
      rules.map(({ wished }) => wished),
    ]);
  return true;
}

async function statesOf(sql: Queryable, program: string, buckets: readonly string[]): Promise<readonly BudgetState[]> {
  const slices = await sql.query<{ bucket: string; used: number; revenue: number }>(
    'SELECT bucket, used, revenue FROM budget_slice WHERE program = $1 AND bucket = ANY ($2::text[])',
    [program, buckets],
  );
  const rules = await sql.query<RuleMove & { bucket: string }>(
    `SELECT bucket, rule, sum(granted)::bigint AS granted, sum(wished)::bigint AS wished FROM budget_rule
      WHERE program = $1 AND bucket = ANY ($2::text[]) GROUP BY bucket, rule ORDER BY bucket, rule`,
    [program, buckets],
  );
  return buckets.flatMap((bucket) => {
    const own = slices.rows.filter((row) => row.bucket === bucket);
    if (own.length === 0) return [];
    return [
      {
        bucket,
        slices: own.map(({ used, revenue }) => ({ used, revenue })),
        rules: rules.rows
          .filter((row) => row.bucket === bucket)
          .map(({ rule, granted, wished }) => ({ rule, granted, wished })),
      },
    ];
  });
}

/** A skip scan, so that the slices of a bucket are not read one by one. Values follow `=`, and `>` is next to it. */
const BUCKETS_IN = `
  WITH RECURSIVE found (bucket, nth) AS (
    (SELECT bucket, 1 FROM budget_slice
      WHERE program = $1 AND bucket > $2 || '=' AND bucket < $2 || '>' ORDER BY bucket LIMIT 1)
     UNION ALL
    SELECT (SELECT s.bucket FROM budget_slice s
             WHERE s.program = $1 AND s.bucket > f.bucket AND s.bucket < $2 || '>' ORDER BY s.bucket LIMIT 1), f.nth + 1
      FROM found f WHERE f.bucket IS NOT NULL AND f.nth < $3
  )
  SELECT bucket FROM found WHERE bucket IS NOT NULL`;

async function bucketsIn(sql: Queryable, program: string, window: string, limit: number): Promise<readonly string[]> {
  const { rows } = await sql.query<{ bucket: string }>(BUCKETS_IN, [program, window, limit]);
  return rows.map(({ bucket }) => bucket);
}

/** Budgets in PostgreSQL. What is drawn takes a connection of its own beside the flush's, for a few statements. */
export const budgetTables = (pool: Pool, partitions: number): BudgetDesk<Queryable> => ({
  slicesOf,
  draw: (_, draw) =>
    withClient(pool, async (client) => {
      await client.query('BEGIN');
      const slice = await drawIn(client, draw, partitions);
      await client.query('COMMIT');
      return slice;
    }),
  save,
  statesOf,
  bucketsIn,
});
