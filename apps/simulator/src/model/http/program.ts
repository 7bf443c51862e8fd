import type { ProgramDocument } from '@jifen/contracts';

/** How points of an order are earned, by the one line that it has; days are counted from when it was paid. */
export interface Earning {
  readonly rule: string;
  readonly sku: string;
  readonly availableAfterDays: number;
  readonly expiresAfterDays?: number;
  readonly clawback: 'award-only' | 'within-balance' | 'allow-debt';
}

export const EARNINGS: readonly Earning[] = [
  { rule: 'for-ever', sku: 'sku-0', availableAfterDays: 0, clawback: 'allow-debt' },
  { rule: 'later', sku: 'sku-1', availableAfterDays: 1, expiresAfterDays: 3, clawback: 'allow-debt' },
  { rule: 'short', sku: 'sku-2', availableAfterDays: 0, expiresAfterDays: 2, clawback: 'within-balance' },
  { rule: 'late', sku: 'sku-3', availableAfterDays: 2, expiresAfterDays: 4, clawback: 'award-only' },
];

/** The most that a member may give at once. */
export const MOST_GIVEN = 80;
const DAY_SECONDS = 86_400;

/** A point a yuan by one of the rules, and policies that let every command through. `graceDays` of points that came back expired. */
export const modelProgram = (graceDays: number): ProgramDocument => ({
  name: { en: 'Model', zh: '模型' },
  timeZone: 'Asia/Shanghai',
  moneyCurrency: 'CNY',
  currencies: [{ code: 'points', decimals: 0 }],
  holds: { defaultSeconds: DAY_SECONDS, minimumSeconds: 1, maximumSeconds: 7 * DAY_SECONDS },
  transfers: { currencies: ['points'], maximumPoints: MOST_GIVEN },
  ...(graceDays === 0 ? {} : { expiryPolicy: { reinstatementGraceDays: graceDays } }),
  rules: EARNINGS.map(({ rule, sku, availableAfterDays, expiresAfterDays, clawback }) => ({
    id: rule,
    when: { order: 'paid' },
    earn: { form: 'rate', points: '1', per: '1.00', rounding: 'floor', basis: { only: { skus: [sku] } } },
    currency: 'points',
    availability: availableAfterDays === 0 ? 'at-once' : { after: { days: availableAfterDays } },
    expiry: expiresAfterDays === undefined ? 'never' : { days: expiresAfterDays },
    clawback,
  })),
});
