import { divideRounded, parseDecimal, powerOfTen, type Decimal, type RoundingMode } from '@jifen/kernel';

/** P11: how old points become new ones. */
export interface Conversion {
  readonly rate: Decimal;
  readonly rounding: RoundingMode;
}

const ONE: Decimal = { units: 1n, scale: 0 };

/** Exact: old points × rate, rounded once a row. A text says what is wrong with them. */
export function convert(text: string, conversion: Conversion | undefined): number | string {
  const old = parseDecimal(text);
  if (old === undefined) return `"${text.slice(0, 40)}" is no number like 1200 or 1200.5, without separators`;
  const { rate, rounding } = conversion ?? { rate: ONE, rounding: 'floor' };
  const numerator = old.units * rate.units;
  const denominator = powerOfTen(old.scale + rate.scale);
  if (conversion === undefined && numerator % denominator !== 0n) return 'are not whole; give a --rate to convert them';
  const points = divideRounded(numerator, denominator, rounding);
  if (points < 0n) return 'are below 0: a debt is no opening lot';
  return points > BigInt(Number.MAX_SAFE_INTEGER) ? 'are more than a balance can hold' : Number(points);
}
