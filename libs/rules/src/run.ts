import { assert, present, type Instant } from '@jifen/kernel';
import { promised } from './award/approval.ts';
import { causeAwardId } from './award/award-id.ts';
import { dueEffects, type DueEffect } from './award/effects.ts';
import type { CompiledProgram, CompiledRule } from './compile.ts';
import { onceAward, type OnceAward } from './earn/once.ts';
import { BudgetRun } from './budget/budget-run.ts';
import { basisOf, settleOrder, type BasisResult, type SettledOrder } from './order/basis.ts';
import type { Rated } from './earn/earn-form.ts';
import { valuesIn, type ValueOf } from './each.ts';
import type { Facts, Scalar } from './facts.ts';
import { exchanged, rateOn } from './gate/currency.ts';
import { keptQuantity } from './order/kept.ts';
import type { RatedAward, Rating, RatingInput } from './rate.ts';
import type { BasisTrace, Reason, Step } from './trace.ts';
import { WindowRun } from './window/window-run.ts';

/** When an award's points can be spent, and how they end. */
interface Validity extends Pick<RatedAward, 'clawback' | 'debtLimit'> {
  readonly availableAt: Instant;
  readonly expiresAt?: Instant;
}

/** One rating in the making: what rules share is computed once. */
export class Run {
  readonly program: CompiledProgram;
  readonly input: RatingInput;
  readonly #valueOf: ValueOf;
  #window: WindowRun | undefined;
  readonly #budgets: BudgetRun | undefined;
  /** Rules that pay once and what decides them now. */
  readonly once: Record<string, OnceAward> = {};
  /** Rule → what it gave, for those that multiply it. */
  readonly targets = new Map<string, number>();
  private readonly results: (BasisResult | undefined)[] = [];
  private readonly traced: BasisTrace[] = [];
  /** Basis → its place in the trace. */
  private readonly tracedAs: (number | undefined)[] = [];
  private settled: SettledOrder | undefined;

  constructor(program: CompiledProgram, input: RatingInput) {
    this.program = program;
    this.input = input;
    this.#valueOf = valuesIn(input);
    this.#budgets = program.budgets && new BudgetRun(program, program.budgets, input, this.#valueOf);
  }

