import type { RatedOrder } from '../order/rated-order.ts';
import { keptMoney } from '../order/kept.ts';
import type { RatingInput } from '../rate.ts';

/** Budget → what a rule had left of it, itself included, and what it got. */
export type Cut = Readonly<Record<string, readonly [left: number, result: number]>>;

/** Rule → what it holds of a window of a budget, and what it wished. */
export type Held = Readonly<Record<string, readonly [granted: number, wished: number]>>;

/**
 * What budgets leave to a cause: what nobody holds, beside what its own awards hold already, by key of the budget; or, of a
 * rating that was made, what they cut: what they did not cut, was there.
 */
export type Funds =
  | {
      readonly left: Readonly<Record<string, number>>;
      readonly own: Readonly<Record<string, Held>>;
    }
  | { readonly cuts: Readonly<Record<string, Cut>> };

/** What a rating takes of budgets. It is kept with the rating: what a partition has used is the sum over its last ratings. */
export interface Funding {
  /** Rule → what budgets cut. */
  readonly cuts?: Readonly<Record<string, Cut>>;
  /** Window of a budget → what is held of it. */
  readonly held?: Readonly<Record<string, Held>>;
  /** Window of a budget → revenue in minor units that it grows with. */
  readonly revenue?: Readonly<Record<string, number>>;
  /** Budget → what is missing. */
  readonly short?: Readonly<Record<string, number>>;
}

/** As a rating keeps it, with short names. */
export interface PackedFunding {
  c?: NonNullable<Funding['cuts']>;
  h?: NonNullable<Funding['held']>;
  r?: NonNullable<Funding['revenue']>;
}

export function packFunding({ cuts, held, revenue }: Funding): PackedFunding | undefined {
  const packed: PackedFunding = {};
  if (cuts !== undefined) packed.c = cuts;
  if (held !== undefined) packed.h = held;
  if (revenue !== undefined) packed.r = revenue;
  return isEmpty(packed) ? undefined : packed;
}

export const isEmpty = (record: object): boolean => Object.keys(record).length === 0;

export const revenueOf = (input: RatingInput, currency: string): number =>
  input.kind === 'order' ? orderRevenue(input.order, currency) : 0;

/** What an order brought in and keeps, in minor units of a money; nothing in another one. */
export const orderRevenue = (order: RatedOrder, currency: string): number =>
  order.status === 'placed' || order.status === 'cancelled' || order.currency !== currency ? 0 : keptMoney(order);
