import type { Instant } from '@jifen/kernel';
import type { Lot } from './account.ts';

export type LotPhase = 'pending' | 'usable' | 'lapsed';

/** A lot is usable while `availableAt ≤ now < expiresAt`, whatever has been booked so far. */
export function phaseOf(lot: Pick<Lot, 'availableAt' | 'expiresAt'>, now: Instant): LotPhase {
  if (lot.expiresAt !== undefined && lot.expiresAt <= now) return 'lapsed';
  return lot.availableAt > now ? 'pending' : 'usable';
}

/** The order in which points are taken: soonest expiry first, never-expiring last, then the oldest. */
export function spendingOrder(a: Lot, b: Lot): number {
  if (a.expiresAt !== b.expiresAt) {
    if (a.expiresAt === undefined) return 1;
    if (b.expiresAt === undefined) return -1;
    return a.expiresAt < b.expiresAt ? -1 : 1;
  }
  if (a.earnedAt !== b.earnedAt) return a.earnedAt < b.earnedAt ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
