import type { RecordedOrder } from '@jifen/contracts';
import { instant, InvariantError, money, parseMoney } from '@jifen/kernel';
import type { Purchase } from './facts.ts';

const PAID: ReadonlySet<RecordedOrder['status']> = new Set(['paid', 'shipped', 'completed']);

/** `a × b ÷ c` rounded down, exact. */
function share(a: number, b: number, c: number): number {
  if (c === 0) return 0;
  const product = a * b;
  if (product <= Number.MAX_SAFE_INTEGER) return (product - (product % c)) / c;
  return Number((BigInt(a) * BigInt(b)) / BigInt(c));
}

/**
 * What an order counts as, as it stands: what was paid for its lines after discounts, less what was returned and less the part
 * paid with points or gift cards (U44); without shipping and gifts. Counts at the instant it was paid.
 */
export function purchaseOf(order: RecordedOrder): Purchase {
  const { currency, paidAt, placedAt } = order;
  const amount = PAID.has(order.status) ? keptOf(order) : 0;
  return { at: instant(paidAt ?? placedAt), currency, amount: money(amount) };
}

function keptOf(order: RecordedOrder): number {
  const { currency, lines, payments = [], shipping, orderDiscount, pricesIncludeTax = true } = order;
  const minor = (text: string | undefined): number => {
    const parsed = parseMoney(text ?? '0', currency);
    if (!parsed.ok || parsed.value < 0) throw new InvariantError(`no amount of ${currency}: ${text}`);
    return parsed.value;
  };
  const bought = lines.filter(({ isGift }) => isGift !== true);
  const prices = bought.map(({ amount, discount }) => Math.max(0, minor(amount) - minor(discount)));
  const total = prices.reduce((sum, price) => sum + price, 0);
  const goods = total - Math.min(minor(orderDiscount), total);
  let [before, paid, returned] = [0, 0, 0];
  bought.forEach(({ tax, quantity, refundedAmount, refundedQuantity = 0 }, place) => {
    // The order's discount is spread so that the lines add up to what was paid, to the last minor unit.
    const upTo = before + (prices[place] ?? 0);
    const own = share(goods, upTo, total) - share(goods, before, total) + (pricesIncludeTax ? 0 : minor(tax));
    before = upTo;
    paid += own;
    returned +=
      refundedAmount === undefined ? share(own, Math.min(refundedQuantity, quantity), quantity) : minor(refundedAmount);
  });
  const elsewhere = payments
    .filter(({ kind }) => kind === 'points' || kind === 'gift-card')
    .reduce((sum, { amount }) => sum + minor(amount), 0);
  const due = paid + minor(shipping);
  return share(Math.max(0, paid - returned), Math.max(0, due - elsewhere), due);
}
