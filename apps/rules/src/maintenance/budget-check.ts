import { present } from '@jifen/kernel';
import type { RatingMade } from '@jifen/contracts';
import type { ClientBase } from 'pg';
import type { BudgetFold, HeldSlice } from './budget-fold.ts';
import type { Difference } from './compare.ts';
import { LOG } from './session.ts';

/** Events read at a time of what came while others were folded. */
const PAGE = 2_000;

interface LiveSlice {
  readonly program: string;
  readonly bucket: string;
  /** Null: it grows with revenue. */
  readonly quota: number | null;
  readonly used: number;
  readonly revenue: number;
}

interface LiveRule {
  readonly program: string;
  readonly bucket: string;
  readonly rule: string;
  readonly granted: number;
  readonly wished: number;
}

export interface BudgetFindings {
  /** Rows that the log gives, by table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly differences: readonly Difference[];
}

/** Whether a window is of a budget that grows with revenue: its key says so. */
const isShare = (bucket: string): boolean => bucket.includes(':share/');

export interface SliceCheck {
  readonly fold: BudgetFold;
  readonly partition: number;
  /** Puts right what is wrong; the transaction then holds the partition's row. */
  readonly repair: boolean;
}

/**
 * Slices and rules of a partition against what its ratings hold. Sums are moved on to the place of its log that the transaction
 * sees. How much of a total lies in which slice is nowhere in the log, and decides nothing but who has to ask for more: of
 * that only the sum is checked, by `compareTotals`.
 */
export async function compareSlices(
  client: ClientBase,
  { fold, partition, repair }: SliceCheck,
): Promise<BudgetFindings> {
  const held = await heldNow(client, fold, partition);
  const differences: Difference[] = [];
  const slices = await client.query<LiveSlice>(
    'SELECT program, bucket, quota, used, revenue FROM budget_slice WHERE partition = $1',
    [partition],
  );
  for (const [live, due] of paired(slices.rows, held, ({ program, bucket }) => `${program} ${bucket}`)) {
    const { program, bucket } = present(live ?? due, 'a slice');
    const [used, revenue] = [due?.used ?? 0, due?.revenue ?? 0];
    const share = isShare(bucket);
    const sameKind = live === undefined || (live.quota === null) === share;
    if (sameKind && (live?.used ?? 0) === used && (live?.revenue ?? 0) === revenue) continue;
    const kept = share ? null : Math.max(used, live?.quota ?? 0);
    const rebuilt = { program, bucket, partition, quota: kept, used, revenue };
    differences.push(differenceOf('budget_slice', program, `${bucket} ${partition}`, live, rebuilt));
    if (repair) await client.query(PUT_SLICE, Object.values(rebuilt));
  }
  const rules = await client.query<LiveRule>(
    'SELECT program, bucket, rule, granted, wished FROM budget_rule WHERE partition = $1',
    [partition],
  );
  const dueRules = held.flatMap(({ program, bucket, rules: own }) =>
    [...own].map(([rule, [granted, wished]]) => ({ program, bucket, rule, granted, wished })),
  );
  const nameOf = ({ program, bucket, rule }: LiveRule): string => `${program} ${bucket} ${rule}`;
  for (const [live, due] of paired(rules.rows, dueRules, nameOf)) {
    const { program, bucket, rule } = present(live ?? due, 'a rule');
    const [granted, wished] = [due?.granted ?? 0, due?.wished ?? 0];
    if ((live?.granted ?? 0) === granted && (live?.wished ?? 0) === wished) continue;
    const rebuilt = { program, bucket, partition, rule, granted, wished };
    differences.push(differenceOf('budget_rule', program, `${bucket} ${partition} ${rule}`, live, rebuilt));
    if (repair) await client.query(PUT_RULE, Object.values(rebuilt));
  }
  return { rows: { budget_slice: held.length, budget_rule: dueRules.length }, differences };
}

const PUT_SLICE = `
  INSERT INTO budget_slice (program, bucket, partition, quota, used, revenue) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (program, bucket, partition)
      DO UPDATE SET quota = EXCLUDED.quota, used = EXCLUDED.used, revenue = EXCLUDED.revenue`;

const PUT_RULE = `
  INSERT INTO budget_rule (program, bucket, partition, rule, granted, wished) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (program, bucket, partition, rule)
      DO UPDATE SET granted = EXCLUDED.granted, wished = EXCLUDED.wished`;

/** By name what is there and what should be; a window is of the program, and stands for the member in lists. */
function paired<Live, Due extends Pick<Live, keyof Live & keyof Due>>(
  live: readonly Live[],
  due: readonly Due[],
  nameOf: (row: Live | Due) => string,
): readonly (readonly [Live | undefined, Due | undefined])[] {
  const rows = new Map<string, [Live | undefined, Due | undefined]>();
  for (const row of live) rows.set(nameOf(row), [row, undefined]);
  for (const row of due) rows.set(nameOf(row), [rows.get(nameOf(row))?.[0], row]);
  return [...rows.values()];
}

const differenceOf = (
  table: string,
  program: string,
  row: string,
  live: object | undefined,
  rebuilt: object | null,
): Difference => ({ table, account: program, row, live: live ?? null, rebuilt });

/** What the ratings of a partition hold at the place that the transaction sees. */
async function heldNow(client: ClientBase, fold: BudgetFold, partition: number): Promise<readonly HeldSlice[]> {
  const moved = fold.copyOf(partition);
  for (let after = fold.places.get(partition) ?? 0; ;) {
    const { rows } = await client.query<{ position: number; before: string | null; data: string }>(MOVED, [
      partition,
      after,
    ]);
    for (const { before, data } of rows)
      moved.move(partition, before === null ? undefined : (JSON.parse(before) as RatingMade), JSON.parse(data));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return moved.slicesOf(partition);
    after = last.position;
  }
}

const MOVED = `
  SELECT e.position, e.data, b.data AS before
    FROM event e LEFT JOIN event b ON b.log = e.log AND b.stream = e.stream AND b.version = e.version - 1
   WHERE e.log = '${LOG}' AND e.partition = $1 AND e.position > $2
   ORDER BY e.position LIMIT ${PAGE}`;
