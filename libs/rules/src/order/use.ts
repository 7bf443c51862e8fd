import type { CompiledRule } from '../compile.ts';
import type { CompiledBasis } from './basis.ts';
import type { CompiledFilter } from './filter.ts';

/** Parts of an order that some rule of the program looks at. */
export interface OrderUse {
  readonly shipping: boolean;
  readonly tax: boolean;
  readonly payments: boolean;
  readonly completion: boolean;
  /** Everything that any filter names: other values are as good as none. */
  readonly named: CompiledFilter;
}

export function orderUse(rules: readonly CompiledRule[], bases: readonly CompiledBasis[]): OrderUse {
  const any = (test: (basis: CompiledBasis) => boolean): boolean => bases.some(test);
  const filters = bases.flatMap(({ only, except }) => [only, except]).filter((each) => each !== undefined);
  const named = (field: keyof CompiledFilter): ReadonlySet<string> =>
    new Set(filters.flatMap((each) => [...each[field]]));
  const payments = any(({ pointsPaid, giftCardPaid }) => pointsPaid !== 'gross' || giftCardPaid !== 'gross');
  return {
    shipping: payments || any(({ shipping }) => shipping === 'include'),
    tax: any(({ tax }) => tax === 'exclude'),
    payments,
    completion: rules.some(({ onCompletion }) => onCompletion),
    named: {
      skus: named('skus'),
      products: named('products'),
      categories: named('categories'),
      tags: named('tags'),
    },
  };
}
