import type { OrderRecorded, OrderRefund, RecordedOrder, Violation } from '@jifen/contracts';
import { accept, currencyDecimals, parseDecimal, powerOfTen, refuse, type Outcome } from '@jifen/kernel';
import { readInstant } from './instant-field.ts';
import { MoneyFields } from './money-fields.ts';
import { refundLimit, type OrderLine } from './order-check.ts';

export type RefundNotice = NonNullable<OrderRecorded['notices']>[number];
export type ReportedRefund = NonNullable<OrderRecorded['reported']>[number];

/** What is refunded of one line, amounts in minor units. */
interface LineRefund {
  quantity: number;
  amount: number;
}

/** A notice that makes sense by itself, in normal form; whether it fits its order is seen when that is known. */
export function checkRefund(refund: OrderRefund, now: number): Outcome<RefundNotice, readonly Violation[]> {
  const violations: Violation[] = [];
  const notice: RefundNotice = {
    refundId: refund.refundId,
    occurredAt: readInstant(refund.occurredAt, now, '/occurredAt', violations),
  };
  if ((refund.lines === undefined) === (refund.amount === undefined)) {
    violations.push({ pointer: '/lines', message: 'or amount must be given, and not both' });
  }
  if (refund.lines !== undefined) {
    const seen = new Set<string>();
    for (const [index, { lineId }] of refund.lines.entries()) {
      if (seen.has(lineId)) violations.push({ pointer: `/lines/${index}/lineId`, message: 'is there twice' });
      seen.add(lineId);
    }
    notice.lines = refund.lines;
  }
  if (refund.amount !== undefined) notice.amount = refund.amount;
  return violations.length === 0 ? accept(notice) : refuse(violations);
}

/** Whether the notice speaks the order's currency: it names none, so its decimals are what can be seen. */
export function checkAgainst(notice: RefundNotice, order: RecordedOrder): readonly Violation[] {
  const money = new MoneyFields(order.currency);
  money.read(notice.amount, '/amount');
  for (const [index, line] of (notice.lines ?? []).entries()) money.read(line.amount, `/lines/${index}/amount`);
  return money.violations;
}

/** Minor units, cut to the currency's decimals: a later revision may have changed the currency under a merged notice. */
function minorUnits(text: string | undefined, currency: string): number {
  const decimal = text === undefined ? undefined : parseDecimal(text);
  if (decimal === undefined) return 0;
  const shift = currencyDecimals(currency) - decimal.scale;
  const minor = shift >= 0 ? decimal.units * powerOfTen(shift) : decimal.units / powerOfTen(-shift);
  return Number(minor < 9007199254740991n ? minor : 9007199254740991n);
}

const capped = (total: number): number => Math.min(total, Number.MAX_SAFE_INTEGER);

function noticed(
  notices: readonly RefundNotice[],
  currency: string,
): { byLine: Map<string, LineRefund>; whole: number } {
  const byLine = new Map<string, LineRefund>();
  let whole = 0;
  for (const notice of notices) {
    whole = capped(whole + minorUnits(notice.amount, currency));
    for (const { lineId, quantity, amount } of notice.lines ?? []) {
      const sum = byLine.get(lineId) ?? { quantity: 0, amount: 0 };
      sum.quantity = capped(sum.quantity + (quantity ?? 0));
      sum.amount = capped(sum.amount + minorUnits(amount, currency));
      byLine.set(lineId, sum);
    }
  }
  return { byLine, whole };
}

/** Splits `total` over the shares in proportion to what each can take, by largest remainder, the earlier one first. */
export function allocate(total: number, room: readonly number[]): readonly number[] {
  const space = room.reduce((sum, each) => sum + BigInt(each), 0n);
  const amount = BigInt(total) < space ? BigInt(total) : space;
  if (amount === 0n) return room.map(() => 0);
  const shares = room.map((each, index) => {
    const product = amount * BigInt(each);
    return { index, whole: product / space, remainder: product % space };
  });
  let left = amount - shares.reduce((sum, { whole }) => sum + whole, 0n);
  const result = shares.map(({ whole }) => Number(whole));
  const byRemainder = shares.toSorted((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  );
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    result[index] = (result[index] ?? 0) + 1;
    left -= 1n;
  }
  return result;
}

function unrefunded(line: OrderLine): OrderLine {
  const plain = { ...line };
  delete plain.refundedAmount;
  delete plain.refundedQuantity;
  return plain;
}

/**
 * The lines as they count: of each line the larger of what the snapshot reports and what the notices add up to, so that
 * a source that sends both does not count twice. Notices for the order as a whole cover first what the lines already
 * account for, and the rest is spread over what is left. A function of the set of notices, so their order is of no matter.
 */
export function effectiveLines(snapshot: RecordedOrder, notices: readonly RefundNotice[]): OrderLine[] {
  const money = new MoneyFields(snapshot.currency);
  const { byLine, whole } = noticed(notices, snapshot.currency);
  let named = 0;
  let counted = 0;
  const lines = snapshot.lines.map((line) => {
    const limit = refundLimit(money.read(line.amount, ''), money.read(line.tax, ''), snapshot.pricesIncludeTax);
    const notice = byLine.get(line.lineId) ?? { quantity: 0, amount: 0 };
    const amount = Math.min(limit, Math.max(money.read(line.refundedAmount, ''), notice.amount));
    const quantity = Math.min(line.quantity, Math.max(line.refundedQuantity ?? 0, notice.quantity));
    named = capped(named + Math.min(limit, notice.amount));
    counted += amount;
    return { line, limit, amount, quantity };
  });
  const rest = Math.max(0, capped(named + whole) - counted);
  const spread = allocate(
    rest,
    lines.map(({ limit, amount }) => limit - amount),
  );
  return lines.map(({ line, amount, quantity }, index) => {
    const refunded = amount + (spread[index] ?? 0);
    return {
      ...unrefunded(line),
      ...(quantity > 0 ? { refundedQuantity: quantity } : {}),
      ...(refunded > 0 ? { refundedAmount: money.format(refunded) } : {}),
    };
  });
}

/** The refund totals that the snapshot itself carries, of the lines that have any. */
export const reportedRefunds = (snapshot: RecordedOrder): ReportedRefund[] =>
  snapshot.lines
    .filter(({ refundedAmount, refundedQuantity }) => refundedAmount !== undefined || refundedQuantity !== undefined)
    .map(({ lineId, refundedQuantity, refundedAmount }) => ({
      lineId,
      refundedQuantity: refundedQuantity ?? 0,
      refundedAmount: refundedAmount ?? '0',
    }));

/** The snapshot as its source sent it (in normal form), before notices were merged into it. */
export function snapshotOf(recorded: OrderRecorded): RecordedOrder {
  if (recorded.notices === undefined) return recorded.order;
  const reported = new Map((recorded.reported ?? []).map((refund) => [refund.lineId, refund]));
  const lines = recorded.order.lines.map((line) => {
    const refund = reported.get(line.lineId);
    return {
      ...unrefunded(line),
      ...(refund !== undefined && refund.refundedQuantity > 0 ? { refundedQuantity: refund.refundedQuantity } : {}),
      ...(refund !== undefined && refund.refundedAmount !== '0' ? { refundedAmount: refund.refundedAmount } : {}),
    };
  });
  return { ...recorded.order, lines };
}
