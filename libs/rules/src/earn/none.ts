import { NONE, violation } from '../violation.ts';
import type { EarnForm } from './earn-form.ts';

/** No points: the rule has effects only (E23). */
export const none: EarnForm<'none'> = {
  violations: (_, { rule }, pointer) =>
    rule.effects === undefined ? [violation(pointer, 'without points the rule must have effects')] : NONE,

  compile: () => ({
    form: 'none',
    rank: 'base',
    evaluate: (run) =>
      run.input.kind === 'order' && run.order().fullyRefunded ? 'fully-refunded' : { target: 0, steps: [], pays: true },
  }),
};
