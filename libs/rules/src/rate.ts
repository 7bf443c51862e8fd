import type { Award } from '@jifen/contracts';
import type { Instant } from '@jifen/kernel';
import type { CompiledProgram, CompiledRule } from './compile.ts';
import type { Funding, Funds } from './budget/funding.ts';
import { approvalOf } from './award/approval.ts';
import type { DueEffect } from './award/effects.ts';
import { RANKS, type Rated } from './earn/earn-form.ts';
import type { OnceAward } from './earn/once.ts';
import type { Data, Facts } from './facts.ts';
import type { RatedOrder } from './order/rated-order.ts';
import { Run } from './run.ts';
import { outranked, stopAfter, type Candidate, type Stacking } from './stacking.ts';
import type { RuleTrace, Step, Trace } from './trace.ts';
import type { Past, WindowPart } from './window/entry.ts';
import type { WindowInput } from './window/target.ts';

interface CauseInput {
  readonly member: string;
  readonly source: string;
  readonly id: string;
  /** In force just before the cause; absent when the program has no ladder. */
  readonly tier?: string | undefined;
  /** What was known of the member at the instant of the cause. */
  readonly facts?: Facts | undefined;
  /** What budgets leave to it; absent: all of them. */
  readonly funds?: Funds | undefined;
  /** Rule → up to how many points stay approved of what somebody rejected: only those count in limits. */
  readonly rejected?: Readonly<Record<string, number>> | undefined;
}

