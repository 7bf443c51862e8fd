import type { EarnBasis, Violation } from '@jifen/contracts';
import { parseMoney } from '@jifen/kernel';
import type { RuleContext } from '../compile.ts';
import { moneyViolations } from '../condition/bounds.ts';
import type { ReasonWords, StepWords } from '../explain/sentence.ts';
import { useData } from '../order/use.ts';
import { ruleMoney } from '../rule-money.ts';
import type { Run } from '../run.ts';
import type { Reason, Step } from '../trace.ts';
import { violation, type RulePlace } from '../violation.ts';

export interface ConvertedStep {
  readonly result: number;
  readonly step: 'converted';
}

export interface DataAmountStep {
  readonly key: string;
  readonly result: number;
  readonly step: 'data-amount';
}

/** The amount that a rate is taken of, in minor units of the rule's money. */
export interface EarnAmount {
  readonly amount: number;
  readonly basis?: number | undefined;
  readonly steps: readonly Step[];
  readonly why?: Reason | undefined;
}

interface AmountSource {
  readonly basis?: EarnBasis;
  readonly data?: string;
}

const NO_STEPS: readonly Step[] = [];

/** The basis of an order, or an amount that an activity tells (top-up, renewal, a purchase that was shared). */
export function compileAmount({ basis, data: key }: AmountSource, context: RuleContext): (run: Run) => EarnAmount {
  const { money, use } = context;
  if (key === undefined) {
    const index = context.basisOf(basis);
    return (run) => {
      const { amount, refusal, trace } = run.basis(index);
      const place = run.traceOf(index, trace);
      if (refusal !== undefined) return { amount: 0, basis: place, steps: NO_STEPS, why: refusal };
      if (run.currency() === money) return { amount, basis: place, steps: NO_STEPS };
      const result = run.convert(amount, money);
      return { amount: result, basis: place, steps: [{ result, step: 'converted' }] };
    };
  }
  useData(use, key);
  useData(use, 'currency');
  return (run) => {
    const told = run.data(key);
    const parsed = parseMoney(String(told ?? ''), run.currency() ?? money);
    if (!parsed.ok || parsed.value <= 0) return { amount: 0, steps: NO_STEPS, why: 'no-amount' };
    const result = run.convert(parsed.value, money);
    return { amount: result, steps: [{ key, result, step: 'data-amount' }] };
  };
}

export function amountViolations(
  { basis, data }: AmountSource,
  { document, rule }: RulePlace,
  pointer: string,
): readonly Violation[] {
  if ('order' in rule.when) {
    const where = moneyViolations(basis?.where?.amount, ruleMoney(document, rule), `${pointer}/basis/where/amount`);
    return data === undefined
      ? where
      : [violation(`${pointer}/data`, 'must be absent for orders: they earn by their basis')];
  }
  if (data === undefined)
    return [violation(pointer, 'a rate needs an order (when must be {"order": …}), or data that holds the amount')];
  return basis === undefined ? [] : [violation(`${pointer}/basis`, 'must be absent where data holds the amount')];
}

export const amountWords: {
  readonly converted: StepWords<ConvertedStep>;
  readonly 'data-amount': StepWords<DataAmountStep>;
} = {
  converted: {
    en: ({ result }, { money }) => `Converted it is ${money(result)}.`,
    zh: ({ result }, { money }) => `折算后为 ${money(result)}。`,
  },
  'data-amount': {
    en: ({ key, result }, { money }) => `The activity tells ${key} ${money(result)}.`,
    zh: ({ key, result }, { money }) => `行为数据 ${key} 为 ${money(result)}。`,
  },
};

export const amountReasons = {
  'no-amount': { en: 'the activity tells no amount', zh: '行为数据中没有金额' },
} satisfies ReasonWords;
