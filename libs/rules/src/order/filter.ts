import type { LineFilter } from '@jifen/contracts';
import type { RatedLine } from './rated-order.ts';

/** What a filter names; a line matches when it has any of it. */
export interface CompiledFilter {
  readonly skus: ReadonlySet<string>;
  readonly products: ReadonlySet<string>;
  readonly categories: ReadonlySet<string>;
  readonly tags: ReadonlySet<string>;
}

export const compileFilter = (from: LineFilter | undefined): CompiledFilter | undefined =>
  from && {
    skus: new Set(from.skus),
    products: new Set(from.products),
    categories: new Set(from.categories),
    tags: new Set(from.tags),
  };

export const accepts = (
  only: CompiledFilter | undefined,
  except: CompiledFilter | undefined,
  line: RatedLine,
): boolean => (only === undefined || matches(only, line)) && (except === undefined || !matches(except, line));

export const matches = (filter: CompiledFilter, { sku, product, category, tags }: RatedLine): boolean =>
  (sku !== undefined && filter.skus.has(sku)) ||
  (product !== undefined && filter.products.has(product)) ||
  (category !== undefined && filter.categories.has(category)) ||
  (tags?.some((tag) => filter.tags.has(tag)) ?? false);
