import { InvariantError } from './assert.ts';

declare const pointsBrand: unique symbol;

/** Whole points in minor units of their currency, a safe integer. */
export type Points = number & { readonly [pointsBrand]: true };

export function points(value: number): Points {
  // Asked for every number of every posting: the words only for one that is none.
  if (!Number.isSafeInteger(value)) throw new InvariantError(`points out of range: ${value}`);
  return (value === 0 ? 0 : value) as Points;
}

export const ZERO = points(0);
export const addPoints = (a: Points, b: Points): Points => points(a + b);
export const subtractPoints = (a: Points, b: Points): Points => points(a - b);
export const negatePoints = (a: Points): Points => points(-a);
export const minPoints = (a: Points, b: Points): Points => (a < b ? a : b);
export const sumPoints = (values: Iterable<Points>): Points => {
  let total = ZERO;
  for (const value of values) total = addPoints(total, value);
  return total;
};

export function pointsFromBigInt(value: bigint): Points {
  if (value < -9007199254740991n || value > 9007199254740991n)
    throw new InvariantError(`points out of range: ${value}`);
  return points(Number(value));
}
