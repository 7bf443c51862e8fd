import type { EarnRule } from '@jifen/contracts';
import type { RuleContext } from '../compile.ts';
import { compileAudience } from './audience.ts';
import { compileIf } from './condition.ts';
import { compileCurrency } from './currency.ts';
import type { Gate } from './gate.ts';
import { compileSchedule } from './schedule.ts';
import { compileTrigger } from './trigger.ts';
import { compileWinBack } from './win-back.ts';
import { compileReferralTold } from '../referral/referral-activity.ts';

/** What a cause must pass before a rule pays, in this order; a rule has only those that it needs. */
const GATES: readonly ((rule: EarnRule, context: RuleContext) => Gate | undefined)[] = [
  compileTrigger,
  compileSchedule,
  compileAudience,
  compileCurrency,
  compileIf,
  compileWinBack,
  compileReferralTold,
];

export const compileGates = (rule: EarnRule, context: RuleContext): readonly Gate[] =>
  GATES.flatMap((compile) => compile(rule, context) ?? []);
