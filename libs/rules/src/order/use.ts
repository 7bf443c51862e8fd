import type { CompiledBasis } from './basis.ts';
import type { CompiledFilter } from './filter.ts';

/** Parts of a cause and of its member that some rule of a program looks at: what no rule looks at is not kept. */
export interface Use {
  shipping: boolean;
  tax: boolean;
  payments: boolean;
  /** What was paid otherwise than with points or gift cards. */
  cash: boolean;
  completion: boolean;
  quantity: boolean;
  place: boolean;
  /** Every category of a line: a fact may name any. */
  categories: boolean;
  /** Everything of a line and of an order's attributes: an expression may look anywhere. */
  whole: boolean;
  tier: boolean;
  /** Everything that any filter names: other values are as good as none. */
  readonly named: { readonly [Field in keyof CompiledFilter]: Set<string> };
  readonly attributes: Set<string>;
  /** Keys, or all of them. */
  facts: Set<string> | 'all';
  data: Set<string> | 'all';
}

export const newUse = (): Use => ({
  shipping: false,
  tax: false,
  payments: false,
  cash: false,
  completion: false,
  quantity: false,
  place: false,
  categories: false,
  whole: false,
  tier: false,
  named: { skus: new Set(), products: new Set(), categories: new Set(), tags: new Set() },
  attributes: new Set(),
  facts: new Set(),
  data: new Set(),
});

export const useFact = (use: Use, key: string): void => {
  if (use.facts !== 'all') use.facts.add(key);
};

export const useData = (use: Use, key: string): void => {
  if (use.data !== 'all') use.data.add(key);
};

const FIELDS = ['skus', 'products', 'categories', 'tags'] as const;

export function useFilter(use: Use, filter: Partial<Record<keyof CompiledFilter, Iterable<string>>> | undefined): void {
  for (const field of FIELDS) for (const value of filter?.[field] ?? []) use.named[field].add(value);
}

export function useBasis(use: Use, basis: CompiledBasis): void {
  if (basis.pointsPaid !== 'gross' || basis.giftCardPaid !== 'gross') {
    use.payments = true;
    use.shipping = true;
  }
  if (basis.shipping === 'include') use.shipping = true;
  if (basis.tax === 'exclude') use.tax = true;
  useFilter(use, basis.only);
  useFilter(use, basis.except);
}

/** As much of a record as is looked at; nothing when that is nothing. */
export function used<Value>(
  record: Readonly<Record<string, Value>> | undefined,
  keys: ReadonlySet<string> | 'all',
): Readonly<Record<string, Value>> | undefined {
  if (record === undefined || (keys !== 'all' && keys.size === 0)) return undefined;
  const kept = Object.entries(record).filter(([key]) => keys === 'all' || keys.has(key));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
