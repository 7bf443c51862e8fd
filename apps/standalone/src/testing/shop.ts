import type { Order, ProgramDocument } from '@jifen/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { DemoClient } from '../demo/client.ts';

const tier = (code: string, threshold: number, multiplier: string) => ({
  code,
  name: { en: code, zh: code },
  threshold,
  multiplier,
});

/** One point a yuan, times the tier; 500 for registering once; of points that were spent meanwhile a return leaves 40 owed. */
export const SHOP_PROGRAM: ProgramDocument = {
  name: { en: 'Shop', zh: '商店' },
  timeZone: 'Asia/Shanghai',
  moneyCurrency: 'CNY',
  currencies: [{ code: 'points', decimals: 0 }],
  ladder: {
    currency: 'points',
    basis: 'lifetime-points',
    tiers: [tier('bronze', 0, '1'), tier('silver', 1000, '1.5')],
  },
  rules: [
    {
      id: 'spend',
      when: { order: 'paid' },
      earn: { form: 'rate', points: '1', per: '1.00', rounding: 'floor' },
      currency: 'points',
    },
    {
      id: 'tier',
      when: { order: 'paid' },
      earn: { form: 'multiplier', of: ['spend'], by: 'tier', rounding: 'floor' },
      currency: 'points',
    },
    {
      id: 'signup',
      when: { activity: 'member.registered' },
      earn: { form: 'fixed', points: 500, once: true },
      currency: 'points',
    },
    {
      id: 'referral',
      when: { activity: 'referral.qualified' },
      earn: { form: 'fixed', points: 500 },
      currency: 'points',
    },
  ],
  referral: { qualifyBy: [{ order: 'paid', minAmount: '50.00' }] },
  debtLimits: [{ currency: 'points', points: 40, tiers: [{ tier: 'silver', points: 200 }] }],
};

export const SOURCE = 'shop-1';
export const T0 = Date.UTC(2026, 4, 1);
export const at = (minutes: number): string => new Date(T0 + minutes * 60_000).toISOString();

/** A paid order of one line; `yuan` is its amount. */
export function paidOrder(member: string, orderId: string, yuan: number, more: Partial<Order> = {}): Order {
  return {
    source: SOURCE,
    orderId,
    revision: 1,
    member,
    status: 'paid',
    occurredAt: at(1),
    placedAt: at(0),
    paidAt: at(1),
    currency: 'CNY',
    lines: [{ lineId: '1', sku: 'A', quantity: 1, amount: `${yuan}.00` }],
    ...more,
  };
}

export const refunded = (order: Order, revision: number, yuan: number): Order => ({
  ...order,
  revision,
  occurredAt: at(10 + revision),
  lines: order.lines.map((line) => ({ ...line, refundedQuantity: 0, refundedAmount: `${yuan}.00` })),
});

export interface Accepted {
  readonly accepted: number;
  readonly duplicates: number;
  readonly stale: number;
  readonly waiting: number;
  readonly rejected: readonly {
    readonly index: number;
    readonly id: string;
    readonly problem: { readonly code: string };
  }[];
  readonly position?: string;
}

interface Balance {
  readonly data: readonly { readonly currency: string; readonly available: number; readonly net: number }[];
}

const SETTLE_MS = 15_000;

/** What the suite does over and over, as a shop would. */
export class Shop extends DemoClient {
  send(path: 'orders' | 'order-refunds' | 'activities', records: unknown): Promise<Accepted> {
    return this.expect<Accepted>('ingestion', 'POST', `/v1/${path}`, records);
  }

  /** The balance that includes what the answer stands for. */
  async balance(member: string, after?: Pick<Accepted, 'position'>): Promise<number> {
    const query = after?.position === undefined ? '' : `?after=${after.position}`;
    const answer = await this.call<Balance>('ledger', 'GET', `/v1/members/${member}/balance${query}`);
    if (answer.status === 404) return 0;
    if (answer.status !== 200) throw new Error(`balance of ${member}: ${JSON.stringify(answer.body)}`);
    return answer.body.data.find(({ currency }) => currency === 'points')?.available ?? 0;
  }

  async sendAndRead(
    member: string,
    path: 'orders' | 'order-refunds' | 'activities',
    records: unknown,
  ): Promise<number> {
    return this.balance(member, await this.send(path, records));
  }
}

/** Asks until the answer is as wished; answers the last one, for the expectation to compare. */
export async function eventually<T>(ask: () => Promise<T>, wished: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + SETTLE_MS;
  let answer = await ask();
  while (!wished(answer) && Date.now() < deadline) {
    await sleep(50);
    answer = await ask();
  }
  return answer;
}
