import type { Condition, MoneyTest } from '@jifen/contracts';
import { parseMoney } from '@jifen/kernel';
import type { Violation } from '@jifen/contracts';
import { violation } from '../violation.ts';

export type { ListTest, NumberTest, TextTest, ValueTest } from '@jifen/contracts';

/** The bounds of an amount in minor units. */
export type MoneyBounds = Readonly<Partial<Record<keyof MoneyTest, number>>>;

const BOUNDS = ['is', 'atLeast', 'moreThan', 'atMost', 'lessThan'] as const;

export function moneyBounds(test: MoneyTest, currency: string): MoneyBounds {
  const bounds: Partial<Record<keyof MoneyTest, number>> = {};
  for (const bound of BOUNDS) {
    const text = test[bound];
    const parsed = text === undefined ? undefined : parseMoney(text, currency);
    if (parsed?.ok === true) bounds[bound] = parsed.value;
  }
  return bounds;
}

export const moneyViolations = (test: MoneyTest | undefined, currency: string, pointer: string): readonly Violation[] =>
  BOUNDS.flatMap((bound) => {
    const text = test?.[bound];
    return text === undefined || parseMoney(text, currency).ok
      ? []
      : [violation(`${pointer}/${bound}`, `must be an amount with no more decimals than ${currency} has`)];
  });

/** Whether a condition speaks of money: then the currency of the order matters. */
export const asksForMoney = (condition: Condition): boolean => {
  const { all = [], any = [], not, order, lines, cel } = condition;
  return (
    order?.amount !== undefined ||
    order?.paid !== undefined ||
    lines?.amount !== undefined ||
    lines?.where?.amount !== undefined ||
    cel !== undefined ||
    [...all, ...any, ...(not === undefined ? [] : [not])].some(asksForMoney)
  );
};
