import { addPoints, minPoints, subtractPoints, ZERO, type Instant, type Points } from '@jifen/kernel';
import type { Account, Lot } from './account.ts';

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

/** The balance as a reader sees it at `now`. `net` is what it can count on: lapsed points are in no bucket. */
export interface BalanceAt {
  readonly available: Points;
  readonly pending: Points;
  readonly held: Points;
  readonly debt: Points;
  readonly net: Points;
  /** Still in the books, but past their expiry: Σ postings = net + lapsed. */
  readonly lapsed: Points;
  /** All that goes at the next expiry, not just one lot of it. */
  readonly nextExpiry: { readonly at: Instant; readonly points: Points } | undefined;
}

/** Needs all open lots (`account.complete`). */
export function balanceAt(account: Account, now: Instant): BalanceAt {
  let pending = ZERO;
  let usable = ZERO;
  let lapsed = ZERO;
  let next: { at: Instant; points: Points } | undefined;
  for (const lot of account.lots.values()) {
    if (lot.remaining === 0) continue;
    const phase = phaseOf(lot, now);
    if (phase === 'lapsed') {
      lapsed = addPoints(lapsed, lot.remaining);
      continue;
    }
    if (phase === 'pending') pending = addPoints(pending, lot.remaining);
    else usable = addPoints(usable, lot.remaining);
    const at = lot.expiresAt;
    if (at === undefined) continue;
    if (next === undefined || at < next.at) next = { at, points: lot.remaining };
    else if (at === next.at) next = { at, points: addPoints(next.points, lot.remaining) };
  }
  const held = minPoints(account.held, usable);
  const available = subtractPoints(usable, held);
  const net = subtractPoints(addPoints(usable, pending), account.debt);
  return { available, pending, held, debt: account.debt, net, lapsed, nextExpiry: next };
}
