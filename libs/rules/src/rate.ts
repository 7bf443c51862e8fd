import type { Award } from '@jifen/contracts';
import type { Instant } from '@jifen/kernel';
import type { CompiledProgram, CompiledRule } from './compile.ts';
import type { Rated } from './earn/earn-form.ts';
import type { OnceAward } from './earn/once.ts';
import type { RatedOrder } from './order/rated-order.ts';
import { Run } from './run.ts';
import type { RuleTrace, Step, Trace } from './trace.ts';
import type { Past, WindowPart } from './window/entry.ts';
import type { WindowInput } from './window/target.ts';

interface CauseInput {
  readonly member: string;
  readonly source: string;
  readonly id: string;
  /** In force just before the cause; absent when the program has no ladder. */
  readonly tier?: string | undefined;
}

export type RatingInput =
  | (CauseInput & { readonly kind: 'order'; readonly order: RatedOrder; readonly past?: Past | undefined })
  | (CauseInput & {
      readonly kind: 'activity';
      readonly type: string;
      readonly at: Instant;
      /** Rule → what paid once already, as far as it is known. */
      readonly once?: Readonly<Record<string, OnceAward>> | undefined;
      readonly past?: Past | undefined;
    })
  | (CauseInput & { readonly kind: 'member' })
  | (CauseInput & WindowInput);

/** An award before its place in the rating log is known. */
export type RatedAward = Omit<Award, 'revision'>;

export interface Rating {
  readonly awards: readonly RatedAward[];
  readonly trace: Trace;
  /** Rules that pay once and what decides them now. */
  readonly once: Readonly<Record<string, OnceAward>>;
  /** What it took from the member's other causes, and what it is to them: where the program has windows. */
  readonly past?: Past | undefined;
  readonly part?: WindowPart | undefined;
}

/** What a cause is worth under a program: a function of its input alone, so that it can be run again years later. */
export function rate(program: CompiledProgram, input: RatingInput): Rating {
  const run = new Run(program, input);
  const awards: RatedAward[] = [];
  const rules = program.rules.map((rule): RuleTrace => {
    const rated = tryRule(run, rule);
    if (!('steps' in rated)) return rated;
    run.targets.set(rule.id, rated.target);
    if (rated.target > 0 || rated.wished !== undefined) awards.push(run.award(rule, rated));
    const { basis, steps, target, why, wished } = rated;
    return { basis, currency: rule.currency, rule: rule.id, steps, target, why, wished };
  });
  const money = input.kind === 'order' ? input.order.currency : moneyOf(program, input);
  const tier = program.usesTier ? input.tier : undefined;
  const trace: Trace = { bases: run.bases(), kind: input.kind, money, rules, tier, version: program.version };
  return { awards, trace, once: run.once, ...run.windows() };
}

/** The money that a window's metric is told in. */
const moneyOf = ({ rules }: CompiledProgram, input: RatingInput): string | undefined =>
  input.kind === 'window' ? rules.find(({ id }) => id === input.rule)?.money : undefined;

/** Its gates, then what it earns, then its limits; the silent trace of a reason where there is nothing else to tell. */
function tryRule(run: Run, rule: CompiledRule): Rated | RuleTrace {
  const steps: Step[] = [];
  const why = rule.earn.ungated === true ? undefined : run.refusal(rule, steps);
  const rated = why ?? rule.earn.evaluate(run, rule);
  if (typeof rated === 'string') return steps.length === 0 ? rule.silent[rated] : { target: 0, steps, why: rated };
  return limited(run, rule, steps.length === 0 ? rated : { ...rated, steps: [...steps, ...rated.steps] });
}

function limited({ window }: Run, { limits }: CompiledRule, rated: Rated): Rated {
  if (limits.length === 0 || rated.target === 0) return rated;
  const { target, steps } = window.limit(limits, rated.target);
  if (target === rated.target) return rated;
  const why = target === 0 ? 'limit-reached' : rated.why;
  return { ...rated, target, steps: [...rated.steps, ...steps], wished: rated.target, why };
}

/** All awards that a cause ever had: those that are due, and those of its last rating that no longer are, with target 0. */
export function withEarlier(due: readonly RatedAward[], earlier: readonly RatedAward[]): readonly RatedAward[] {
  const named = new Set(due.map(({ awardId }) => awardId));
  const gone = earlier.filter(({ awardId }) => !named.has(awardId));
  return gone.length === 0 ? due : [...due, ...gone.map((award) => ({ ...award, target: 0 }))];
}
