import { assert } from './assert.ts';

/** How a fraction becomes a whole number. `floor` rounds towards minus infinity, the half modes differ only at exactly .5. */
export const ROUNDING_MODES = ['floor', 'ceil', 'half-up', 'half-even'] as const;
export type RoundingMode = (typeof ROUNDING_MODES)[number];

/** `numerator / denominator` as a whole number; exact, with a positive denominator. */
export function divideRounded(numerator: bigint, denominator: bigint, mode: RoundingMode): bigint {
  assert(denominator > 0n, 'the denominator must be positive');
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  if (remainder === 0n) return quotient;
  const floor = remainder < 0n ? quotient - 1n : quotient;
  const above = numerator - floor * denominator;
  switch (mode) {
    case 'floor':
      return floor;
    case 'ceil':
      return floor + 1n;
    case 'half-up':
      return above * 2n >= denominator ? floor + 1n : floor;
    case 'half-even': {
      const twice = above * 2n;
      if (twice !== denominator) return twice > denominator ? floor + 1n : floor;
      return floor % 2n === 0n ? floor : floor + 1n;
    }
  }
}
