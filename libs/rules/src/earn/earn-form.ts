import type { EarnRule, Violation } from '@jifen/contracts';
import type { CompiledRule, RuleContext } from '../compile.ts';
import type { Run } from '../run.ts';
import type { Reason, Step } from '../trace.ts';
import type { RulePlace } from '../violation.ts';
import type { TargetForm } from '../window/compile-window.ts';

export type FormName = EarnRule['earn']['form'];
export type EarnOf<Form extends FormName> = Extract<EarnRule['earn'], { form: Form }>;

/** What a rule gives for a cause. `why` says why that is nothing. */
export interface Rated {
  readonly target: number;
  /** Before limits. */
  readonly wished?: number | undefined;
  readonly steps: readonly Step[];
  /** Place of its basis in the trace. */
  readonly basis?: number | undefined;
  readonly why?: Reason | undefined;
  /** It pays although the target is 0: in effects. */
  readonly pays?: true | undefined;
}

export const RANKS = ['base', 'multiplier', 'target'] as const;
export type Rank = (typeof RANKS)[number];

/** An earn form with its figures filled in. */
export interface CompiledEarn {
  readonly form: FormName;
  /** What a cause earns. A reason alone where there is no arithmetic to tell. */
  readonly evaluate: (run: Run, rule: CompiledRule) => Reason | Rated;
  /** Rules are tried in this order: multipliers need what others give, targets count what all of them give. */
  readonly rank: Rank;
  /** Pays a member once for ever. */
  readonly once?: boolean;
  /** What a target sums up, and to what. */
  readonly target?: TargetForm;
  /** Is tried even by causes that its gates refuse. */
  readonly ungated?: boolean;
}

/** One way to earn: everything that is to be known about it stands in its file. */
export interface EarnForm<Form extends FormName> {
  /** What the schema cannot say. `pointer` is that of `earn`. */
  readonly violations: (earn: EarnOf<Form>, place: RulePlace, pointer: string) => readonly Violation[];
  readonly compile: (earn: EarnOf<Form>, context: RuleContext) => CompiledEarn;
}
