import type { Award, LotMovement } from '@jifen/contracts';
import { addPoints, assert, minPoints, negatePoints, subtractPoints, ZERO, type Points } from '@jifen/kernel';
import { lotsOfAward, type Lot } from './account.ts';
import { freeOf } from './books.ts';
import type { Answered, Journal } from './journal.ts';
import { debtWithin } from './settle.ts';
import { debits, takeable, takeFree } from './take.ts';

export type ClawbackPolicy = NonNullable<Award['clawback']>;
const DEFAULT_CLAWBACK: ClawbackPolicy = 'allow-debt';

interface Taken {
  readonly movements: readonly LotMovement[];
  readonly left: Points;
}

/**
 * Takes `fall` back: first what is left in the award's own lots, newest first, whatever their phase: what lapsed, booked or
 * not, counts as taken back already, because the member has had nothing of it. What is held counts as spent. What has been
 * spent follows the policy:
 *
 * - `award-only`: it is forgiven.
 * - `within-balance`: the member's other points give it, usable ones in spending order, then pending ones; the rest is forgiven.
 * - `allow-debt`: likewise, and the rest becomes debt, up to the award's `debtLimit`. So an account in debt has no points that
 *   it could spend.
 *
 * Points forgiven stay in the award's standing, so that a later rise does not pay them a second time. `dates` are the
 * movements of its lots to other dates that the same rating states.
 */
export function clawBack(
  journal: Journal,
  award: Award,
  answered: Answered,
  fall: Points,
  dates: readonly LotMovement[],
): void {
  const { account, now } = journal;
  const policy = award.clawback ?? DEFAULT_CLAWBACK;
  const standing = account.standings.get(award.awardId);
  const own = takeOwn([...lotsOfAward(account, award.awardId)].reverse(), fall);
  let others: Taken = { movements: [], left: own.left };
  if (own.left > 0 && policy !== 'award-only') {
    assert(account.complete, 'what was spent of an award can only be taken with all open lots in hand');
    const lots = takeable(account, now).filter((lot) => lot.award !== award.awardId);
    const { shares, left } = takeFree(lots, own.left);
    others = { movements: debits(shares), left };
  }
  const debt = policy === 'allow-debt' ? debtWithin(account.debt, others.left, award.debtLimit) : ZERO;
  const forgiven = addPoints(standing?.forgiven ?? ZERO, subtractPoints(others.left, debt));
  journal.post('points.reversed', {
    ...answered,
    revision: award.revision,
    granted: award.target,
    points: negatePoints(subtractPoints(subtractPoints(fall, own.lapsed), others.left)),
    lots: withDates([...own.movements, ...others.movements], dates),
    reason: award.target === 0 ? 'withdrawn' : 're-rating',
    ...(forgiven === 0 ? {} : { forgiven }),
  });
  if (debt === 0) return;
  journal.post('debt.incurred', { ...answered, points: negatePoints(debt), lots: [], reason: 'debt' });
}

/** What is free of the lots, and what was posted as lapsed of them (`lapsed`): that is in no bucket any more. */
function takeOwn(lots: readonly Lot[], amount: Points): Taken & { readonly lapsed: Points } {
  const movements: LotMovement[] = [];
  let left = amount;
  let lapsed = ZERO;
  for (const lot of lots) {
    const free = minPoints(freeOf(lot), left);
    left = subtractPoints(left, free);
    const gone = minPoints(lot.expired, left);
    left = subtractPoints(left, gone);
    lapsed = addPoints(lapsed, gone);
    if (free === 0 && gone === 0) continue;
    movements.push({ lot: lot.id, points: negatePoints(free), ...(gone === 0 ? {} : { expired: negatePoints(gone) }) });
  }
  return { movements, left, lapsed };
}

function withDates(movements: readonly LotMovement[], dates: readonly LotMovement[]): LotMovement[] {
  if (dates.length === 0) return [...movements];
  const dated = new Map(dates.map((each) => [each.lot, each]));
  const merged = movements.map((movement): LotMovement => {
    const date = dated.get(movement.lot);
    dated.delete(movement.lot);
    return date === undefined ? movement : { ...date, ...movement };
  });
  return [...merged, ...dated.values()];
}
