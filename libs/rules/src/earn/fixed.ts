import { pointsFromBigInt } from '@jifen/kernel';
import { moneyViolations } from '../condition/bounds.ts';
import type { StepWords } from '../explain/sentence.ts';
import { ruleMoney } from '../rule-money.ts';
import type { Run } from '../run.ts';
import { NONE, violation } from '../violation.ts';
import type { EarnForm } from './earn-form.ts';
import { payOnce } from './once.ts';
import { compileTimes } from './times.ts';

export interface FixedStep {
  readonly result: number;
  readonly step: 'fixed';
}

/** The same points for every order or activity, so many times, or once for ever (E06, E07, E09–E13, E16, E21). */
export const fixed: EarnForm<'fixed'> = {
  violations: ({ once, times }, { document, rule }, pointer) => {
    const isOrder = 'order' in rule.when;
    const place = `${pointer}/times`;
    return [
      ...(once === true && isOrder
        ? [violation(`${pointer}/once`, 'must be false or absent for orders: once is only for activities')]
        : NONE),
      ...(once === true && times !== undefined ? [violation(place, 'must be absent: the rule pays once')] : NONE),
      ...(times === undefined || (times.data === undefined) !== (times.lines === undefined)
        ? NONE
        : [violation(place, 'must have one of data and lines')]),
      ...(times?.data !== undefined && isOrder ? [violation(`${place}/data`, 'is for activities')] : NONE),
      ...(times?.lines !== undefined && !isOrder ? [violation(`${place}/lines`, 'is for orders')] : NONE),
      ...moneyViolations(times?.lines?.amount, ruleMoney(document, rule), `${place}/lines/amount`),
    ];
  },

  compile: ({ points, once = false, times }, context) => {
    if (once) return { form: 'fixed', rank: 'base', once, evaluate: payOnce(points) };
    const given = { target: points, steps: [{ result: points, step: 'fixed' as const }] };
    const refunded = (run: Run): boolean => run.input.kind === 'order' && run.order().fullyRefunded;
    if (times === undefined)
      return { form: 'fixed', rank: 'base', evaluate: (run) => (refunded(run) ? 'fully-refunded' : given) };
    const count = compileTimes(times, context);
    const { max = Number.POSITIVE_INFINITY } = times;
    return {
      form: 'fixed',
      rank: 'base',
      evaluate: (run) => {
        const wished = count(run);
        if (wished === 0) return refunded(run) ? 'fully-refunded' : 'no-times';
        const least = Math.min(wished, max);
        const target = pointsFromBigInt(BigInt(points) * BigInt(least));
        const step = {
          result: target,
          step: 'times',
          times: least,
          wished: least < wished ? wished : undefined,
        } as const;
        return { target, steps: [...given.steps, step] };
      },
    };
  },
};

export const fixedWords: { readonly fixed: StepWords<FixedStep> } = {
  fixed: {
    en: ({ result }, { points }) => `A fixed ${points(result)} points.`,
    zh: ({ result }, { points }) => `固定 ${points(result)} 分。`,
  },
};
