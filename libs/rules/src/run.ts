import { assert, present, type Instant } from '@jifen/kernel';
import { causeAwardId } from './award/award-id.ts';
import type { CompiledProgram, CompiledRule } from './compile.ts';
import { onceAward, type OnceAward } from './earn/once.ts';
import { basisOf, settleOrder, type BasisResult, type SettledOrder } from './order/basis.ts';
import type { Rated } from './earn/earn-form.ts';
import type { RatedAward, Rating, RatingInput } from './rate.ts';
import type { BasisTrace, Reason, Step } from './trace.ts';
import { WindowRun } from './window/window-run.ts';

/** When an award's points can be spent, and how they end. */
interface Validity extends Pick<RatedAward, 'clawback'> {
  readonly availableAt: Instant;
  readonly expiresAt?: Instant;
}

/** One rating in the making: what rules share is computed once. */
export class Run {
  readonly program: CompiledProgram;
  readonly input: RatingInput;
  readonly window: WindowRun;
  /** Rules that pay once and what decides them now. */
  readonly once: Record<string, OnceAward> = {};
  /** Rule → what it gave, for those that multiply it. */
  readonly targets = new Map<string, number>();
  private readonly results: (BasisResult | undefined)[] = [];
  private readonly traced: BasisTrace[] = [];
  private readonly tracedAs = new Map<number, number>();
  private settled: SettledOrder | undefined;

  constructor(program: CompiledProgram, input: RatingInput) {
    this.program = program;
    this.input = input;
    this.window = new WindowRun('past' in input ? input.past : undefined);
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

  order(): SettledOrder {
    assert(this.input.kind === 'order', 'the cause is no order');
    return (this.settled ??= settleOrder(this.input.order));
  }

  basis(index: number): BasisResult {
    return (this.results[index] ??= basisOf(this.order(), present(this.program.bases[index], 'basis')));
  }

  /** Place of a basis in the trace; it stands there once. */
  traceOf(index: number, result: BasisResult): number {
    const known = this.tracedAs.get(index);
    if (known !== undefined) return known;
    const place = this.traced.push(result.trace) - 1;
    this.tracedAs.set(index, place);
    return place;
  }

  bases(): readonly BasisTrace[] | undefined {
    return this.traced.length === 0 ? undefined : this.traced;
  }

  /** What it took from the member's other causes, and what it is to them. */
  windows(): Pick<Rating, 'past' | 'part'> {
    const { input, program, window } = this;
    if (program.windows === undefined || (input.kind !== 'order' && input.kind !== 'activity')) return {};
    const at = input.kind === 'order' ? input.order.at : input.at;
    return { past: window.past(), part: window.part(program.calendar, program.windows, at) };
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

  validity(rule: CompiledRule): Validity {
    const from = this.reference(rule);
    const { availability, expiry, clawback } = rule;
    const rest = clawback === undefined ? {} : { clawback };
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
