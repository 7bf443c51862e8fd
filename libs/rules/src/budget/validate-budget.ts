import type { Budget, EarnRule, ProgramDocument, SharedBudget, Violation } from '@jifen/contracts';
import { isWorthNothing, worthProblem } from '../point-value.ts';
import { isOnce } from '../window/compile-window.ts';
import { NONE, repeated, violation } from '../violation.ts';
import { budgetKey, rulesOf } from './compile-budget.ts';

const NO_TARGET = 'must be absent for a target: it counts over several orders or activities';
const NO_ONCE = 'must be absent for once; a limit of one time per lifetime says the same and can have a budget';

/** What the schema cannot say about budgets. */
export const budgetViolations = (document: ProgramDocument): readonly Violation[] => [
  ...document.rules.flatMap((rule, index) => ofRule(document, rule, `/rules/${index}/budgets`)),
  ...repeated(
    (document.budgets ?? []).map(({ id }) => id),
    (index) => `/budgets/${index}/id`,
  ),
  ...(document.budgets ?? []).flatMap((budget, index) => shared(document, budget, `/budgets/${index}`)),
];

function ofRule(document: ProgramDocument, rule: EarnRule, pointer: string): readonly Violation[] {
  const { budgets = [] } = rule;
  if (budgets.length > 0 && isOnce(rule)) return [violation(pointer, NO_ONCE)];
  const keys = budgets.map((budget) => budgetKey('', budget));
  return budgets.flatMap((budget, index) => [
    ...bounded(document, budget, rule.currency, `${pointer}/${index}`),
    ...(budget.each !== undefined && rule.earn.form === 'target'
      ? [violation(`${pointer}/${index}/each`, NO_TARGET)]
      : NONE),
    ...scheduled(budget, [rule], `${pointer}/${index}/per`),
    ...(keys.indexOf(keys[index] ?? '') === index
      ? NONE
      : [violation(`${pointer}/${index}/per`, 'the rule has a budget of this period already')]),
  ]);
}

function shared(document: ProgramDocument, budget: SharedBudget, pointer: string): readonly Violation[] {
  const codes = document.currencies.map(({ code }) => code);
  const known = new Map(document.rules.map((rule) => [rule.id, rule]));
  return [
    ...(codes.includes(budget.currency)
      ? NONE
      : [violation(`${pointer}/currency`, `must be one of the currencies: ${codes.join(', ')}`)]),
    ...(budget.rules ?? []).flatMap((id, index) => {
      const rule = known.get(id);
      if (rule === undefined) return [violation(`${pointer}/rules/${index}`, `"${id}" is no rule of this program`)];
      if (isOnce(rule))
        return [
          violation(
            `${pointer}/rules/${index}`,
            `"${id}" pays once: a limit of one time per lifetime says the same and can have a budget`,
          ),
        ];
      if (budget.each !== undefined && rule.earn.form === 'target')
        return [violation(`${pointer}/rules/${index}`, `"${id}" is a target: each ${NO_TARGET}`)];
      return rule.currency === budget.currency
        ? NONE
        : [
            violation(
              `${pointer}/rules/${index}`,
              `"${id}" earns ${rule.currency}; the budget is of ${budget.currency}`,
            ),
          ];
    }),
    ...bounded(document, budget, budget.currency, pointer),
    ...scheduled(budget, rulesOf(document, budget), `${pointer}/per`),
  ];
}

function bounded(
  document: ProgramDocument,
  { points, worth, share }: Budget,
  currency: string,
  pointer: string,
): readonly Violation[] {
  if ([points, worth, share].filter((each) => each !== undefined).length !== 1)
    return [violation(pointer, 'must have one of points, worth and share')];
  if (worth !== undefined) {
    const problem = worthProblem(document, currency, worth);
    return problem === undefined ? NONE : [violation(`${pointer}/worth`, problem)];
  }
  return share !== undefined && isWorthNothing(document, currency)
    ? [violation(`${pointer}/share`, `needs a point of ${currency} to be worth something: its pointValue is 0`)]
    : NONE;
}

/** A campaign has a begin and an end, and rules that share its budget have the same. */
function scheduled({ per }: Budget, rules: readonly EarnRule[], pointer: string): readonly Violation[] {
  if (per !== 'schedule') return NONE;
  const spans = new Set(
    rules.map(({ schedule }) => JSON.stringify([schedule?.from, schedule?.to, schedule?.timeZone])),
  );
  const [first] = rules;
  if (first?.schedule?.from === undefined || first.schedule.to === undefined)
    return [violation(pointer, 'needs a schedule with from and to')];
  return spans.size === 1
    ? NONE
    : [violation(pointer, 'needs rules whose schedules have the same from, to and timeZone')];
}
