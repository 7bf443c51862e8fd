import type { Times } from '@jifen/contracts';
import type { RuleContext } from '../compile.ts';
import type { ReasonWords, StepWords } from '../explain/sentence.ts';
import { keptQuantity } from '../order/kept.ts';
import { compileLineTest } from '../order/line-test.ts';
import { useData } from '../order/use.ts';
import type { Run } from '../run.ts';
import { parseDecimal } from '@jifen/kernel';

export interface TimesStep {
  readonly result: number;
  readonly step: 'times';
  readonly times: number;
  readonly wished?: number | undefined;
}

/** How often the points are given: a whole number that an activity tells, or the pieces of lines that are left. */
export function compileTimes({ data: key, lines }: Times, { use, money }: RuleContext): (run: Run) => number {
  if (key !== undefined) {
    useData(use, key);
    return (run) => {
      const told = run.data(key);
      const value = typeof told === 'string' && parseDecimal(told) !== undefined ? Number(told) : told;
      return typeof value === 'number' && value > 0 && value <= Number.MAX_SAFE_INTEGER ? Math.floor(value) : 0;
    };
  }
  use.quantity = true;
  const passes = compileLineTest(lines, use, money);
  return (run) => run.order().lines.reduce((sum, line) => (passes(line, run) ? sum + keptQuantity(line) : sum), 0);
}

export const timesWords: { readonly times: StepWords<TimesStep> } = {
  times: {
    en: ({ result, times, wished }, { points }) =>
      `${times} times${wished === undefined ? '' : ` (the most there is; it would be ${wished})`}: ${points(result)} points.`,
    zh: ({ result, times, wished }, { points }) =>
      `共 ${times} 次${wished === undefined ? '' : `（已达上限，原为 ${wished} 次）`}：${points(result)} 分。`,
  },
};

export const timesReasons = {
  'no-times': { en: 'there is nothing to give points for', zh: '没有可计分的数量' },
} satisfies ReasonWords;
