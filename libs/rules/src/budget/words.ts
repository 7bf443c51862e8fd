import { eachWords } from '../explain/each-words.ts';
import type { ReasonWords, StepWords } from '../explain/sentence.ts';

export interface BudgetStep {
  /** Key of the budget: the rule, or `*` and its id, and the period. */
  readonly budget: string;
  /** Of a budget that counts by it: what it counts by, and the value; without one, what has none. */
  readonly each?: string | undefined;
  readonly left: number;
  readonly result: number;
  readonly step: 'budget';
  readonly value?: string | undefined;
  readonly whole?: true | undefined;
  readonly wished: number;
}

export const budgetWords: { readonly budget: StepWords<BudgetStep> } = {
  budget: {
    en: ({ budget, left, result, whole, wished, ...apart }, { points }) =>
      `Budget ${budget}${eachWords.en(apart)} leaves ${points(left)} points${whole === true ? ', and is given whole or not at all' : ''}: ${points(result)} instead of ${points(wished)}.`,
    zh: ({ budget, left, result, whole, wished, ...apart }, { points }) =>
      `预算 ${budget}${eachWords.zh(apart)} 尚余 ${points(left)} 分${whole === true ? '，且只能整笔发放' : ''}：应得 ${points(wished)} 分，实得 ${points(result)} 分。`,
  },
};

export const budgetReasons = {
  'budget-spent': { en: 'its budget is spent', zh: '预算已用完' },
} satisfies ReasonWords;
