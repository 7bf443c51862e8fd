import type { EarnRule } from '@jifen/contracts';
import type { RuleContext } from '../compile.ts';
import { compileCondition } from '../condition/index.ts';
import type { ReasonWords } from '../explain/sentence.ts';
import type { Gate } from './gate.ts';

/** `if`: what must be true of the cause and its member. */
export function compileIf(rule: EarnRule, context: RuleContext): Gate | undefined {
  if (rule.if === undefined) return undefined;
  const check = compileCondition(rule.if, context);
  return (run, steps) => (check(run, steps) ? undefined : 'condition-not-met');
}

export const conditionReasons = {
  'condition-not-met': { en: 'its condition does not hold', zh: '条件不成立' },
} satisfies ReasonWords;