  get window(): WindowRun {
    return (this.#window ??= new WindowRun('past' in this.input ? this.input.past : undefined, this.#valueOf));
  }

  /** Why the gates of a rule do not let the cause through. */
  refusal({ gates }: CompiledRule, steps: Step[]): Reason | undefined {
    for (const gate of gates) {
      const why = gate(this, steps);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  target(rule: string): number {
    return this.targets.get(rule) ?? 0;
  }

  /** The instant that the cause counts at. */
  at(): Instant {
    const { input } = this;
    assert(input.kind !== 'member', 'a member update earns nothing');
    return input.kind === 'order' ? input.order.at : input.at;
  }

  fact(key: string): Facts[string] | undefined {
    return this.input.facts?.[key];
  }

  /** What an activity tells; nothing is as good as null. */
  data(key: string): Scalar | undefined {
    return this.input.kind === 'activity' ? (this.input.data?.[key] ?? undefined) : undefined;
  }

  /** ISO code of the cause's money; absent: it says none. */
  currency(): string | undefined {
    if (this.input.kind === 'order') return this.input.order.currency;
    const told = this.data('currency');
    return told === undefined ? undefined : String(told);
  }

  exchangeRate(from: string, to: string): ReturnType<typeof rateOn> {
    return rateOn(this.program.exchange, from, to, this.program.calendar.dateOf(this.at()));
  }

  /** An amount of the cause in another money; its gate has found the rate. */
  convert(minor: number, to: string): number {
    const from = this.currency() ?? to;
    if (from === to) return minor;
    const rate = present(this.exchangeRate(from, to), `a rate of ${from} in ${to}`);
    return exchanged(minor, from, to, rate.value, this.program.exchange.rounding);
  }

  /** Pieces of the order that were not given back. */
  quantity(): number {
    return this.order().lines.reduce((sum, line) => sum + keptQuantity(line), 0);
  }

  order(): SettledOrder {
    assert(this.input.kind === 'order', 'the cause is no order');
    return (this.settled ??= settleOrder(this.input.order));
  }

  basis(index: number): BasisResult {
    return (this.results[index] ??= basisOf(this.order(), present(this.program.bases[index], 'basis'), this));
  }

  /** Place of a basis in the trace; it stands there once. */
  traceOf(index: number, trace: BasisTrace): number {
    const known = this.tracedAs[index];
    if (known !== undefined) return known;
    const place = this.traced.push(trace) - 1;
    this.tracedAs[index] = place;
    return place;
  }

  bases(): readonly BasisTrace[] | undefined {
    return this.traced.length === 0 ? undefined : this.traced;
  }

  /** What it took from the member's other causes, and what it is to them. */
  windows(): Pick<Rating, 'past' | 'part'> {
    const { input, program } = this;
    if (program.windows === undefined || (input.kind !== 'order' && input.kind !== 'activity')) return {};
    const { window } = this;
    const at = input.kind === 'order' ? input.order.at : input.at;
    return { past: window.past(), part: window.part(program.calendar, program.windows, at) };
  }

  /** What it takes of budgets. */
  funding(): Pick<Rating, 'funding'> {
    if (this.#budgets === undefined || this.input.kind === 'member') return {};
    return { funding: this.#budgets.funding(this.at()) };
  }

  /** What the budgets of a rule leave of a target. */
  fund(rule: CompiledRule, wished: number): Pick<Rated, 'target' | 'steps'> {
    return this.#budgets === undefined || rule.budgets.length === 0
      ? { target: wished, steps: [] }
      : this.#budgets.fund(rule, wished, this.at());
  }

  award(rule: CompiledRule, { target, wished }: Rated): RatedAward {
    const { member, source, id } = this.input;
    const decided = this.once[rule.id];
    if (decided !== undefined) return onceAward(member, rule.id, decided);
    return {
      currency: rule.currency,
      awardId: causeAwardId(member, rule.id, source, id),
      ...promised(target, rule.onApproval),
      ...(wished === undefined ? {} : { wished }),
      ruleId: rule.id,
      ruleVersion: this.program.version,
      ...this.validity(rule),
    };
  }

  effects(rule: CompiledRule, awardId: string | undefined): readonly DueEffect[] {
    const { member, source, id } = this.input;
    return dueEffects(
      rule.effects,
      awardId ?? causeAwardId(member, rule.id, source, id),
      rule.id,
      this.program.version,
    );
  }

  /** Whether the points of a rule would lapse before they can be used. */
  lapses(rule: CompiledRule): boolean {
    const { availableAt, expiresAt } = this.validity(rule);
    return expiresAt !== undefined && expiresAt <= availableAt;
  }

  validity(rule: CompiledRule): Validity {
    const from = this.reference(rule);
    const { availability, expiry, clawback } = rule;
    const debtLimit = rule.debtLimit?.(this.input.tier);
    const rest = {
      ...(clawback === undefined ? {} : { clawback }),
      ...(debtLimit === undefined ? {} : { debtLimit }),
    };
    const availableAt = availability(from);
    if (expiry === undefined) return { availableAt, ...rest };
    const ends = this.input.kind === 'window' ? (this.input.end ?? from) : from;
    return { availableAt, expiresAt: expiry(ends), ...rest };
  }

  /** The instant that a rule's availability and expiry count from: a function of the latest snapshot alone. */
  private reference({ onCompletion }: CompiledRule): Instant {
    const { input } = this;
    if (input.kind === 'order') return (onCompletion ? input.order.completedAt : undefined) ?? input.order.at;
    assert(input.kind !== 'member', 'a member update earns nothing');
    return input.at;
  }
}
