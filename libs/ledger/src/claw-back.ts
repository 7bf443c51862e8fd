import type { Award, LotMovement } from '@jifen/contracts';
import {
  addPoints,
  assert,
  minPoints,
  negatePoints,
  subtractPoints,
  ZERO,
  type Instant,
  type Points,
} from '@jifen/kernel';
import { lotsOfAward, type Account, type Lot } from './account.ts';
import type { Answered, Journal } from './journal.ts';
import { phaseOf, spendingOrder } from './time.ts';

export type ClawbackPolicy = NonNullable<Award['clawback']>;
export const DEFAULT_CLAWBACK: ClawbackPolicy = 'allow-debt';

interface Taken {
  readonly movements: readonly LotMovement[];
  readonly left: Points;
}

/**
 * Takes `fall` back: first what is left in the award's own lots, newest first, whatever their phase: a lapsed lot
 * gives what it still has in the books, because the member has had nothing of it. What has been spent follows the policy:
 *
 * - `award-only`: it is forgiven.
 * - `within-balance`: the member's other points give it, usable ones in spending order, then pending ones; the rest is forgiven.
 * - `allow-debt`: likewise, and the rest becomes debt. So an account in debt has no points that it could spend.
 *
 * Points forgiven stay in the award's standing, so that a later rise does not pay them a second time.
 */
export function clawBack(journal: Journal, award: Award, answered: Answered, fall: Points): void {
  const { account, now } = journal;
  const policy = award.clawback ?? DEFAULT_CLAWBACK;
  const standing = account.standings.get(award.awardId);
  const own = take([...lotsOfAward(account, award.awardId)].reverse(), fall);
  const others =
    own.left === 0 || policy === 'award-only'
      ? { movements: [], left: own.left }
      : take(otherLots(account, award.awardId, now), own.left);
  const debt = policy === 'allow-debt' ? others.left : ZERO;
  const forgiven = addPoints(standing?.forgiven ?? ZERO, subtractPoints(others.left, debt));
  journal.post('points.reversed', {
    ...answered,
    revision: award.revision,
    granted: award.target,
    points: negatePoints(subtractPoints(fall, others.left)),
    lots: [...own.movements, ...others.movements],
    reason: award.target === 0 ? 'withdrawn' : 're-rating',
    ...(forgiven === 0 ? {} : { forgiven }),
  });
  if (debt === 0) return;
  journal.post('debt.incurred', { ...answered, points: negatePoints(debt), lots: [], reason: 'debt' });
}

function take(lots: readonly Lot[], amount: Points): Taken {
  const movements: LotMovement[] = [];
  let left = amount;
  for (const lot of lots) {
    const part = minPoints(lot.remaining, left);
    if (part === 0) continue;
    movements.push({ lot: lot.id, points: negatePoints(part) });
    left = subtractPoints(left, part);
  }
  return { movements, left };
}

/** What the other awards left to take: usable lots in spending order, then pending ones. Lapsed points pay for nothing. */
function otherLots(account: Account, award: string, now: Instant): readonly Lot[] {
  assert(account.complete, 'what was spent of an award can only be taken with all open lots in hand');
  const open = [...account.lots.values()].filter((lot) => lot.award !== award && lot.remaining > 0).sort(spendingOrder);
  return [
    ...open.filter((lot) => phaseOf(lot, now) === 'usable'),
    ...open.filter((lot) => phaseOf(lot, now) === 'pending'),
  ];
}
