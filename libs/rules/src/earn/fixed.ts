import type { StepWords } from '../explain/sentence.ts';
import { NONE, violation } from '../violation.ts';
import type { EarnForm } from './earn-form.ts';
import { payOnce } from './once.ts';

export interface FixedStep {
  readonly result: number;
  readonly step: 'fixed';
}

/** The same points for every order or activity, or once for ever (E06, E07, E09–E12, E16). */
export const fixed: EarnForm<'fixed'> = {
  violations: (earn, { rule }, pointer) =>
    earn.once === true && 'order' in rule.when
      ? [violation(`${pointer}/once`, 'must be false or absent for orders: once is only for activities')]
      : NONE,

  compile: ({ points, once = false }) => {
    if (once) return { form: 'fixed', rank: 'base', once, evaluate: payOnce(points) };
    const given = { target: points, steps: [{ result: points, step: 'fixed' as const }] };
    return {
      form: 'fixed',
      rank: 'base',
      evaluate: (run) => (run.input.kind === 'order' && run.order().fullyRefunded ? 'fully-refunded' : given),
    };
  },
};

export const fixedWords: { readonly fixed: StepWords<FixedStep> } = {
  fixed: {
    en: ({ result }, { points }) => `A fixed ${points(result)} points.`,
    zh: ({ result }, { points }) => `固定 ${points(result)} 分。`,
  },
};
