import type { Order, RecordedOrder, Violation } from '@jifen/contracts';
import { accept, refuse, type Outcome } from '@jifen/kernel';
import { readInstant } from './instant-field.ts';
import { MoneyFields } from './money-fields.ts';

export type OrderLine = RecordedOrder['lines'][number];

const MAX_VIOLATIONS = 20;

/** Sums over the lines, in minor units: what the goods cost, and what is due for them with tax. */
interface Totals {
  net: number;
  due: number;
}

/**
 * What a line can give back: its amount, and its tax where the prices come without it. A source that does not say how
 * its prices stand gets the benefit of the doubt.
 */
export const refundLimit = (amount: number, tax: number, pricesIncludeTax: boolean | undefined): number =>
  pricesIncludeTax === true ? amount : amount + tax;

function checkLine(line: OrderLine, at: string, order: Order, money: MoneyFields, totals: Totals): OrderLine {
  const amount = money.read(line.amount, `${at}/amount`);
  const discount = money.read(line.discount, `${at}/discount`);
  const tax = money.read(line.tax, `${at}/tax`);
  const refunded = money.read(line.refundedAmount, `${at}/refundedAmount`);
  const refundedQuantity = line.refundedQuantity ?? 0;
  if (discount > amount) money.refuse(`${at}/discount`, 'is more than the amount');
  if (order.pricesIncludeTax === true && tax > amount) money.refuse(`${at}/tax`, 'is more than the amount');
  if (refunded > refundLimit(amount, tax, order.pricesIncludeTax)) {
    money.refuse(`${at}/refundedAmount`, 'is more than the amount');
  }
  if (refundedQuantity > line.quantity) money.refuse(`${at}/refundedQuantity`, 'is more than the quantity');
  const net = Math.max(0, amount - discount);
  totals.net = money.add(totals.net, net, `${at}/amount`);
  totals.due = money.add(totals.due, refundLimit(net, tax, order.pricesIncludeTax), `${at}/tax`);
  const checked: OrderLine = {
    lineId: line.lineId,
    sku: line.sku,
    quantity: line.quantity,
    amount: money.format(amount),
  };
  if (line.productId !== undefined) checked.productId = line.productId;
  if (line.category !== undefined) checked.category = line.category;
  if (discount > 0) checked.discount = money.format(discount);
  if (tax > 0) checked.tax = money.format(tax);
  if (line.tags !== undefined && line.tags.length > 0) checked.tags = line.tags;
  if (refundedQuantity > 0) checked.refundedQuantity = refundedQuantity;
  if (refunded > 0) checked.refundedAmount = money.format(refunded);
  if (line.isGift === true) checked.isGift = true;
  return checked;
}

function checkLines(order: Order, money: MoneyFields, totals: Totals): OrderLine[] {
  const seen = new Set<string>();
  return order.lines.map((line, index) => {
    const at = `/lines/${index}`;
    if (seen.has(line.lineId)) money.refuse(`${at}/lineId`, 'is there twice');
    seen.add(line.lineId);
    return checkLine(line, at, order, money, totals);
  });
}

/** Cash may be more than what is due (change is given back); points, gift cards and store credit may not. */
function checkPayments(order: Order, due: number, money: MoneyFields): NonNullable<RecordedOrder['payments']> {
  let credit = 0;
  const payments = (order.payments ?? []).map(({ kind, amount }, index) => {
    const at = `/payments/${index}/amount`;
    const value = money.read(amount, at);
    if (kind !== 'cash') credit = money.add(credit, value, at);
    return { kind, amount: money.format(value) };
  });
  if (credit > Math.max(0, due)) money.refuse('/payments', 'other than cash are more than the order');
  return payments;
}

function checkTotals(order: Order, checked: RecordedOrder, money: MoneyFields, totals: Totals): void {
  const shipping = money.read(order.shipping, '/shipping');
  const discount = money.read(order.orderDiscount, '/orderDiscount');
  if (discount > money.add(totals.net, shipping, '/shipping')) money.refuse('/orderDiscount', 'is more than the order');
  const due = money.add(totals.due, shipping, '/shipping') - discount;
  const payments = checkPayments(order, due, money);
  if (shipping > 0) checked.shipping = money.format(shipping);
  if (discount > 0) checked.orderDiscount = money.format(discount);
  if (payments.length > 0) checked.payments = payments;
}

function checkTimes(order: Order, checked: RecordedOrder, now: number, money: MoneyFields): void {
  for (const field of ['paidAt', 'completedAt'] as const) {
    const text = order[field];
    if (text === undefined) continue;
    const at = readInstant(text, now, `/${field}`, money.violations);
    if (at < checked.placedAt) money.refuse(`/${field}`, 'lies before placedAt');
    checked[field] = at;
  }
}

/**
 * What a JSON Schema cannot say of an order: it must not contradict itself. Answers the snapshot in its normal form, in
 * which equal orders are equal values: instants in UTC, money with the decimals of its currency, and no field that says
 * nothing (a zero discount, an empty list). `now` is in milliseconds.
 */
export function checkOrder(order: Order, now: number): Outcome<RecordedOrder, readonly Violation[]> {
  const money = new MoneyFields(order.currency);
  const totals: Totals = { net: 0, due: 0 };
  const checked: RecordedOrder = {
    source: order.source,
    orderId: order.orderId,
    revision: order.revision,
    status: order.status,
    occurredAt: readInstant(order.occurredAt, now, '/occurredAt', money.violations),
    placedAt: readInstant(order.placedAt, now, '/placedAt', money.violations),
    currency: order.currency,
    lines: checkLines(order, money, totals),
  };
  checkTimes(order, checked, now, money);
  checkTotals(order, checked, money, totals);
  if (order.pricesIncludeTax !== undefined) checked.pricesIncludeTax = order.pricesIncludeTax;
  if (order.channel !== undefined) checked.channel = order.channel;
  if (order.store !== undefined) checked.store = order.store;
  if (order.attributes !== undefined && Object.keys(order.attributes).length > 0) checked.attributes = order.attributes;
  return money.violations.length === 0 ? accept(checked) : refuse(money.violations.slice(0, MAX_VIOLATIONS));
}
