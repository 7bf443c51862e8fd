import type { Award } from '@jifen/contracts';
import { assert, divideRounded, pointsFromBigInt, powerOfTen, present, unreachable, type Instant } from '@jifen/kernel';
import { causeAwardId, onceAwardId } from './award-id.ts';
import { basisOf, settleOrder, type BasisResult, type SettledOrder } from './basis.ts';
import type { CompiledEarn, CompiledProgram, CompiledRule } from './compile.ts';
import type { RatedOrder } from './rated-order.ts';
import type { BasisTrace, Reason, RuleTrace, Step, Trace } from './trace.ts';
import type { StreakForm, TargetForm } from './window/compile-window.ts';
import type { Past, WindowPart } from './window/entry.ts';
import { reached, type WindowInput } from './window/target.ts';
import { streakPoints, WindowRun } from './window/window-run.ts';

/** The first qualifying activity of a rule that pays once: it decides, however late it becomes known. */
export interface OnceAward {
  readonly at: Instant;
  readonly source: string;
  readonly id: string;
  readonly version: number;
  readonly currency: string;
  readonly target: number;
  readonly availableAt: Instant;
  readonly expiresAt?: Instant;
  readonly clawback?: Award['clawback'];
}

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

interface Rated {
  readonly target: number;
  /** Before limits. */
  readonly wished?: number | undefined;
  readonly steps: readonly Step[];
  readonly basis?: number;
  readonly why?: Reason | undefined;
}

