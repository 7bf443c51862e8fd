import type { CompiledBasis, CompiledFilter } from './compile.ts';
import { allocate, shareOf } from './exact.ts';
import type { RatedLine, RatedOrder } from './rated-order.ts';
import type { BasisTrace, Reason, Step } from './trace.ts';

/** A line after what is the same for every basis: the order's discount and its shipping spread over the lines. */
interface SettledLine {
  readonly line: RatedLine;
  /** From 1. */
  readonly number: number;
  readonly orderDiscount: number;
  readonly shipping: number;
  /** What was paid for the line: after discounts, with its tax, without shipping. */
  readonly paid: number;
  readonly refunded: number;
  /** The part that was not given back: `keep / of`. */
  readonly keep: number;
  readonly of: number;
}

export interface SettledOrder {
  readonly order: RatedOrder;
  readonly lines: readonly SettledLine[];
  readonly gifts: readonly number[];
  /** What had to be paid: the lines and the shipping. */
  readonly due: number;
  /** Something was refunded and nothing is left. */
  readonly fullyRefunded: boolean;
}

export function settleOrder(order: RatedOrder): SettledOrder {
  const gifts: number[] = [];
  const bought: { line: RatedLine; number: number }[] = [];
  order.lines.forEach((line, index) => {
    if (line === undefined) gifts.push(index + 1);
    else bought.push({ line, number: index + 1 });
  });
  const prices = bought.map(({ line }) => Math.max(0, line.amount - line.discount));
  const total = prices.reduce((sum, price) => sum + price, 0);
  const discounts = allocate(Math.min(order.orderDiscount, total), prices);
  const paid = bought.map(
    ({ line }, index) => (prices[index] ?? 0) - (discounts[index] ?? 0) + (order.taxOnTop ? line.tax : 0),
  );
  const shippings = allocate(order.shipping, paid);
  const lines = bought.map(({ line, number }, index): SettledLine => {
    const own = paid[index] ?? 0;
    const rest = { line, number, orderDiscount: discounts[index] ?? 0, shipping: shippings[index] ?? 0, paid: own };
    if (line.returned !== undefined) {
      const [quantity, of] = line.returned;
      return { ...rest, refunded: shareOf(own, quantity, of).share, keep: of - quantity, of };
    }
    const refunded = Math.min(line.refunded, own);
    return own === 0 ? { ...rest, refunded, keep: 1, of: 1 } : { ...rest, refunded, keep: own - refunded, of: own };
  });
  return {
    order,
    lines,
    gifts,
    due: paid.reduce((sum, amount) => sum + amount, order.shipping),
    fullyRefunded:
      lines.some(({ keep, of }) => keep < of) && lines.every(({ keep, paid: own }) => keep === 0 || own === 0),
  };
}

export interface BasisResult {
  readonly trace: BasisTrace;
  /** In minor units of the order's currency. */
  readonly amount: number;
  readonly refusal: Reason | undefined;
}

/** What of the order earns by a basis: exact to the minor unit, rounded down once a line and once for the part paid otherwise. */
export function basisOf(settled: SettledOrder, basis: CompiledBasis): BasisResult {
  const { order } = settled;
  const steps: Step[] = settled.gifts.map((line) => ({ line, step: 'gift' }));
  let sum = 0;
  for (const entry of settled.lines) {
    if (!accepts(basis, entry.line)) {
      steps.push({ line: entry.number, step: 'filtered' });
      continue;
    }
    const base = baseOf(entry, basis, order.taxOnTop);
    const kept = shareOf(base, entry.keep, entry.of).share;
    sum += kept;
    const withTax = order.taxOnTop || basis.tax === 'exclude';
    steps.push({
      amount: entry.line.amount,
      base,
      discount: entry.line.discount || undefined,
      kept,
      line: entry.number,
      orderDiscount: entry.orderDiscount || undefined,
      paid: entry.paid,
      refunded: entry.refunded || undefined,
      shipping: (basis.shipping === 'include' && entry.shipping) || undefined,
      step: 'line',
      tax: (withTax && entry.line.tax) || undefined,
    });
  }
  const points = basis.pointsPaid === 'net' ? order.pointsPaid : 0;
  const giftCard = basis.giftCardPaid === 'net' ? order.giftCardPaid : 0;
  const { due } = settled;
  let amount = sum;
  if (points + giftCard > 0 && due > 0) {
    amount = shareOf(sum, Math.max(0, due - points - giftCard), due).share;
    steps.push({ amount, due, giftCard, points, step: 'paid-part' });
  }
  return { trace: { amount, steps }, amount, refusal: refusalOf(settled, basis, amount) };
}

function refusalOf({ order, fullyRefunded }: SettledOrder, basis: CompiledBasis, amount: number): Reason | undefined {
  if (fullyRefunded) return 'fully-refunded';
  if (basis.pointsPaid === 'none' && order.pointsPaid > 0) return 'paid-with-points';
  if (basis.giftCardPaid === 'none' && order.giftCardPaid > 0) return 'paid-by-gift-card';
  return amount === 0 ? 'nothing-in-basis' : undefined;
}

function baseOf({ line, orderDiscount, shipping }: SettledLine, basis: CompiledBasis, taxOnTop: boolean): number {
  const price = basis.discount === 'before' ? line.amount : Math.max(0, line.amount - line.discount) - orderDiscount;
  const contained = basis.tax === 'exclude' && !taxOnTop ? line.tax : 0;
  const added = basis.tax === 'include' && taxOnTop ? line.tax : 0;
  return Math.max(0, price - contained) + added + (basis.shipping === 'include' ? shipping : 0);
}

const accepts = ({ only, except }: CompiledBasis, line: RatedLine): boolean =>
  (only === undefined || matches(only, line)) && (except === undefined || !matches(except, line));

const matches = (filter: CompiledFilter, { sku, product, category, tags }: RatedLine): boolean =>
  (sku !== undefined && filter.skus.has(sku)) ||
  (product !== undefined && filter.products.has(product)) ||
  (category !== undefined && filter.categories.has(category)) ||
  (tags?.some((tag) => filter.tags.has(tag)) ?? false);
