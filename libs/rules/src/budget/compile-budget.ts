import type { Budget, BudgetPeriod, EarnRule, ProgramDocument, SharedBudget } from '@jifen/contracts';
import { currencyDecimals, parseDecimal, pointsFromBigInt, powerOfTen, present } from '@jifen/kernel';
import type { Calendar, Instant } from '@jifen/kernel';
import { scheduleSpan } from '../gate/schedule.ts';
import { isOnce } from '../window/compile-window.ts';
import { windowAt, type Window } from '../window/period.ts';

/** As liability reports take it where the program is silent. */
const VALUE_OF_POINT = '0.01';

/** What a rule, or several, may award to all members together in a window. */
export interface CompiledBudget {
  /** The same in every version that has the budget: the rule, or `*` and its id, and the period. */
  readonly key: string;
  readonly currency: string;
  readonly whole: boolean;
  readonly windowAt: (at: Instant) => Window;
  /** Absent: a share of revenue. */
  readonly points: number | undefined;
  readonly share: Share | undefined;
}

/** Points in their smallest unit for minor units of revenue, as a fraction. */
export interface Share {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** The points that revenue in minor units allows. */
export const allowed = ({ numerator, denominator }: Share, revenue: number): number =>
  revenue <= 0 ? 0 : pointsFromBigInt((BigInt(revenue) * numerator) / denominator);

/** Where a window of a budget is kept. */
export const budgetBucket = ({ key, windowAt: window }: CompiledBudget, at: Instant): string =>
  `${key}/${window(at).key}`;

export const budgetKey = (owner: string, { per, share }: Budget): string =>
  `${owner}:${per}${share === undefined ? '' : ':share'}`;

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

/** What pays a member once for ever belongs to the activity that turns out to be the first: no budget can follow that. */
export const rulesOf = (document: ProgramDocument, { currency, rules }: SharedBudget): readonly EarnRule[] =>
  document.rules.filter((rule) => rule.currency === currency && !isOnce(rule) && (rules?.includes(rule.id) ?? true));

function compiled(
  document: ProgramDocument,
  calendar: Calendar,
  owner: string,
  budget: Budget,
  { currency, schedule }: Pick<EarnRule, 'currency' | 'schedule'>,
): CompiledBudget {
  const { per, points, share, whole = false } = budget;
  return {
    key: budgetKey(owner, budget),
    currency,
    whole,
    windowAt: windowsOf(calendar, per, schedule),
    points,
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

function shareOf(document: ProgramDocument, currency: string, text: string): Share {
  const { moneyCurrency, pointValue, currencies } = document;
  const share = present(parseDecimal(text), 'a share');
  const money = pointValue?.find((each) => each.currency === currency)?.money ?? VALUE_OF_POINT;
  const value = present(parseDecimal(money), 'the value of a point');
  const decimals = currencies.find(({ code }) => code === currency)?.decimals ?? 0;
  return {
    numerator: share.units * powerOfTen(value.scale) * powerOfTen(decimals),
    denominator: powerOfTen(share.scale) * value.units * powerOfTen(currencyDecimals(moneyCurrency)),
  };
}