/** What a cause is worth under a program: a function of its input alone, so that it can be run again years later. */
export function rate(program: CompiledProgram, input: RatingInput): Rating {
  const run = new Run(program, input);
  const awards: RatedAward[] = [];
  const rules = program.rules.map((rule): RuleTrace => {
    const rated = run.apply(rule);
    if (typeof rated === 'string') return rule.silent[rated];
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

/** One rating in the making: what rules share is computed once. */
class Run {
  readonly once: Record<string, OnceAward> = {};
  private readonly program: CompiledProgram;
  private readonly input: RatingInput;
  private readonly targets = new Map<string, number>();
  private readonly results: (BasisResult | undefined)[] = [];
  private readonly traced: BasisTrace[] = [];
  private readonly tracedAs = new Map<number, number>();
  private settled: SettledOrder | undefined;
  private readonly window: WindowRun;

  constructor(program: CompiledProgram, input: RatingInput) {
    this.program = program;
    this.input = input;
    this.window = new WindowRun('past' in input ? input.past : undefined);
  }

  windows(): Pick<Rating, 'past' | 'part'> {
    const { input, program, window } = this;
    if (program.windows === undefined || (input.kind !== 'order' && input.kind !== 'activity')) return {};
    const at = input.kind === 'order' ? input.order.at : input.at;
    return { past: window.past(), part: window.part(program.calendar, program.windows, at) };
  }

  bases(): readonly BasisTrace[] | undefined {
    return this.traced.length === 0 ? undefined : this.traced;
  }

  apply(rule: CompiledRule): Reason | Rated {
    if (rule.earn.form === 'target') return this.target(rule, rule.earn);
    const refusal = triggered(rule, this.input);
    if (refusal !== undefined) return refusal;
    const days = rule.winBack ? this.window.away(rule.id) : undefined;
    if (rule.winBack && days === undefined) return 'not-away';
    const earned = this.earn(rule);
    if (typeof earned === 'string') return earned;
    const rated = this.limited(rule, days === undefined ? earned : awayFor(days, earned));
    this.targets.set(rule.id, rated.target);
    return rated;
  }

  private limited({ limits }: CompiledRule, rated: Rated): Rated {
    if (limits.length === 0 || rated.target === 0) return rated;
    const { target, steps } = this.window.limit(limits, rated.target);
    if (target === rated.target) return rated;
    const why = target === 0 ? 'limit-reached' : rated.why;
    return { ...rated, target, steps: [...rated.steps, ...steps], wished: rated.target, why };
  }

  award(rule: CompiledRule, { target, wished }: Rated): RatedAward {
    const { member, source, id } = this.input;
    const decided = this.once[rule.id];
    if (decided !== undefined) return onceAward(member, rule.id, decided);
    return {
      currency: rule.currency,
      awardId: causeAwardId(member, rule.id, source, id),
      target,
      ...(wished === undefined ? {} : { wished }),
      ruleId: rule.id,
      ruleVersion: this.program.version,
      ...this.validity(rule),
    };
  }

  private earn(rule: CompiledRule): Reason | Rated {
    const { earn } = rule;
    switch (earn.form) {
      case 'rate':
        return this.rate(earn);
      case 'fixed':
        return earn.once ? this.payOnce(rule, earn.points) : this.fixed(earn.points);
      case 'multiplier':
        return this.multiply(earn);
      case 'streak':
        return this.streak(rule.id, earn);
      case 'target':
        return this.target(rule, earn);
      default:
        return unreachable(earn);
    }
  }

  private rate(earn: Extract<CompiledEarn, { form: 'rate' }>): Reason | Rated {
    const result = this.basis(earn.basis);
    const basis = this.traceOf(earn.basis, result);
    if (result.refusal !== undefined) return { target: 0, steps: [], basis, why: result.refusal };
    const { mode, per, points, rounding } = earn;
    const amount = BigInt(result.amount);
    const exact =
      mode === 'per-full-unit'
        ? divideRounded((amount / earn.perMinor) * earn.numerator, earn.scale, rounding)
        : divideRounded(amount * earn.numerator, earn.perMinor * earn.scale, rounding);
    const target = pointsFromBigInt(exact);
    const step: Step = { amount: result.amount, mode, per, points, result: target, rounding, step: 'rate' };
    return { target, steps: [step], basis, why: target === 0 ? 'rounds-to-nothing' : undefined };
  }

  private fixed(points: number): Reason | Rated {
    if (this.input.kind === 'order' && this.order(this.input.order).fullyRefunded) return 'fully-refunded';
    return { target: points, steps: [{ result: points, step: 'fixed' }] };
  }

  private payOnce(rule: CompiledRule, points: number): Reason | Rated {
    const { input, program } = this;
    if (input.kind !== 'activity') return 'other-kind';
    const own: OnceAward = {
      at: input.at,
      source: input.source,
      id: input.id,
      version: program.version,
      currency: rule.currency,
      target: points,
      ...this.validity(rule),
    };
    const earlier = input.once?.[rule.id];
    const first = earlier !== undefined && isBefore(earlier, own) ? earlier : own;
    this.once[rule.id] = first;
    const step: Step = { at: first.at, result: first.target, step: 'once', version: first.version };
    return { target: first.target, steps: [step] };
  }

  private streak(rule: string, earn: StreakForm): Reason | Rated {
    const length = this.window.streak(rule);
    if (length === 0) return 'day-has-one';
    const { day, points } = streakPoints(earn, length);
    const why = points === 0 ? 'rounds-to-nothing' : undefined;
    return { target: points, steps: [{ day, length, result: points, step: 'streak' }], why };
  }

  /** A cause counts in the windows of a target; the windows are rated for themselves. */
  private target(rule: CompiledRule, earn: TargetForm): Reason | Rated {
    const { input, window } = this;
    if (input.kind === 'window') return input.rule === rule.id ? reached(earn, input) : 'other-window';
    if (input.kind === 'member') return 'other-kind';
    const earned = earn.of.reduce((sum, id) => sum + (this.targets.get(id) ?? 0), 0);
    const refusal = triggered(rule, input);
    const counted = refusal === undefined ? this.metric(earn, earned) : 0;
    window.count(rule.id, counted, earned);
    if (counted === 0 && earned === 0) return refusal ?? 'nothing-in-basis';
    return { target: 0, steps: [{ counted, earned, metric: earn.metric, step: 'counts' }], why: 'counts-in-window' };
  }

  private metric({ metric, basis }: TargetForm, earned: number): number {
    if (metric === 'points') return earned;
    if (metric === 'amount') {
      const result = this.basis(present(basis, 'a basis'));
      return result.refusal === undefined ? result.amount : 0;
    }
    return this.input.kind === 'order' && this.order(this.input.order).fullyRefunded ? 0 : 1;
  }

  private multiply({ of, factor: stated, rounding }: Extract<CompiledEarn, { form: 'multiplier' }>): Reason | Rated {
    const base = of.reduce((sum, id) => sum + (this.targets.get(id) ?? 0), 0);
    if (base === 0) return 'nothing-to-multiply';
    const tier = stated === undefined ? this.input.tier : undefined;
    if (stated === undefined && tier === undefined) return 'no-tier';
    const factor = stated ?? this.program.tierFactors.get(tier ?? '');
    if (factor === undefined) return 'unknown-tier';
    const { units, scale } = factor.value;
    if (units === powerOfTen(scale)) return 'factor-is-one';
    const product = divideRounded(BigInt(base) * units, powerOfTen(scale), rounding);
    const result = pointsFromBigInt(product - BigInt(base));
    const step: Step = { base, factor: factor.text, result, rounding, step: 'multiply', tier };
    return { target: result, steps: [step], why: result === 0 ? 'rounds-to-nothing' : undefined };
  }

  private order(order: RatedOrder): SettledOrder {
    return (this.settled ??= settleOrder(order));
  }

  private basis(index: number): BasisResult {
    const known = this.results[index];
    if (known !== undefined) return known;
    const basis = present(this.program.bases[index], 'basis');
    assert(this.input.kind === 'order', 'a basis needs an order');
    return (this.results[index] = basisOf(this.order(this.input.order), basis));
  }

  private traceOf(index: number, result: BasisResult): number {
    const known = this.tracedAs.get(index);
    if (known !== undefined) return known;
    const place = this.traced.push(result.trace) - 1;
    this.tracedAs.set(index, place);
    return place;
  }

  private validity(rule: CompiledRule): Pick<RatedAward, 'clawback'> & { availableAt: Instant; expiresAt?: Instant } {
    const { calendar } = this.program;
    const from = reference(rule, this.input);
    const { availableAfterDays, expiry, clawback } = rule;
    const availableAt = availableAfterDays === 0 ? from : calendar.addDays(from, availableAfterDays);
    const rest = clawback === undefined ? {} : { clawback };
    if (expiry === 'never') return { availableAt, ...rest };
    const counted = this.input.kind === 'window' ? (this.input.end ?? from) : from;
    if ('days' in expiry) return { availableAt, expiresAt: calendar.addDays(counted, expiry.days), ...rest };
    const moved = calendar.addMonths(counted, expiry.months);
    return {
      availableAt,
      expiresAt: expiry.endOf === undefined ? moved : calendar.endOf(expiry.endOf, moved),
      ...rest,
    };
  }
}

function triggered({ trigger, money, earn }: CompiledRule, input: RatingInput): Reason | undefined {
  if ('activity' in trigger) {
    if (input.kind !== 'activity') return 'other-kind';
    return trigger.activity === input.type ? undefined : 'other-activity';
  }
  if (input.kind !== 'order') return 'other-kind';
  const { status, currency } = input.order;
  if (status === 'cancelled') return 'cancelled';
  if (status === 'placed') return 'not-yet-paid';
  if (trigger.order === 'completed' && status !== 'completed') return 'not-yet-completed';
  return earn.form === 'multiplier' || currency === money ? undefined : 'other-currency';
}

/** The instant that a rule's availability and expiry count from: a function of the latest snapshot alone. */
function reference({ trigger }: CompiledRule, input: RatingInput): Instant {
  if (input.kind === 'order') {
    const completed = 'order' in trigger && trigger.order === 'completed' ? input.order.completedAt : undefined;
    return completed ?? input.order.at;
  }
  assert(input.kind !== 'member', 'a member update earns nothing');
  return input.at;
}

const awayFor = (days: number, rated: Rated): Rated => ({ ...rated, steps: [{ days, step: 'away' }, ...rated.steps] });

const isBefore = (a: OnceAward, b: OnceAward): boolean =>
  a.at !== b.at ? a.at < b.at : a.source !== b.source ? a.source < b.source : a.id <= b.id;

const onceAward = (member: string, ruleId: string, decided: OnceAward): RatedAward => ({
  currency: decided.currency,
  awardId: onceAwardId(member, ruleId),
  target: decided.target,
  ruleId,
  ruleVersion: decided.version,
  availableAt: decided.availableAt,
  ...(decided.expiresAt === undefined ? {} : { expiresAt: decided.expiresAt }),
  ...(decided.clawback === undefined ? {} : { clawback: decided.clawback }),
});

/** All awards that a cause ever had: those that are due, and those of its last rating that no longer are, with target 0. */
export function withEarlier(due: readonly RatedAward[], earlier: readonly RatedAward[]): readonly RatedAward[] {
  const named = new Set(due.map(({ awardId }) => awardId));
  const gone = earlier.filter(({ awardId }) => !named.has(awardId));
  return gone.length === 0 ? due : [...due, ...gone.map((award) => ({ ...award, target: 0 }))];
}
