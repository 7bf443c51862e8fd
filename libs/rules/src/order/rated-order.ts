import type { RecordedOrder } from '@jifen/contracts';
import type { Data } from '../facts.ts';
import { instant, InvariantError, parseMoney, type Instant } from '@jifen/kernel';

/** Prices include tax unless the order says otherwise, as consumer prices do. */
const PRICES_INCLUDE_TAX = true;

/** A line in minor units of the order's currency. */
export interface RatedLine {
  readonly amount: number;
  readonly discount: number;
  readonly tax: number;
  readonly refunded: number;
  /** Quantity returned, of what quantity: only where the source gave no refunded amount. */
  readonly returned?: readonly [number, number] | undefined;
  readonly sku?: string | undefined;
  readonly product?: string | undefined;
  readonly category?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly quantity: number;
}

/** What rules look at of an order. A gift line is `undefined`: it keeps its place, so that lines keep their numbers. */
export interface RatedOrder {
  readonly status: RecordedOrder['status'];
  /** Paid at, or placed at when it was never said. */
  readonly at: Instant;
  readonly completedAt?: Instant | undefined;
  readonly currency: string;
  readonly lines: readonly (RatedLine | undefined)[];
  readonly shipping: number;
  readonly orderDiscount: number;
  readonly pointsPaid: number;
  readonly giftCardPaid: number;
  readonly cashPaid: number;
  readonly creditPaid: number;
  readonly taxOnTop: boolean;
  readonly channel?: string | undefined;
  readonly store?: string | undefined;
  readonly attributes?: Data | undefined;
}

/** The instant that an order counts at, whatever its state: when it was paid, else when it was placed. */
export const orderInstant = (order: RecordedOrder): Instant => instant(order.paidAt ?? order.placedAt);

export function ratedOrder(order: RecordedOrder): RatedOrder {
  const { currency, payments = [] } = order;
  const minor = (text: string | undefined): number => {
    if (text === undefined) return 0;
    const money = parseMoney(text, currency);
    if (!money.ok || money.value < 0) throw new InvariantError(`no amount of ${currency}: ${text}`);
    return money.value;
  };
  const paidBy = (kind: string): number =>
    payments.reduce((sum, payment) => (payment.kind === kind ? sum + minor(payment.amount) : sum), 0);
  return {
    status: order.status,
    at: orderInstant(order),
    completedAt: order.completedAt === undefined ? undefined : instant(order.completedAt),
    currency,
    lines: order.lines.map((line) => {
      if (line.isGift === true) return undefined;
      const quantity = line.refundedQuantity ?? 0;
      const byQuantity = line.refundedAmount === undefined && quantity > 0 && line.quantity > 0;
      return {
        amount: minor(line.amount),
        discount: minor(line.discount),
        tax: minor(line.tax),
        refunded: minor(line.refundedAmount),
        returned: byQuantity ? [Math.min(quantity, line.quantity), line.quantity] : undefined,
        sku: line.sku,
        product: line.productId,
        category: line.category,
        tags: line.tags,
        quantity: line.quantity,
      };
    }),
    shipping: minor(order.shipping),
    orderDiscount: minor(order.orderDiscount),
    pointsPaid: paidBy('points'),
    giftCardPaid: paidBy('gift-card'),
    cashPaid: paidBy('cash'),
    creditPaid: paidBy('store-credit'),
    taxOnTop: !(order.pricesIncludeTax ?? PRICES_INCLUDE_TAX),
    channel: order.channel,
    store: order.store,
    attributes: order.attributes,
  };
}
