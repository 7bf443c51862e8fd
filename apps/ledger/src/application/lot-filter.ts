import type { Instant } from '@jifen/kernel';
import type { Lot } from '@jifen/ledger';

export const LOT_STATES = ['open', 'usable', 'pending', 'lapsed', 'empty', 'all'] as const;
export type LotState = (typeof LOT_STATES)[number];

export interface LotFilter {
  readonly state: LotState;
  readonly currency?: string | undefined;
  readonly award?: string | undefined;
  /** Only lots that lapse by then, that instant included. */
  readonly expiresBy?: Instant | undefined;
}

/** The filter as ranges: what a database and a fold both can apply. Instants are `after < x ≤ until`. */
export interface LotRanges {
  readonly remaining: 'some' | 'none' | 'any';
  readonly currency: string | undefined;
  readonly award: string | undefined;
  readonly availableAfter: Instant | undefined;
  readonly availableUntil: Instant | undefined;
  readonly expiresAfter: Instant | undefined;
  readonly expiresUntil: Instant | undefined;
}

const earlier = (a: Instant | undefined, b: Instant): Instant => (a === undefined || b < a ? b : a);

export function rangesOf({ state, currency, award, expiresBy }: LotFilter, now: Instant): LotRanges {
  const alive = state === 'usable' || state === 'pending';
  return {
    remaining: state === 'all' ? 'any' : state === 'empty' ? 'none' : 'some',
    currency,
    award,
    availableAfter: state === 'pending' ? now : undefined,
    availableUntil: state === 'usable' ? now : undefined,
    expiresAfter: alive ? now : undefined,
    expiresUntil: state === 'lapsed' ? earlier(expiresBy, now) : expiresBy,
  };
}

export function isIn(ranges: LotRanges, lot: Lot, currency: string): boolean {
  const { remaining, availableAfter, availableUntil, expiresAfter, expiresUntil } = ranges;
  if (ranges.currency !== undefined && ranges.currency !== currency) return false;
  if (ranges.award !== undefined && ranges.award !== lot.award) return false;
  if (remaining !== 'any' && (remaining === 'some') !== lot.remaining > 0) return false;
  if (availableAfter !== undefined && lot.availableAt <= availableAfter) return false;
  if (availableUntil !== undefined && lot.availableAt > availableUntil) return false;
  if (expiresAfter !== undefined && lot.expiresAt !== undefined && lot.expiresAt <= expiresAfter) return false;
  return expiresUntil === undefined || (lot.expiresAt !== undefined && lot.expiresAt <= expiresUntil);
}
