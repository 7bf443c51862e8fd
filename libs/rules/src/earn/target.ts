import { present } from '@jifen/kernel';
import type { Run } from '../run.ts';
import { compileTarget, type TargetForm } from '../window/compile-window.ts';
import { reached } from '../window/target.ts';
import { targetViolations } from '../window/validate-window.ts';
import type { EarnForm } from './earn-form.ts';

/** A metric summed over a window reaches a threshold (E05, E27). A cause counts in the windows; they are rated for themselves. */
export const target: EarnForm<'target'> = {
  violations: (earn, { document, rule }, pointer) => targetViolations(earn, document, rule, pointer),

  compile: (earn, { money, decimals, basisOf }) => {
    const form = compileTarget(earn, money, decimals, basisOf);
    return {
      form: 'target',
      rank: 'target',
      ungated: true,
      target: form,
      evaluate: (run, rule) => {
        const { input, window } = run;
        if (input.kind === 'window') return input.rule === rule.id ? reached(form, input) : 'other-window';
        if (input.kind === 'member') return 'other-kind';
        const earned = form.of.reduce((sum, id) => sum + run.target(id), 0);
        const refusal = run.refusal(rule, []);
        const counted = refusal === undefined ? metricOf(form, earned, run, rule.money) : 0;
        window.count(rule.id, counted, earned);
        if (counted === 0 && earned === 0) return refusal ?? 'nothing-in-basis';
        const { metric } = form;
        return { target: 0, steps: [{ counted, earned, metric, step: 'counts' }], why: 'counts-in-window' };
      },
    };
  },
};

/** An amount in minor units of the rule's money, whatever the order was paid in. */
function metricOf({ metric, basis }: TargetForm, earned: number, run: Run, money: string): number {
  if (metric === 'points') return earned;
  if (metric === 'amount') {
    const result = run.basis(present(basis, 'a basis'));
    return result.refusal === undefined ? run.convert(result.amount, money) : 0;
  }
  return run.input.kind === 'order' && run.order().fullyRefunded ? 0 : 1;
}
