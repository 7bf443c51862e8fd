import type { Instant } from '@jifen/kernel';
import type { Account, Lot } from './account.ts';

/** The earlier of two instants, where `undefined` is never. */
export const earlier = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  b === undefined || (a !== undefined && a <= b) ? a : b;

/** The earliest `availableAt` of the lots booked as pending. */
export function earliestPending(lots: ReadonlyMap<string, Lot>): Instant | undefined {
  let due: Instant | undefined;
  for (const lot of lots.values()) if (lot.pending) due = earlier(due, lot.availableAt);
  return due;
}

/** The earliest expiry of what is free: what is held of a lot goes when it is released. */
export function earliestExpiry(lots: ReadonlyMap<string, Lot>): Instant | undefined {
  let due: Instant | undefined;
  for (const lot of lots.values()) if (lot.remaining > lot.held) due = earlier(due, lot.expiresAt);
  return due;
}

export function earliestHold(holds: Account['holds']): Instant | undefined {
  let due: Instant | undefined;
  for (const hold of holds.values()) if (hold.state === 'open') due = earlier(due, hold.expiresAt);
  return due;
}

/** The account with its due instants as they are, not just lower bounds. Needs it whole. */
export const withExactDues = (account: Account): Account => ({
  ...account,
  activationDue: earliestPending(account.lots),
  expiryDue: earliestExpiry(account.lots),
  holdDue: earliestHold(account.holds),
});
