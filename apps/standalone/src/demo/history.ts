import type { MemberProfile, Order, OrderRefund } from '@jifen/contracts';
import { between, pick, seeded } from './random.ts';

export const DEMO_SOURCE = 'demo-shop';
const SEED = 20_260_601;
const CONSUMERS = 54;
const DEALERS = 6;
const ORDERS = 600;
const DAYS = 90;
const DAY_MS = 86_400_000;

export interface DemoMember {
  readonly id: string;
  readonly dealer: boolean;
  readonly profile: MemberProfile;
}

export interface DemoHistory {
  readonly members: readonly DemoMember[];
  /** Oldest first; later revisions of an order come after it. */
  readonly orders: readonly Order[];
  readonly refunds: readonly OrderRefund[];
}

interface Product {
  readonly sku: string;
  readonly category: string;
  /** Cents. */
  readonly price: number;
}

const PRODUCTS: readonly [Product, ...Product[]] = [
  { sku: 'TEA-100', category: 'tea', price: 6_800 },
  { sku: 'TEA-500', category: 'tea', price: 29_900 },
  { sku: 'CUP-01', category: 'ware', price: 4_900 },
  { sku: 'POT-02', category: 'ware', price: 21_500 },
  { sku: 'GIFT-BOX', category: 'gift', price: 45_800 },
];

const money = (cents: number): string => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
const number = (value: number, width: number): string => String(value).padStart(width, '0');

function demoMembers(): readonly DemoMember[] {
  return Array.from({ length: CONSUMERS + DEALERS }, (_, index) => {
    const dealer = index >= CONSUMERS;
    const id = dealer ? `dealer-${number(index - CONSUMERS + 1, 2)}` : `member-${number(index + 1, 2)}`;
    return { id, dealer, profile: { identities: [{ namespace: 'demo-shop-id', value: `c-${1000 + index}` }] } };
  });
}

/** Three months that end with the day given, the same for the same day. */
export function demoHistory(until: Date): DemoHistory {
  const random = seeded(SEED);
  const members = demoMembers();
  const lastDay = Date.UTC(until.getUTCFullYear(), until.getUTCMonth(), until.getUTCDate());
  const stamp = new Date(lastDay).toISOString().slice(0, 10).replaceAll('-', '');
  const times = Array.from({ length: ORDERS }, () => lastDay - Math.floor(random() * DAYS * DAY_MS)).sort(
    (a, b) => a - b,
  );
  const orders: Order[] = [];
  const refunds: OrderRefund[] = [];
  times.forEach((time, index) => {
    const member = members[between(random, 0, members.length - 1)];
    if (member === undefined) return;
    const order = paidOrder(random, `D-${stamp}-${number(index + 1, 4)}`, member, time);
    orders.push(order);
    const chance = random();
    if (chance < 0.04) orders.push(later(order, 'cancelled', time + 2 * 3_600_000));
    else if (chance < 0.09) refunds.push(refundOfFirstLine(order, time + 3 * DAY_MS, lastDay));
    else if (chance < 0.6) orders.push(later(order, 'completed', Math.min(time + 5 * DAY_MS, lastDay)));
  });
  return { members, orders, refunds };
}

function paidOrder(random: () => number, orderId: string, member: DemoMember, time: number): Order {
  const placed = new Date(time).toISOString();
  const paid = new Date(time + 60_000 * between(random, 1, 30)).toISOString();
  const lines = Array.from({ length: between(random, 1, 4) }, (_, index) => {
    const product = pick(random, PRODUCTS);
    const quantity = member.dealer ? between(random, 10, 40) : between(random, 1, 3);
    const amount = product.price * quantity;
    const discount = random() < 0.25 ? Math.floor(amount / 10) : 0;
    return {
      lineId: String(index + 1),
      sku: product.sku,
      category: product.category,
      ...(member.dealer ? { tags: ['dealer'] } : {}),
      quantity,
      amount: money(amount),
      discount: money(discount),
      tax: '0.00',
      refundedQuantity: 0,
      refundedAmount: '0.00',
      due: amount - discount,
    };
  });
  const shipping = member.dealer ? 0 : 1_200;
  const total = lines.reduce((sum, line) => sum + line.due, shipping);
  return {
    source: DEMO_SOURCE,
    orderId,
    revision: 1,
    member: member.id,
    status: 'paid',
    occurredAt: paid,
    placedAt: placed,
    paidAt: paid,
    currency: 'CNY',
    lines: lines.map(({ due: _, ...line }) => line),
    shipping: money(shipping),
    orderDiscount: '0.00',
    payments: [{ kind: 'cash', amount: money(total) }],
    pricesIncludeTax: true,
    channel: member.dealer ? 'wholesale' : 'online',
    attributes: { demo: 'true' },
  };
}

const later = (order: Order, status: 'cancelled' | 'completed', time: number): Order => {
  const at = new Date(time).toISOString();
  return { ...order, revision: 2, status, occurredAt: at, ...(status === 'completed' ? { completedAt: at } : {}) };
};

function refundOfFirstLine(order: Order, time: number, lastDay: number): OrderRefund {
  const [line] = order.lines;
  return {
    source: order.source,
    refundId: `R-${order.orderId}`,
    orderId: order.orderId,
    occurredAt: new Date(Math.min(time, lastDay)).toISOString(),
    lines: line === undefined ? [] : [{ lineId: line.lineId, quantity: 1, amount: money(100) }],
  };
}
