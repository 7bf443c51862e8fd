import type { SettledLine } from './basis.ts';
import { shareOf } from './exact.ts';
import type { RatedOrder } from './rated-order.ts';

/** Whole pieces of a line that were not given back. */
export const keptQuantity = ({ line, keep, of }: SettledLine): number => shareOf(line.quantity, keep, of).share;

/** What was paid for a line, less its refunds, in minor units. */
export const keptAmount = ({ paid, keep, of }: SettledLine): number => shareOf(paid, keep, of).share;

/** What was paid for an order in whatever way, less discounts and refunds, without tax on top and shipping, in minor units. */
export function keptMoney({ lines, orderDiscount }: RatedOrder): number {
  const kept = lines.reduce((sum, line) => {
    if (line === undefined) return sum;
    const paid = line.amount - line.discount;
    const [returned, of] = line.returned ?? [0, 1];
    return sum + paid - line.refunded - Math.floor((paid * returned) / of);
  }, 0);
  return Math.max(0, kept - orderDiscount);
}
