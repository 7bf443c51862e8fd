import { addPoints, subtractPoints, sumPoints, ZERO, type Instant, type Points } from '@jifen/kernel';
import type { Account } from './account.ts';
import { freeOf } from './books.ts';
import { Journal } from './journal.ts';
import { bookHolds } from './settle.ts';
import { phaseOf } from './time.ts';

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
export function balanceAt(booked: Account, now: Instant): BalanceAt {
  const account = withoutEndedHolds(booked, now);
  let pending = ZERO;
  let available = ZERO;
  let held = ZERO;
  let lapsed = ZERO;
  let next: { at: Instant; points: Points } | undefined;
  for (const lot of account.lots.values()) {
    if (lot.remaining === 0) continue;
    const free = freeOf(lot);
    held = addPoints(held, lot.held);
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

/** What they kept is free again, and pays debt first. */
function withoutEndedHolds(account: Account, now: Instant): Account {
  const due = [...account.holds.values()].some(({ state, expiresAt }) => state === 'open' && expiresAt <= now);
  if (account.held === 0 || !due) return account;
  const journal = new Journal(account, now);
  bookHolds(journal, Number.POSITIVE_INFINITY);
  return journal.account;
}
