import type { LineTest } from '@jifen/contracts';
import { moneyBounds, type MoneyBounds } from '../condition/bounds.ts';
import { textsOf } from '../facts.ts';
import type { Run } from '../run.ts';
import type { SettledLine } from './basis.ts';
import { keptAmount, keptQuantity } from './kept.ts';
import { useFact, useFilter, type Use } from './use.ts';

export type LineCheck = (line: SettledLine, run: Pick<Run, 'fact' | 'convert'>) => boolean;

/** Whether a line passes everything that is asked of it. */
export function compileLineTest(test: LineTest | undefined, use: Use, money: string): LineCheck {
  if (test === undefined) return () => true;
  useFilter(use, test);
  if (test.quantity !== undefined) use.quantity = true;
  const { categoriesFrom, quantity } = test;
  if (categoriesFrom !== undefined) {
    useFact(use, categoriesFrom);
    use.categories = true;
  }
  const oneOf = (values: readonly string[] | undefined): ReadonlySet<string> | undefined =>
    values === undefined ? undefined : new Set(values);
  const [skus, products, categories, tags] = [
    oneOf(test.skus),
    oneOf(test.products),
    oneOf(test.categories),
    oneOf(test.tags),
  ];
  const amount = test.amount === undefined ? undefined : moneyBounds(test.amount, money);
  return (settled, run) => {
    const { line } = settled;
    if (skus !== undefined && !skus.has(line.sku ?? '')) return false;
    if (products !== undefined && !products.has(line.product ?? '')) return false;
    if (categories !== undefined && !categories.has(line.category ?? '')) return false;
    if (tags !== undefined && !(line.tags?.some((tag) => tags.has(tag)) ?? false)) return false;
    if (categoriesFrom !== undefined && !textsOf(run.fact(categoriesFrom)).includes(line.category ?? '')) return false;
    if (quantity !== undefined && !withinBounds(quantity, keptQuantity(settled))) return false;
    return amount === undefined || withinBounds(amount, run.convert(keptAmount(settled), money));
  };
}

const withinBounds = ({ is, atLeast, moreThan, atMost, lessThan }: MoneyBounds, value: number): boolean =>
  (is === undefined || value === is) &&
  (atLeast === undefined || value >= atLeast) &&
  (moreThan === undefined || value > moreThan) &&
  (atMost === undefined || value <= atMost) &&
  (lessThan === undefined || value < lessThan);
