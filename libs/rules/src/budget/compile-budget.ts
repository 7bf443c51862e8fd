import type { Budget, BudgetPeriod, EarnRule, ProgramDocument, SharedBudget } from '@jifen/contracts';
import { present } from '@jifen/kernel';
import type { Calendar, Instant } from '@jifen/kernel';
import { apart, type ValueOf } from '../each.ts';
import { scheduleSpan } from '../gate/schedule.ts';
import { pointsWorth, shareOf, type Share } from '../point-value.ts';
import { isOnce } from '../window/compile-window.ts';
import { windowAt, type Window } from '../window/period.ts';

/** What a rule, or several, may award to all members together in a window. */
export interface CompiledBudget {
  /** The same in every version that has the budget: the rule, or `*` and its id, and the period. */
  readonly key: string;
  readonly currency: string;
  /** Every value of it has a budget of its own. */
  readonly each: string | undefined;
  readonly whole: boolean;
  readonly windowAt: (at: Instant) => Window;
  /** Absent: a share of revenue. */
  readonly points: number | undefined;
  readonly share: Share | undefined;
}

/** Where a window of a budget is kept. */
export const budgetBucket = (budget: CompiledBudget, at: Instant, valueOf: ValueOf): string =>
  apart(windowBucket(budget, at), budget.each, valueOf);

/** The same for all values of a budget that counts by one. */
export const windowBucket = ({ key, windowAt: window }: CompiledBudget, at: Instant): string =>
  `${key}/${window(at).key}`;

export const budgetKey = (owner: string, { per, each, share }: Budget): string =>
  `${owner}:${per}${each === undefined ? '' : `:each-${each}`}${share === undefined ? '' : ':share'}`;

/** All budgets of a program, each once. */
export interface Budgets {
  readonly all: readonly CompiledBudget[];
  /** Whether any grows with revenue. */
  readonly share: boolean;
  readonly of: (rule: string) => readonly CompiledBudget[];
}

const NONE: readonly CompiledBudget[] = [];

/** Absent where a program has none. */
export function compileBudgets(document: ProgramDocument, calendar: Calendar): Budgets | undefined {
  const byRule = new Map<string, CompiledBudget[]>();
  const all: CompiledBudget[] = [];
  const add = (budget: CompiledBudget, rules: readonly EarnRule[]): void => {
    all.push(budget);
    for (const { id } of rules) byRule.set(id, [...(byRule.get(id) ?? []), budget]);
  };
  for (const rule of document.rules)
    for (const budget of rule.budgets ?? []) add(compiled(document, calendar, rule.id, budget, rule), [rule]);
  for (const budget of document.budgets ?? []) {
    const rules = rulesOf(document, budget);
    add(compiled(document, calendar, `*${budget.id}`, budget, rules[0] ?? budget), rules);
  }
  if (all.length === 0) return undefined;
  return { all, share: all.some(({ share }) => share !== undefined), of: (rule) => byRule.get(rule) ?? NONE };
}

/**
 * What pays a member once for ever belongs to the activity that turns out to be the first: no budget can follow that. What a
 * target pays is of no one store or the like.
 */
export const rulesOf = (document: ProgramDocument, { currency, each, rules }: SharedBudget): readonly EarnRule[] =>
  document.rules.filter(
    (rule) =>
      rule.currency === currency &&
      !isOnce(rule) &&
      (each === undefined || rule.earn.form !== 'target') &&
      (rules?.includes(rule.id) ?? true),
  );

function compiled(
  document: ProgramDocument,
  calendar: Calendar,
  owner: string,
  budget: Budget,
  { currency, schedule }: Pick<EarnRule, 'currency' | 'schedule'>,
): CompiledBudget {
  const { per, each, worth, share, whole = false } = budget;
  return {
    key: budgetKey(owner, budget),
    currency,
    each,
    whole,
    windowAt: windowsOf(calendar, per, schedule),
    points: worth === undefined ? budget.points : pointsWorth(document, currency, worth),
    share: share === undefined ? undefined : shareOf(document, currency, share),
  };
}

/** A campaign that begins another day is another one; its end can be moved. */
function windowsOf(calendar: Calendar, per: BudgetPeriod, schedule: EarnRule['schedule']): CompiledBudget['windowAt'] {
  if (per !== 'schedule') return (at) => windowAt(calendar, per, at);
  const { start, end } = scheduleSpan(present(schedule, 'a schedule'), calendar);
  const window = { key: `from-${present(schedule?.from, 'its begin')}`, start: present(start, 'its begin'), end };
  return () => window;
}
