import type { Order, OrderRefund } from '@jifen/contracts';
import type { Submission } from './workload.ts';

/**
 * An independent, naive model of the proof program (`program.ts`): one point per whole yuan of what was paid for the lines,
 * times the tier that earlier orders had earned. It shares no code with Jifen: recomputing everything from what was accepted must
 * give the same balances.
 */
const LADDER: readonly (readonly [number, bigint])[] = [
  [0, 10n],
  [5_000, 12n],
  [20_000, 15n],
  [50_000, 20n],
  [100_000, 30n],
];

const fen = (text: string | undefined): bigint => BigInt(Math.round(Number(text ?? '0') * 100));
const greater = (a: bigint, b: bigint): bigint => (a > b ? a : b);

const netOf = (order: Order, refunds: readonly OrderRefund[]): bigint => {
  let net = 0n;
  for (const line of order.lines) {
    let noticed = 0n;
    for (const refund of refunds)
      for (const part of refund.lines ?? []) if (part.lineId === line.lineId) noticed += fen(part.amount);
    net += fen(line.amount) - fen(line.discount) - greater(fen(line.refundedAmount), noticed);
  }
  return greater(net, 0n);
};

/** Points of every member that ever had an order, from everything accepted, in any order, with any repeats. */
export function expectedPoints(accepted: Iterable<Submission>): Map<string, number> {
  const orders = new Map<string, Order>();
  const refunds = new Map<string, Map<string, OrderRefund>>();
  for (const { kind, body } of accepted) {
    if (kind === 'order') {
      const known = orders.get(body.orderId);
      if (known === undefined || known.revision < body.revision) orders.set(body.orderId, body);
    } else {
      refunds.set(body.orderId, (refunds.get(body.orderId) ?? new Map<string, OrderRefund>()).set(body.refundId, body));
    }
  }
  const byMember = new Map<string, Order[]>();
  for (const order of orders.values()) {
    const member = order.member ?? '';
    const own = byMember.get(member);
    if (own === undefined) byMember.set(member, [order]);
    else own.push(order);
  }
  const totals = new Map<string, number>();
  for (const [member, own] of byMember) totals.set(member, pointsOf(own, refunds));
  return totals;
}

function pointsOf(orders: readonly Order[], refunds: ReadonlyMap<string, ReadonlyMap<string, OrderRefund>>): number {
  const instant = (order: Order): number => Date.parse(order.paidAt ?? order.placedAt);
  const settled: (readonly [number, bigint])[] = [];
  for (const order of [...orders].sort((a, b) => instant(a) - instant(b))) {
    const at = instant(order);
    const before = settled.reduce((sum, [when, earned]) => (when < at ? sum + earned : sum), 0n);
    const tenths = LADDER.reduce((held, [threshold, factor]) => (before >= BigInt(threshold) ? factor : held), 10n);
    const base =
      order.status === 'cancelled' || order.status === 'placed'
        ? 0n
        : netOf(order, [...(refunds.get(order.orderId)?.values() ?? [])]) / 100n;
    settled.push([at, (base * tenths) / 10n]);
  }
  return Number(settled.reduce((sum, [, earned]) => sum + earned, 0n));
}
