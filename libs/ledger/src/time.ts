import { addPoints, subtractPoints, sumPoints, ZERO, type Instant, type Points } from '@jifen/kernel';
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

/** Needs all open lots and holds (`account.complete`). A hold is over at its `expiresAt`, whatever has been booked. */
export function balanceAt(account: Account, now: Instant): BalanceAt {
  const ended = endedHolds(account, now);
  let pending = ZERO;
  let available = ZERO;
  let held = ZERO;
  let lapsed = ZERO;
  let next: { at: Instant; points: Points } | undefined;
  for (const lot of account.lots.values()) {
    if (lot.remaining === 0) continue;
    const kept = subtractPoints(lot.held, ended.get(lot.id) ?? ZERO);
    const free = subtractPoints(lot.remaining, kept);
    held = addPoints(held, kept);
    const phase = phaseOf(lot, now);
    if (phase === 'lapsed') {
      lapsed = addPoints(lapsed, free);
      continue;
    }
    if (phase === 'pending') pending = addPoints(pending, free);
    else available = addPoints(available, free);
    const at = lot.expiresAt;
    if (at === undefined) continue;
    if (next === undefined || at < next.at) next = { at, points: lot.remaining };
    else if (at === next.at) next = { at, points: addPoints(next.points, lot.remaining) };
  }
  const net = subtractPoints(sumPoints([available, pending, held]), account.debt);
  return { available, pending, held, debt: account.debt, net, lapsed, nextExpiry: next };
}

const NONE: ReadonlyMap<string, Points> = new Map();

/** What holds whose time is over still keep of each lot in the books. */
function endedHolds({ held, holds }: Account, now: Instant): ReadonlyMap<string, Points> {
  if (held === 0) return NONE;
  const ended = new Map<string, Points>();
  for (const { state, expiresAt, lots } of holds.values()) {
    if (state !== 'open' || expiresAt > now) continue;
    for (const { lot, points } of lots) ended.set(lot, addPoints(ended.get(lot) ?? ZERO, points));
  }
  return ended;
}
