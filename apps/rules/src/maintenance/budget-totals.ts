import type { CompiledBudget } from '@jifen/rules';
import type { ClientBase } from 'pg';
import type { Queryable } from '../adapters/queryable.ts';
import type { ProgramCatalog } from '../application/program-catalog.ts';
import type { BudgetFindings } from './budget-check.ts';
import type { BudgetFold } from './budget-fold.ts';
import type { Difference } from './compare.ts';

interface Central {
  readonly program: string;
  readonly bucket: string;
  readonly total: number | null;
  readonly version: number | null;
  readonly free: number | null;
  /** Of all slices together; null where none has any. */
  readonly quotas: number | null;
}

const CENTRAL = `
  SELECT program, bucket, b.total, b.version, b.free, s.quotas
    FROM budget b
    FULL JOIN (SELECT program, bucket, sum(quota)::bigint AS quotas FROM budget_slice GROUP BY program, bucket) s
         USING (program, bucket)
   ORDER BY program, bucket`;

/** The budget of a window under a version, by the name of the window alone. */
async function budgetOf(
  client: ClientBase,
  catalog: ProgramCatalog<Queryable>,
  program: string,
  version: number,
  bucket: string,
): Promise<CompiledBudget | undefined> {
  if (!catalog.placesOf(program).some((place) => place.version === version)) return undefined;
  const { budgets } = await catalog.version(client, program, version);
  return budgets?.all.find(({ key }) => bucket.startsWith(`${key}/`));
}

/**
 * Central rows: the total is what a version says, and free and all slices together are it. Repaired after the slices, each under its own row,
 * as whoever draws holds it.
 */
export async function compareTotals(
  client: ClientBase,
  catalog: ProgramCatalog<Queryable>,
  fold: BudgetFold,
): Promise<BudgetFindings> {
  const { rows } = await client.query<Central>(CENTRAL);
  const differences: Difference[] = [];
  for (const live of rows) {
    const due = await dueTotal(client, catalog, fold, live);
    const { program, bucket, total, version, free } = live;
    if (due?.total === total && due?.version === version && due?.free === free) continue;
    if (due === undefined && total === null) continue;
    const shown = total === null ? null : { total, version, free };
    differences.push({ table: 'budget', account: program, row: bucket, live: shown, rebuilt: due ?? null });
  }
  return { rows: { budget: rows.filter(({ total }) => total !== null).length }, differences };
}

/** Again for one row, which the transaction holds from here on. */
export async function repairTotal(
  client: ClientBase,
  catalog: ProgramCatalog<Queryable>,
  fold: BudgetFold,
  { account: program, row: bucket }: Difference,
): Promise<void> {
  await client.query('SELECT 1 FROM budget WHERE program = $1 AND bucket = $2 FOR UPDATE', [program, bucket]);
  const { rows } = await client.query<Central>(CENTRAL);
  const live = rows.find((each) => each.program === program && each.bucket === bucket);
  if (live === undefined) return;
  const due = await dueTotal(client, catalog, fold, live);
  if (due === undefined) await client.query('DELETE FROM budget WHERE program = $1 AND bucket = $2', [program, bucket]);
  else
    await client.query(
      `INSERT INTO budget (program, bucket, total, version, free) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (program, bucket)
           DO UPDATE SET total = EXCLUDED.total, version = EXCLUDED.version, free = EXCLUDED.free`,
      [program, bucket, due.total, due.version, due.free],
    );
}

interface DueTotal {
  readonly total: number;
  readonly version: number;
  readonly free: number;
}

/** `undefined`: there is to be no central row, because the budget grows with revenue, or no version has it. */
async function dueTotal(
  client: ClientBase,
  catalog: ProgramCatalog<Queryable>,
  fold: BudgetFold,
  { program, bucket, total, version, quotas }: Central,
): Promise<DueTotal | undefined> {
  const points: { readonly version: number; readonly points: number }[] = [];
  for (const place of catalog.placesOf(program)) {
    const budget = await budgetOf(client, catalog, program, place.version, bucket);
    if (budget?.points !== undefined) points.push({ version: place.version, points: budget.points });
  }
  const rated = fold.versionOf(program, bucket);
  // Whoever drew and then did not rate made a newer version known as well.
  const isKnown = points.some((each) => each.version === version) && (version ?? 0) >= (rated ?? 0);
  const said = isKnown ? version : (rated ?? points.at(-1)?.version);
  const upTo = points.filter((each) => each.version <= (said ?? 0));
  if (said === undefined || said === null || upTo.length === 0) return undefined;
  // A target that its quarter pins to an older version has that one's budget.
  const own = upTo.find((each) => each.points === total) ?? upTo.at(-1);
  const whole = own?.points ?? 0;
  return { total: whole, version: said, free: whole - (quotas ?? 0) };
}
