import type { RoundingMode } from '@jifen/kernel';

export type WindowStep =
  | {
      /** Of a limit that counts by it: what it counts by, and the value; without one, what has none. */
      readonly each?: string | undefined;
      readonly left: number;
      /** Key of the limit: the rule, or `*` and its id, and the period. */
      readonly limit: string;
      readonly result: number;
      readonly step: 'limit';
      readonly unit: 'points' | 'count';
      readonly value?: string | undefined;
      readonly wished: number;
    }
  | { readonly day: number; readonly length: number; readonly result: number; readonly step: 'streak' }
  | { readonly days: number; readonly step: 'away' }
  | { readonly counted: number; readonly earned: number; readonly metric: Metric; readonly step: 'counts' }
  | {
      readonly metric: Metric;
      readonly step: 'sum';
      readonly strict: boolean;
      readonly sum: number;
      readonly threshold: number;
      readonly window: string;
    }
  | {
      readonly base: number;
      readonly factor: string;
      readonly result: number;
      readonly rounding: RoundingMode;
      readonly step: 'window-multiply';
    };

export type Metric = 'amount' | 'points' | 'count' | 'days';
