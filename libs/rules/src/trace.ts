import type { RoundingMode } from '@jifen/kernel';
import type { WindowStep } from './window/window-step.ts';

/** Why a rule that was tried gave nothing. */
export const REASONS = [
  'other-kind',
  'other-activity',
  'not-yet-paid',
  'not-yet-completed',
  'cancelled',
  'fully-refunded',
  'other-currency',
  'paid-with-points',
  'paid-by-gift-card',
  'nothing-in-basis',
  'rounds-to-nothing',
  'no-tier',
  'unknown-tier',
  'factor-is-one',
  'nothing-to-multiply',
  'limit-reached',
  'day-has-one',
  'not-away',
  'counts-in-window',
  'other-window',
  'not-reached',
] as const;
export type Reason = (typeof REASONS)[number];

/**
 * One step of the arithmetic. Money is in minor units of the order's currency, points in the smallest unit of theirs.
 * Fields stand in alphabetical order, so that the text of a trace is canonical as it is.
 */
export type Step =
  | {
      readonly amount: number;
      readonly base: number;
      readonly discount?: number | undefined;
      readonly kept: number;
      readonly line: number;
      readonly orderDiscount?: number | undefined;
      readonly paid: number;
      readonly refunded?: number | undefined;
      readonly shipping?: number | undefined;
      readonly step: 'line';
      readonly tax?: number | undefined;
    }
  | { readonly line: number; readonly step: 'gift' }
  | { readonly line: number; readonly step: 'filtered' }
  | {
      readonly amount: number;
      readonly due: number;
      readonly giftCard: number;
      readonly points: number;
      readonly step: 'paid-part';
    }
  | {
      readonly amount: number;
      readonly mode: 'proportional' | 'per-full-unit';
      readonly per: string;
      readonly points: string;
      readonly result: number;
      readonly rounding: RoundingMode;
      readonly step: 'rate';
    }
  | { readonly result: number; readonly step: 'fixed' }
  | { readonly at: string; readonly result: number; readonly step: 'once'; readonly version: number }
  | {
      readonly base: number;
      readonly factor: string;
      readonly result: number;
      readonly rounding: RoundingMode;
      readonly step: 'multiply';
      readonly tier?: string | undefined;
    }
  | WindowStep;

export type StepName = Step['step'];

/** How the basis that some rules share came about. */
export interface BasisTrace {
  readonly amount: number;
  readonly steps: readonly Step[];
}

export type RuleTrace =
  | { readonly rule: string; readonly why: Reason }
  | {
      readonly basis?: number | undefined;
      readonly currency: string;
      readonly rule: string;
      readonly steps: readonly Step[];
      readonly target: number;
      readonly why?: Reason | undefined;
      /** Before limits, where they left less. */
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
