import type { Order, OrderRefund } from '@jifen/contracts';
import { createRandom, type Random } from './random.ts';

/** The workload that benchmarks and fault tests name: what share of orders is repeated, refunded, late. */
export interface WorkloadOptions {
  readonly seed: number;
  readonly members: number;
  /** First part of every order id: two workloads with different prefixes never meet. */
  readonly prefix: string;
  readonly duplicates: number;
  readonly refunds: number;
  readonly late: number;
  /** Placed-at of the first order, milliseconds since 1970. */
  readonly from: number;
  /** Milliseconds between two orders. */
  readonly step: number;
}

export const STANDARD_WORKLOAD: WorkloadOptions = {
  seed: 1,
  members: 200_000,
  prefix: 'W',
  duplicates: 0.05,
  refunds: 0.03,
  late: 0.01,
  from: Date.UTC(2026, 8, 1),
  step: 1_000,
};

export type Submission =
  { readonly kind: 'order'; readonly body: Order } | { readonly kind: 'order-refund'; readonly body: OrderRefund };

const MAX_HELD_BACK = 2_000;
const LINES = [1, 2, 2, 2, 3, 3] as const;

const cents = (minor: number): string => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;

function newOrder(random: Random, options: WorkloadOptions, index: number): Order {
  const placed = new Date(options.from + index * options.step).toISOString();
  const count = random.pick(LINES);
  return {
    source: 'shop',
    orderId: `${options.prefix}-${index}`,
    revision: 1,
    member: `m-${random.between(1, options.members)}`,
    status: 'paid',
    occurredAt: placed,
    placedAt: placed,
    paidAt: placed,
    currency: 'CNY',
    lines: Array.from({ length: count }, (_, line) => {
      const amount = random.between(500, 30_000);
      return {
        lineId: String(line + 1),
        sku: `SKU-${random.between(1, 5_000)}`,
        category: random.pick(['food', 'home', 'beauty', 'books']),
        quantity: random.between(1, 3),
        amount: cents(amount),
        ...(random.chance(0.3) ? { discount: cents(Math.floor(amount / 10)) } : {}),
      };
    }),
    channel: random.pick(['app', 'web', 'store']),
  };
}

/** A refund of the first line: as a later revision of the whole order, or as a notice. */
function refundOf(random: Random, order: Order, index: number): Submission | undefined {
  const [line, ...others] = order.lines;
  if (line === undefined) return undefined;
  const paid = Math.round(Number(line.amount) * 100) - Math.round(Number(line.discount ?? '0') * 100);
  const amount = cents(random.chance(0.5) ? paid : Math.floor(paid / 2));
  const occurredAt = new Date(Date.parse(order.occurredAt) + 3_600_000).toISOString();
  if (random.chance(0.5)) {
    const refunded = { ...line, refundedQuantity: line.quantity, refundedAmount: amount };
    return { kind: 'order', body: { ...order, revision: 2, occurredAt, lines: [refunded, ...others] } };
  }
  const { source, orderId } = order;
  return {
    kind: 'order-refund',
    body: { source, orderId, refundId: `R-${orderId}-${index}`, occurredAt, lines: [{ lineId: line.lineId, amount }] },
  };
}

/** `orders` orders in arrival order, with the repeats, refunds and late comers among them; deterministic in the seed. */
export function* workload(settings: WorkloadOptions, orders: number): Generator<Submission> {
  const random = createRandom(settings.seed);
  const later: Submission[] = [];
  for (let index = 0; index < orders; index++) {
    const body = newOrder(random, settings, index);
    const submission: Submission = { kind: 'order', body };
    const late = random.chance(settings.late);
    if (late) later.push(submission);
    else yield submission;
    if (random.chance(settings.duplicates)) later.push(submission);
    if (random.chance(settings.refunds)) {
      const refund = refundOf(random, body, index);
      if (refund !== undefined) later.push(refund);
    }
    while (later.length > 0 && (later.length > MAX_HELD_BACK || random.chance(0.1))) {
      const [next] = later.splice(random.between(0, Math.min(later.length, 50) - 1), 1);
      if (next !== undefined) yield next;
    }
  }
  yield* later;
}
