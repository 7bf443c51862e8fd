import type { Problem, ProgramDocument } from '@jifen/contracts';
import { accept, instantFromMillis, type Instant, type Outcome } from '@jifen/kernel';
import { allowed, apartAs, valueOfBucket, windowBucket, type CompiledBudget } from '@jifen/rules';
import type { BudgetDesk, BudgetState, RuleMove } from './budget/budget-desk.ts';
import type { ProgramCatalog } from './program-catalog.ts';

export interface BudgetReads<Sql> {
  readonly budgets: BudgetDesk<Sql>;
  readonly catalog: ProgramCatalog<Sql>;
  readonly sql: Sql;
}

/** A budget in the window around an instant. Points in the smallest unit of their currency, revenue in minor units. */
export interface BudgetView {
  /** As traces name it: the rule, or `*` and the id of a shared one, and the period. */
  readonly budget: string;
  readonly name?: { readonly en: string; readonly zh: string };
  readonly currency: string;
  /** Of one that every value of a field has for itself: the field, and the value; without one, what has none. */
  readonly each?: string;
  readonly value?: string;
  /** e.g. `2026-11`. */
  readonly window: string;
  readonly from: Instant;
  /** The first instant after it; absent: it never ends. */
  readonly until?: Instant;
  /** Of a share: what the revenue of the partitions allows, added up. */
  readonly total: number;
  readonly granted: number;
  /** Before the budget cut it. */
  readonly wished: number;
  readonly left: number;
  /** Of a share. */
  readonly revenue?: number;
  readonly rules: readonly RuleMove[];
}

export interface BudgetsView {
  readonly at: Instant;
  /** 0 when none is in force. */
  readonly programVersion: number;
  readonly data: readonly BudgetView[];
}

/** Values of a budget that are told when none is asked for. */
const MAX_VALUES = 100;

export interface BudgetsAsked {
  readonly program: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Of budgets that every value of a field has for itself: this one, in place of the first that were asked for anything. */
  readonly value?: string | undefined;
}

/** The budgets of the version in force at an instant, each in its window then. */
export async function readBudgets<Sql>(
  { budgets: desk, catalog, sql }: BudgetReads<Sql>,
  { program, at: millis, value }: BudgetsAsked,
): Promise<Outcome<BudgetsView, Problem>> {
  const at = instantFromMillis(millis);
  await catalog.refresh(sql);
  const inForce = await catalog.at(sql, program, at);
  const programVersion = inForce?.version ?? 0;
  if (inForce === undefined) return accept({ at, programVersion, data: [] });
  const places: { readonly budget: CompiledBudget; readonly bucket: string }[] = [];
  for (const budget of inForce.budgets?.all ?? []) {
    const window = windowBucket(budget, at);
    const buckets =
      budget.each === undefined
        ? [window]
        : value === undefined
          ? await desk.bucketsIn(sql, program, window, MAX_VALUES)
          : [apartAs(window, value)];
    for (const bucket of buckets) places.push({ budget, bucket });
  }
  if (places.length === 0) return accept({ at, programVersion, data: [] });
  const states = await desk.statesOf(
    sql,
    program,
    places.map(({ bucket }) => bucket),
  );
  const known = new Map(states.map((state) => [state.bucket, state]));
  const data = places.map(({ budget, bucket }) => viewOf(inForce.document, budget, at, bucket, known.get(bucket)));
  return accept({ at, programVersion, data });
}

const UNTOUCHED: Omit<BudgetState, 'bucket'> = { slices: [], rules: [] };

function viewOf(
  document: ProgramDocument,
  budget: CompiledBudget,
  at: Instant,
  bucket: string,
  state: Omit<BudgetState, 'bucket'> = UNTOUCHED,
): BudgetView {
  const { key, currency, each, points, share } = budget;
  const { key: window, start, end } = budget.windowAt(at);
  const { slices, rules } = state;
  const sum = (each: (slice: BudgetState['slices'][number]) => number): number =>
    slices.reduce((total, slice) => total + each(slice), 0);
  const granted = sum(({ used }) => used);
  const total = share === undefined ? (points ?? 0) : sum(({ revenue }) => allowed(share, revenue));
  // A partition where revenue went back takes nothing from the others.
  const left =
    share === undefined
      ? Math.max(0, total - granted)
      : sum(({ revenue, used }) => Math.max(0, allowed(share, revenue) - used));
  const name = document.budgets?.find(({ id }) => key.startsWith(`*${id}:`))?.name;
  return {
    budget: key,
    ...(name === undefined ? {} : { name }),
    currency,
    ...(each === undefined ? {} : { each, ...valueIn(bucket) }),
    window,
    from: start,
    ...(end === undefined ? {} : { until: end }),
    total,
    granted,
    wished: rules.reduce((wishes, { wished }) => wishes + wished, 0),
    left,
    ...(share === undefined ? {} : { revenue: sum(({ revenue }) => revenue) }),
    rules,
  };
}

function valueIn(bucket: string): Pick<BudgetView, 'value'> {
  const value = valueOfBucket(bucket);
  return value === undefined ? {} : { value };
}
