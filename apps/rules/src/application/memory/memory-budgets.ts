import type { MemorySql } from '@jifen/event-store';
import { present } from '@jifen/kernel';
import { together } from '@jifen/rules';
import {
  sliceSize,
  type BudgetDesk,
  type Central,
  type RuleMove,
  type Slice,
  type SlicePlace,
} from '../budget/budget-desk.ts';

interface SliceRow extends SlicePlace {
  readonly quota: number;
  readonly used: number;
  readonly revenue: number;
  /** Beyond what is used: of a flush on its way. */
  readonly reserved: number;
  readonly rules: readonly RuleMove[];
}

const keptOf = ({ used, reserved }: SliceRow): number => used + reserved;

type TableOf<Sql> = (sql: Sql) => Pick<MemorySql, 'table'>;

const keyOf = (...parts: readonly (string | number)[]): string => JSON.stringify(parts);
const sliceKey = ({ program, bucket, partition }: SlicePlace): string => keyOf(program, bucket, partition);

/** Budgets in memory, of one process: in the tables of the transaction, or in others that `tablesOf` names. */
export function memoryBudgets<Sql extends MemorySql>(
  partitions = 1,
  tablesOf: TableOf<Sql> = (sql) => sql,
): BudgetDesk<Sql> {
  const slices = (sql: Sql): Map<string, SliceRow> => tablesOf(sql).table<SliceRow>('budget-slice');
  const centrals = (sql: Sql): Map<string, Central> => tablesOf(sql).table<Central>('budget');
  const rowOf = (sql: Sql, { program, bucket, partition }: SlicePlace): SliceRow =>
    slices(sql).get(sliceKey({ program, bucket, partition })) ?? {
      program,
      bucket,
      partition,
      quota: 0,
      used: 0,
      revenue: 0,
      reserved: 0,
      rules: [],
    };
  const rowsOf = (sql: Sql, program: string, bucket: string): readonly SliceRow[] =>
    [...slices(sql).values()].filter((row) => row.program === program && row.bucket === bucket);
  const sliceOf = (sql: Sql, place: SlicePlace): Slice => {
    const { rules: _, reserved: __, ...row } = rowOf(sql, place);
    const others = rowsOf(sql, place.program, place.bucket).filter(({ partition }) => partition !== place.partition);
    const elsewhere = others.reduce((sum, row) => sum + Math.max(0, row.quota - keptOf(row)), 0);
    return { ...row, central: centrals(sql).get(keyOf(place.program, place.bucket)), elsewhere };
  };
  return {
    slicesOf: async (sql, places) => places.map((place) => sliceOf(sql, place)),
    draw: async (sql, { need, planned, total, version, ...place }) => {
      const { program, bucket } = place;
      const known = centrals(sql).get(keyOf(program, bucket)) ?? { total, version, free: total };
      let { free } = known;
      if (version > known.version) free += total - known.total;
      const take = (row: SliceRow, kept: number): void => {
        free += row.quota - kept;
        slices(sql).set(sliceKey(row), { ...row, quota: kept });
      };
      if (free < need)
        for (const row of rowsOf(sql, program, bucket))
          if (row.partition !== place.partition && row.quota > keptOf(row)) take(row, keptOf(row));
      const mine = rowOf(sql, place);
      if (free < 0 && mine.quota > mine.used + planned) take(mine, mine.used + planned);
      const size = need === 0 ? 0 : sliceSize(free, need, partitions);
      const now = rowOf(sql, place);
      slices(sql).set(sliceKey(now), {
        ...now,
        quota: now.quota + size,
        reserved: need === 0 ? now.reserved : planned + Math.min(need, size),
      });
      const said = version > known.version ? { total, version } : { total: known.total, version: known.version };
      centrals(sql).set(keyOf(program, bucket), { ...said, free: free - size });
      return sliceOf(sql, place);
    },
    save: async (sql, moves) => {
      const rows = moves.map((move) => {
        const row = rowOf(sql, move);
        const { used, revenue } = move;
        return {
          ...row,
          used: row.used + used,
          revenue: row.revenue + revenue,
          reserved: 0,
          rules: added(row.rules, move.rules),
          more: used > 0,
        };
      });
      const holds = rows.every(({ bucket, program, quota, used, more }) => {
        const grows = centrals(sql).get(keyOf(program, bucket)) === undefined;
        return grows || !more || used <= quota;
      });
      if (holds) for (const { more: _, ...row } of rows) slices(sql).set(sliceKey(row), row);
      return holds;
    },
    bucketsIn: async (sql, program, window, limit) => {
      const own = [...slices(sql).values()].filter((row) => row.program === program && together(row.bucket) === window);
      return [...new Set(own.map(({ bucket }) => bucket))].sort().slice(0, limit);
    },
    statesOf: async (sql, program, buckets) =>
      buckets.flatMap((bucket) => {
        const rows = rowsOf(sql, program, bucket);
        if (rows.length === 0) return [];
        return [
          {
            bucket,
            slices: rows.map(({ used, revenue }) => ({ used, revenue })),
            rules: rows.reduce<readonly RuleMove[]>((sum, { rules }) => added(sum, rules), []),
          },
        ];
      }),
  };
}

function added(rows: readonly RuleMove[], moves: readonly RuleMove[]): readonly RuleMove[] {
  const sums = new Map(rows.map((row) => [row.rule, row]));
  for (const { rule, granted, wished } of moves) {
    const row = sums.get(rule) ?? { rule, granted: 0, wished: 0 };
    sums.set(rule, { rule, granted: row.granted + granted, wished: row.wished + wished });
  }
  return [...sums.values()];
}

/** Budgets that several worlds share, whatever becomes of their transactions. */
export function sharedBudgets(): BudgetDesk<MemorySql> {
  const tables = new Map<string, Map<string, unknown>>();
  const table = <Row>(name: string): Map<string, Row> => {
    if (!tables.has(name)) tables.set(name, new Map());
    return present(tables.get(name), name) as Map<string, Row>;
  };
  return memoryBudgets(1, () => ({ table }));
}
