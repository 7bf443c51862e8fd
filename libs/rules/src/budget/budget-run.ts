import type { CompiledProgram, CompiledRule } from '../compile.ts';
import type { Instant } from '@jifen/kernel';
import type { ValueOf } from '../each.ts';
import type { RatingInput } from '../rate.ts';
import type { Step } from '../trace.ts';
import { allowed } from '../point-value.ts';
import { budgetBucket, type Budgets, type CompiledBudget } from './compile-budget.ts';
import { isEmpty, revenueOf, type Cut, type Funding, type Funds, type Held } from './funding.ts';

interface Funded {
  readonly target: number;
  readonly steps: readonly Step[];
}

/** What one rating takes of budgets. */
export class BudgetRun {
  /** Absent: every budget is whole. */
  readonly #funds: Funds | undefined;
  readonly #budgets: Budgets;
  readonly #revenue: number;
  readonly #valueOf: ValueOf;
  readonly #left = new Map<string, number>();
  readonly #cuts: Record<string, Record<string, Cut[string]>> = {};
  readonly #held: Record<string, Record<string, Held[string]>> = {};
  readonly #short: Record<string, number> = {};

  constructor({ document }: CompiledProgram, budgets: Budgets, input: RatingInput, valueOf: ValueOf) {
    this.#valueOf = valueOf;
    this.#budgets = budgets;
    this.#funds = 'funds' in input ? input.funds : undefined;
    this.#revenue = budgets.share ? revenueOf(input, document.moneyCurrency) : 0;
  }

  /** What the budgets of a rule leave of a target. */
  fund(rule: CompiledRule, wished: number, at: Instant): Funded {
    let target = wished;
    const steps: Step[] = [];
    for (const budget of rule.budgets) {
      const cut = this.#cut(budget, rule, target);
      if (cut === undefined) continue;
      const [left, result] = cut;
      const whole = budget.whole || undefined;
      const { each, key } = budget;
      const value = each === undefined ? undefined : this.#valueOf(each);
      steps.push({ budget: key, each, left, result, step: 'budget', value, whole, wished: target });
      (this.#cuts[rule.id] ??= {})[budget.key] = cut;
      this.#short[budget.key] = (this.#short[budget.key] ?? 0) + target - left;
      target = result;
    }
    for (const budget of rule.budgets) {
      this.#left.set(budget.key, this.#leftOf(budget) - Math.max(0, target - this.#ownOf(budget, rule)));
      (this.#held[budgetBucket(budget, at, this.#valueOf)] ??= {})[rule.id] = [target, wished];
    }
    return { target, steps };
  }

  /** `at`: when the cause counts. */
  funding(at: Instant): Funding {
    const revenue: Record<string, number> = {};
    if (this.#revenue !== 0)
      for (const budget of this.#budgets.all)
        if (budget.share !== undefined) revenue[budgetBucket(budget, at, this.#valueOf)] = this.#revenue;
    return {
      ...(isEmpty(this.#cuts) ? {} : { cuts: this.#cuts }),
      ...(isEmpty(this.#held) ? {} : { held: this.#held }),
      ...(isEmpty(revenue) ? {} : { revenue }),
      ...(isEmpty(this.#short) ? {} : { short: this.#short }),
    };
  }

  /** What an award keeps while it only wishes more, and what it gets of the rest. */
  #cut(budget: CompiledBudget, rule: CompiledRule, wished: number): Cut[string] | undefined {
    const funds = this.#funds;
    if (funds !== undefined && 'cuts' in funds) return funds.cuts[rule.id]?.[budget.key];
    const own = this.#ownOf(budget, rule);
    const left = own + Math.max(0, this.#leftOf(budget));
    if (wished <= left) return undefined;
    return [left, budget.whole ? Math.min(wished, own) : left];
  }

  #ownOf({ key }: CompiledBudget, { id }: CompiledRule): number {
    return (this.#funds !== undefined && 'own' in this.#funds ? this.#funds.own[key]?.[id]?.[0] : undefined) ?? 0;
  }

  #leftOf(budget: CompiledBudget): number {
    const known = this.#left.get(budget.key);
    if (known !== undefined) return known;
    // What a live rating was not told of was not looked up yet.
    if (this.#funds !== undefined && 'left' in this.#funds)
      return this.#funds.left[budget.key] ?? Number.POSITIVE_INFINITY;
    return budget.points ?? (budget.share === undefined ? 0 : allowed(budget.share, this.#revenue));
  }
}
