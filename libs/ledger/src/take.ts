import type { LotMovement } from '@jifen/contracts';
import { minPoints, negatePoints, subtractPoints, sumPoints, ZERO, type Instant, type Points } from '@jifen/kernel';
import type { Account, Lot } from './account.ts';
import { freeOf } from './books.ts';
import type { LotShare } from './records.ts';
import { phaseOf, spendingOrder, type LotPhase } from './time.ts';

/** Lots of one posting. */
export const MAX_MOVEMENTS = 10_000;

/** What is free of open lots in that phase, in the order in which it is spent. */
export function freeLots(account: Account, phase: LotPhase, now: Instant): readonly Lot[] {
  const found: Lot[] = [];
  for (const lot of account.lots.values()) {
    if (lot.remaining > lot.held && phaseOf(lot, now) === phase) found.push(lot);
  }
  return found.sort(spendingOrder);
}

export const freeTotal = (lots: readonly Lot[]): Points => sumPoints(lots.map(freeOf));

/** Usable lots in spending order, then pending ones. Lapsed points pay for nothing. */
export const takeable = (account: Account, now: Instant): readonly Lot[] => [
  ...freeLots(account, 'usable', now),
  ...freeLots(account, 'pending', now),
];

/** `amount` out of what is free of the lots, in their order; `left` is what they could not give. */
export function takeFree(lots: readonly Lot[], amount: Points): { readonly shares: readonly LotShare[]; left: Points } {
  const shares: LotShare[] = [];
  let left = amount;
  for (const lot of lots) {
    if (left === 0) break;
    const part = minPoints(freeOf(lot), left);
    if (part === 0) continue;
    shares.push({ lot: lot.id, points: part });
    left = subtractPoints(left, part);
  }
  return { shares, left };
}

export const debits = (shares: readonly LotShare[]): LotMovement[] =>
  shares.map(({ lot, points }) => ({ lot, points: negatePoints(points) }));

/** Movements that take held points out of their lots, or with `free` give them back to them. */
export const unheld = (shares: readonly LotShare[], free: 'free' | 'spend'): LotMovement[] =>
  shares.map(({ lot, points }) => ({
    lot,
    points: free === 'free' ? ZERO : negatePoints(points),
    held: negatePoints(points),
  }));

/** The first `amount` of the shares, in their order. */
export function firstOf(shares: readonly LotShare[], amount: Points): readonly LotShare[] {
  const first: LotShare[] = [];
  let left = amount;
  for (const { lot, points } of shares) {
    if (left === 0) break;
    const part = minPoints(points, left);
    first.push({ lot, points: part });
    left = subtractPoints(left, part);
  }
  return first;
}
