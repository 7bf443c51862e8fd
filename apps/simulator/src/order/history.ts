import type { Order, OrderRefund } from '@jifen/contracts';
import type { Random } from '../random.ts';
import type { Submission } from '../workload.ts';

const START = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const STATUSES: readonly Order['status'][] = [
  'placed',
  'paid',
  'paid',
  'shipped',
  'completed',
  'cancelled',
  'completed',
];

const yuan = (fen: number): string => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
const iso = (millis: number): string => new Date(millis).toISOString();

interface LineAmounts {
  readonly amount: number;
  readonly discount: number;
}

function notices(random: Random, orderId: string, placed: number, lines: readonly LineAmounts[]): OrderRefund[] {
  const made: OrderRefund[] = [];
  const left = lines.map(({ amount, discount }) => amount - discount);
  for (let count = random.between(-1, 2); count > 0; count--) {
    const index = random.between(0, lines.length - 1);
    const amount = random.between(0, left[index] ?? 0);
    left[index] = (left[index] ?? 0) - amount;
    made.push({
      source: 'shop',
      orderId,
      refundId: `R-${orderId}-${count}`,
      occurredAt: iso(placed + random.between(1, 60) * DAY),
      lines: [{ lineId: String(index + 1), amount: yuan(amount) }],
    });
  }
  return made;
}

/** Everything that one member's orders say over time, as their source would say it: revisions, cancellations, reopenings, refunds. */
export function history(random: Random, member: string, label: string): Submission[] {
  const submissions: Submission[] = [];
  const orders = random.between(1, 5);
  for (let index = 0; index < orders; index++) {
    const orderId = `${label}-${index}`;
    const placed = START + random.between(0, 40) * DAY;
    const large = random.chance(0.4);
    const lines = Array.from({ length: random.between(1, 3) }, () => {
      const amount = random.between(0, large ? 3_000_000 : 30_000);
      return { amount, discount: random.chance(0.3) ? random.between(0, amount) : 0 };
    });
    const revisions = random.between(1, 4);
    const refunded = lines.map(() => 0);
    for (let revision = 1; revision <= revisions; revision++) {
      const status = random.pick(STATUSES);
      // Sources correct the instant of payment too; tiers and expiry hang on it.
      const paid = random.chance(0.3) ? placed + random.between(1, 20) * DAY : placed + DAY / 2;
      const body: Order = {
        source: 'shop',
        orderId,
        revision,
        member,
        status,
        occurredAt: iso(placed + revision * DAY),
        placedAt: iso(placed),
        paidAt: iso(paid),
        currency: 'CNY',
        lines: lines.map(({ amount, discount }, line) => {
          if (revision > 1 && random.chance(0.2))
            refunded[line] = random.between(refunded[line] ?? 0, amount - discount);
          const back = refunded[line] ?? 0;
          const base = { lineId: String(line + 1), sku: `S-${line}`, quantity: 1, amount: yuan(amount) };
          return {
            ...base,
            ...(discount > 0 ? { discount: yuan(discount) } : {}),
            ...(back > 0 ? { refundedAmount: yuan(back) } : {}),
          };
        }),
      };
      submissions.push({ kind: 'order', body });
    }
    for (const body of notices(random, orderId, placed, lines)) submissions.push({ kind: 'order-refund', body });
  }
  return submissions;
}

/** The same submissions in any order, some of them several times. */
export function scramble(random: Random, submissions: readonly Submission[]): Submission[] {
  const all = submissions.flatMap((each) =>
    Array.from({ length: random.chance(0.25) ? random.between(2, 3) : 1 }, () => each),
  );
  for (let index = all.length - 1; index > 0; index--) {
    const other = random.between(0, index);
    const [a, b] = [all[index], all[other]];
    if (a !== undefined && b !== undefined) [all[index], all[other]] = [b, a];
  }
  return all;
}
