import type { Reason } from './explain/words.ts';
import type { ConvertedStep, DataAmountStep } from './earn/amount.ts';
import type { BandStep, BandsStep } from './earn/stepped.ts';
import type { TimesStep } from './earn/times.ts';
import type { CelStep } from './condition/cel.ts';
import type { TestStep } from './condition/test.ts';
import type { ArmStep, ShareStep } from './gate/audience.ts';
import type { ExchangeStep } from './gate/currency.ts';
import type { WhenStep } from './gate/schedule.ts';
import type { RateStep } from './earn/rate.ts';
import type { FixedStep } from './earn/fixed.ts';
import type { MultiplyStep } from './earn/multiplier.ts';
import type { OnceStep } from './earn/once.ts';
import type { ApprovalStep } from './award/approval.ts';
import type { ReferralStep } from './referral/referral-activity.ts';
import type { BudgetStep } from './budget/words.ts';
import type { BasisStep } from './order/basis.ts';
import type { WindowStep } from './window/window-step.ts';

export { REASONS, type Reason } from './explain/words.ts';

/**
 * One step of the arithmetic. Money is in minor units of the order's currency, points in the smallest unit of theirs.
 * Fields stand in alphabetical order, so that the text of a trace is canonical as it is. A step that was ever published
 * keeps its fields: stored ratings must run again to the same bytes.
 */
export type Step =
  | WhenStep
  | ShareStep
  | ArmStep
  | ExchangeStep
  | TestStep
  | CelStep
  | ConvertedStep
  | DataAmountStep
  | BandStep
  | BandsStep
  | TimesStep
  | BasisStep
  | RateStep
  | FixedStep
  | OnceStep
  | MultiplyStep
  | ReferralStep
  | WindowStep
  | BudgetStep
  | ApprovalStep;

export type StepName = Step['step'];

export type StepOf<Name extends StepName> = Extract<Step, { step: Name }>;

/** How the basis that some rules share came about. */
export interface BasisTrace {
  readonly amount: number;
  readonly steps: readonly Step[];
}

export interface EffectTrace {
  readonly kind: string;
  readonly quantity: number;
  readonly ref: string;
}

export type RuleTrace =
  | { readonly rule: string; readonly why: Reason }
  | {
      readonly basis?: number | undefined;
      /** The rule that pays instead. */
      readonly by?: string | undefined;
      readonly currency: string;
      readonly effects?: readonly EffectTrace[] | undefined;
      readonly rule: string;
      readonly steps: readonly Step[];
      readonly target: number;
      readonly why?: Reason | undefined;
      /** Before limits and stacking, where they left less. */
      readonly wished?: number | undefined;
    };

/** The explanation of a rating: every rule that was tried, and the arithmetic. */
export interface Trace {
  readonly bases?: readonly BasisTrace[] | undefined;
  readonly kind: 'order' | 'activity' | 'member' | 'window';
  readonly money?: string | undefined;
  readonly rules: readonly RuleTrace[];
  readonly tier?: string | undefined;
  readonly version: number;
}

/** The bytes that a rating is known by: canonical JSON, because every part was made with its fields in order. */
export const traceText = (trace: Trace): string => JSON.stringify(trace);
