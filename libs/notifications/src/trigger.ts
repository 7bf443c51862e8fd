/** What members can be told of. */
export const TRIGGERS = [
  'points-credited',
  'points-taken-back',
  'points-redeemed',
  'points-refunded',
  'points-held',
  'points-adjusted',
  'points-expiring',
  'reward-in-reach',
  'account-frozen',
  'account-unfrozen',
  'tier-changed',
  'near-upgrade',
  'tier-kept',
  'tier-will-fall',
] as const;
export type Trigger = (typeof TRIGGERS)[number];

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];
export type LocalText = Readonly<Record<Language, string>>;

/** What a message is about, as it is kept: figures and codes only, put into words when it is sent. */
export interface Facts {
  readonly currency?: string;
  /** That the message is about, in the smallest unit of the currency. */
  readonly points?: number;
  /** Spendable after it. */
  readonly available?: number;
  /** What points were spent or held for, e.g. an order id. */
  readonly reference?: string;
  /** Instant from which credited points can be spent, where that is later. */
  readonly usableFrom?: string;
  /** Code of the tier now, before, and next. */
  readonly tier?: string;
  readonly previous?: string;
  readonly next?: string;
  /** What is missing to the next tier, or to keep this one, counted by `basis`. */
  readonly missing?: number;
  /** What the ladder counts: points when absent, else `spend` or `orders`. */
  readonly basis?: string;
  /** Instant from which a lower tier would hold. */
  readonly fallsAt?: string;
  readonly reward?: LocalText;
  /** Points that the reward costs. */
  readonly price?: number;
  /** Last date on which expiring points can be spent, `YYYY-MM-DD` in the program's zone. */
  readonly lastDay?: string;
}

export interface News {
  readonly trigger: Trigger;
  readonly facts: Facts;
}
