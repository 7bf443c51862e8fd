import { divideRounded, pointsFromBigInt, powerOfTen, type Instant } from '@jifen/kernel';
import type { Reason, Step } from '../trace.ts';
import type { TargetForm } from './compile-window.ts';

/** A window of a target, rated for itself: what everything in it adds up to. */
export interface WindowInput {
  readonly kind: 'window';
  readonly rule: string;
  /** e.g. `2026-Q4`, or `enrolled`. */
  readonly window: string;
  /** When the last cause that counts in it happened. */
  readonly at: Instant;
  /** The first instant after the window; absent: it never ends. */
  readonly end?: Instant | undefined;
  readonly metric: number;
  readonly earned: number;
}

interface Reached {
  readonly target: number;
  readonly steps: readonly Step[];
  readonly why?: Reason | undefined;
}

/** 满 and 达到 include the threshold, 超过 does not. */
export const passes = ({ strict, threshold }: Pick<TargetForm, 'strict' | 'threshold'>, sum: number): boolean =>
  strict ? sum > threshold : sum >= threshold;

export function reached(
  form: Pick<TargetForm, 'factor' | 'metric' | 'points' | 'rounding' | 'strict' | 'threshold'>,
  { earned, metric: sum, window }: Pick<WindowInput, 'earned' | 'metric' | 'window'>,
): Reached {
  const { metric, strict, threshold } = form;
  const steps: Step[] = [{ metric, step: 'sum', strict, sum, threshold, window }];
  if (!passes(form, sum)) return { target: 0, steps, why: 'not-reached' };
  let target = form.points ?? 0;
  if (target > 0) steps.push({ result: target, step: 'fixed' });
  if (form.factor !== undefined && earned > 0) {
    const { text, value } = form.factor;
    const product = divideRounded(BigInt(earned) * value.units, powerOfTen(value.scale), form.rounding);
    const result = pointsFromBigInt(product - BigInt(earned));
    steps.push({ base: earned, factor: text, result, rounding: form.rounding, step: 'window-multiply' });
    target += result;
  }
  return { target, steps, why: target === 0 ? 'nothing-to-multiply' : undefined };
}