export type RatingInput =
  | (CauseInput & { readonly kind: 'order'; readonly order: RatedOrder; readonly past?: Past | undefined })
  | (CauseInput & {
      readonly kind: 'activity';
      readonly type: string;
      readonly at: Instant;
      readonly data?: Data | undefined;
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
  /** What other systems are to do for the member beside the points. */
  readonly effects: readonly DueEffect[];
  readonly trace: Trace;
  /** Rules that pay once and what decides them now. */
  readonly once: Readonly<Record<string, OnceAward>>;
  /** What it took from the member's other causes, and what it is to them: where the program has windows. */
  readonly past?: Past | undefined;
  readonly part?: WindowPart | undefined;
  /** What it takes of budgets: where the program has any. */
  readonly funding?: Funding | undefined;
}

/** What a cause is worth under a program: a function of its input alone, so that it can be run again years later. */
export function rate(program: CompiledProgram, input: RatingInput): Rating {
  const run = new Run(program, input);
  const awards: RatedAward[] = [];
  const effects: DueEffect[] = [];
  const settle = (rule: CompiledRule, tried: Tried): RuleTrace => {
    if (!('steps' in tried)) return tried;
    const rated = bounded(run, rule, tried);
    run.targets.set(rule.id, rated.target);
    const due = rated.target > 0 || rated.wished !== undefined ? run.award(rule, rated) : undefined;
    if (due !== undefined) awards.push(due);
    const pays = rule.effects.length > 0 && (rated.target > 0 || rated.pays === true);
    if (pays) effects.push(...run.effects(rule, due?.awardId));
    const { basis, target, why, wished } = rated;
    const steps: readonly Step[] =
      rule.onApproval && target > 0 ? [...rated.steps, { result: target, step: 'on-approval' }] : rated.steps;
    const given = pays ? rule.effects.map(({ kind, ref, quantity = 1 }) => ({ kind, quantity, ref })) : undefined;
    return { basis, currency: rule.currency, effects: given, rule: rule.id, steps, target, why, wished };
  };
  const rules =
    program.stacking === undefined
      ? program.rules.map((rule) => settle(rule, tryRule(run, rule)))
      : stacked(run, program.stacking, settle);
  const money = input.kind === 'order' ? input.order.currency : moneyOf(program, input);
  const tier = program.usesTier ? input.tier : undefined;
  const trace: Trace = { bases: run.bases(), kind: input.kind, money, rules, tier, version: program.version };
  return { awards, effects, trace, once: run.once, ...run.windows(), ...run.funding() };
}

/** Rank by rank: first what every rule would give, then which of them pay. */
function stacked(
  run: Run,
  stacking: Stacking,
  settle: (rule: CompiledRule, tried: Tried) => RuleTrace,
): readonly RuleTrace[] {
  let stop: CompiledRule | undefined;
  return RANKS.flatMap((rank) => {
    const tried = run.program.rules
      .filter(({ earn }) => earn.rank === rank)
      .map((rule) => {
        const result = tryRule(run, rule);
        // A multiplier may count what one before it in the list gave.
        if ('steps' in result) run.targets.set(rule.id, result.target);
        return { rule, result };
      });
    const candidates = tried.flatMap(({ rule, result }): Candidate[] =>
      'steps' in result && isStacked(rule) && (result.target > 0 || ('pays' in result && result.pays === true))
        ? [{ rule, target: result.target }]
        : [],
    );
    stop = stopAfter(candidates, stop);
    const last = stop;
    const paying = last === undefined ? candidates : candidates.filter(({ rule }) => rule.index <= last.index);
    const lost = new Map(outranked(stacking, paying));
    for (const { rule } of candidates)
      if (last !== undefined && rule.index > last.index) lost.set(rule.id, { by: last.id, why: 'stopped' });
    return tried.map(({ rule, result }): RuleTrace => {
      const reason = lost.get(rule.id);
      if (reason === undefined || !('steps' in result)) return settle(rule, result);
      run.targets.set(rule.id, 0);
      const { basis, steps, target: wished } = result;
      return {
        basis,
        by: reason.by,
        currency: rule.currency,
        rule: rule.id,
        steps,
        target: 0,
        why: reason.why,
        wished,
      };
    });
  });
}

/** What pays once, or once a window, does not depend on one cause. */
const isStacked = ({ earn }: CompiledRule): boolean => earn.once !== true && earn.rank !== 'target';

/** The money that a window's metric is told in. */
const moneyOf = ({ rules }: CompiledProgram, input: RatingInput): string | undefined =>
  input.kind === 'window' ? rules.find(({ id }) => id === input.rule)?.money : undefined;

type Tried = Rated | RuleTrace;

/** Its gates, then what it earns; the silent trace of a reason where there is nothing else to tell. */
function tryRule(run: Run, rule: CompiledRule): Tried {
  const steps: Step[] = [];
  const why = rule.earn.ungated === true ? undefined : run.refusal(rule, steps);
  const rated = why ?? rule.earn.evaluate(run, rule);
  if (typeof rated === 'string') return steps.length === 0 ? rule.silent[rated] : { target: 0, steps, why: rated };
  const told = steps.length === 0 ? rated : { ...rated, steps: [...steps, ...rated.steps] };
  return rule.lapsesOn && rated.target > 0 && run.lapses(rule) ? { ...told, target: 0, why: 'lapses-first' } : told;
}

/** What a rule gives of what it would: as much as the limits of the member leave, and of that what the budgets of all do. */
function bounded(run: Run, rule: CompiledRule, rated: Rated): Rated {
  if ((rule.limits.length === 0 && rule.budgets.length === 0) || rated.target === 0) return rated;
  const { target: limited, steps } = run.window.limit(rule.limits, rated.target);
  const funded = limited === 0 ? { target: 0, steps: [] } : run.fund(rule, limited);
  const { target } = funded;
  run.window.use(rule.limits, countedOf(run, rule, target));
  if (target === rated.target) return rated;
  const why = target > 0 ? rated.why : limited === 0 ? 'limit-reached' : 'budget-spent';
  return { ...rated, target, steps: [...rated.steps, ...steps, ...funded.steps], wished: rated.target, why };
}

/** What of a target counts in limits. What pays once belongs to no cause that could give it back. */
function countedOf({ input: { rejected } }: Run, { id, earn, onApproval }: CompiledRule, target: number): number {
  return onApproval && earn.once !== true ? Math.min(target, rejected?.[id] ?? target) : target;
}

/** All awards that a cause ever had: those that are due, and those of its last rating that no longer are, with target 0. */
export function withEarlier(due: readonly RatedAward[], earlier: readonly RatedAward[]): readonly RatedAward[] {
  if (earlier.length === 0) return due;
  const named = new Set(due.map(({ awardId }) => awardId));
  const gone = earlier.filter(({ awardId }) => !named.has(awardId));
  return gone.length === 0 ? due : [...due, ...gone.map(withdrawn)];
}

const withdrawn = ({ wished: _, approval, ...award }: RatedAward): RatedAward => ({
  ...award,
  target: 0,
  ...(approval === undefined ? {} : { approval: approvalOf(0, approval) }),
});
