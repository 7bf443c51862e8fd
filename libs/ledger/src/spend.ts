import { assert, negatePoints, subtractPoints, sumPoints, ZERO, type Points } from '@jifen/kernel';
import type { CaptureHold, HoldPoints, RedeemPoints, ReleaseHold, ReverseRedemption } from './commands.ts';
import type { Journal } from './journal.ts';
import { proRata } from './pro-rata.ts';
import type { Hold, LotShare } from './records.ts';
import { commandMade, insufficient, invalid, maySpend, refusal, tooManyLots, type Refused } from './refuse.ts';
import { debits, firstOf, freeLots, MAX_MOVEMENTS, takeFree, unheld } from './take.ts';
import { phaseOf } from './time.ts';

/** Holds of one account that are open at once. */
export const MAX_OPEN_HOLDS = 1_000;

/** The lots that give so many usable points, or why they do not. */
export function usableShares(journal: Journal, amount: Points): Refused | readonly LotShare[] {
  if (amount <= 0) return invalid('points', 'must be more than 0');
  const { shares, left } = takeFree(freeLots(journal.account, 'usable', journal.now), amount);
  if (left > 0) return insufficient(journal, amount);
  return shares.length > MAX_MOVEMENTS ? tooManyLots(shares.length, MAX_MOVEMENTS) : shares;
}

export const isShares = (answer: Refused | readonly LotShare[]): answer is readonly LotShare[] => Array.isArray(answer);

export function hold(journal: Journal, command: HoldPoints): Refused {
  const stopped = maySpend(journal);
  if (stopped !== undefined) return stopped;
  if (command.expiresAt <= journal.now) return invalid('expiresAt', 'must be later than now');
  const open = [...journal.account.holds.values()].filter(({ state }) => state === 'open').length;
  if (open >= MAX_OPEN_HOLDS) {
    return refusal('too_many_holds', `${open} holds are open`, { open, limit: MAX_OPEN_HOLDS });
  }
  if (journal.account.holds.has(command.id)) return taken('hold', command.id);
  const shares = usableShares(journal, command.points);
  if (!isShares(shares)) return shares;
  journal.post('points.held', {
    ...commandMade(command),
    points: ZERO,
    moved: command.points,
    lots: shares.map(({ lot, points }) => ({ lot, points: ZERO, held: points })),
    reason: 'hold',
    hold: { id: command.id, expiresAt: command.expiresAt },
  });
  return undefined;
}

const taken = (what: string, id: string) =>
  refusal('content_conflict', `the id ${id} is that of another ${what}`, { id });

/** The hold while something of it is held; time has been booked before. */
function openHold({ account }: Journal, id: string): { readonly found: Hold } | { readonly refused: Refused } {
  const found = account.holds.get(id);
  if (found === undefined) return { refused: refusal('unknown_hold', `there is no hold ${id}`, { hold: id }) };
  if (found.state === 'open') return { found };
  const figures = { hold: id, state: found.state };
  if (found.state === 'lapsed')
    return { refused: refusal('hold_expired', `the hold ${id} has expired at ${found.expiresAt}`, figures) };
  if (found.state === 'moved' && account.merged !== undefined) {
    const { into } = account.merged;
    return { refused: refusal('member_merged', `the hold ${id} went to ${into}`, { ...figures, into }) };
  }
  return { refused: refusal('hold_closed', `the hold ${id} was ${found.state}`, figures) };
}

/** Takes held points in the order in which they were reserved, lapsed or not: that they were held was the promise. */
export function capture(journal: Journal, command: CaptureHold): Refused {
  const answer = openHold(journal, command.hold);
  if ('refused' in answer) return answer.refused;
  const stopped = maySpend(journal);
  if (stopped !== undefined) return stopped;
  const { found } = answer;
  const amount = command.points ?? found.remaining;
  if (amount <= 0) return invalid('points', 'must be more than 0');
  if (amount > found.remaining) {
    const figures = { hold: found.id, requested: amount, held: found.remaining };
    return refusal('exceeds_hold', `${amount} are asked for, ${found.remaining} are held`, figures);
  }
  if (journal.account.redemptions.has(command.id)) return taken('redemption', command.id);
  const reference = command.reference ?? found.reference;
  journal.post('points.hold-captured', {
    ...commandMade(command),
    points: negatePoints(amount),
    lots: unheld(firstOf(found.lots, amount), 'spend'),
    reason: 'capture',
    hold: { id: found.id },
    redemption: command.id,
    ...(reference === undefined ? {} : { reference }),
  });
  const rest = journal.account.holds.get(found.id);
  if (command.rest !== 'keep' && rest?.state === 'open') releaseRest(journal, rest, {});
  return undefined;
}

export function release(journal: Journal, command: ReleaseHold): Refused {
  const answer = openHold(journal, command.hold);
  if ('refused' in answer) return answer.refused;
  releaseRest(journal, answer.found, commandMade(command));
  return undefined;
}

const releaseRest = (journal: Journal, rest: Hold, made: Partial<ReturnType<typeof commandMade>>): void =>
  journal.post('points.hold-released', {
    ...made,
    points: ZERO,
    moved: rest.remaining,
    lots: unheld(rest.lots, 'free'),
    reason: 'release',
    hold: { id: rest.id },
    ...(rest.reference === undefined ? {} : { reference: rest.reference }),
  });

export function redeem(journal: Journal, command: RedeemPoints): Refused {
  const stopped = maySpend(journal);
  if (stopped !== undefined) return stopped;
  if (journal.account.redemptions.has(command.id)) return taken('redemption', command.id);
  const shares = usableShares(journal, command.points);
  if (!isShares(shares)) return shares;
  journal.post('points.redeemed', {
    ...commandMade(command),
    points: negatePoints(command.points),
    lots: debits(shares),
    reason: 'redeem',
    redemption: command.id,
  });
  return undefined;
}

/** A lot that lapsed meanwhile is good until `graceUntil`, or lapses again in the same decision. */
export function reverseRedemption(journal: Journal, command: ReverseRedemption): Refused {
  const redemption = journal.account.redemptions.get(command.redemption);
  if (redemption === undefined) {
    const figures = { redemption: command.redemption };
    return refusal('unknown_redemption', `there is no redemption ${command.redemption}`, figures);
  }
  const left = subtractPoints(redemption.points, redemption.reversed);
  const amount = command.points ?? left;
  if (command.points !== undefined && amount <= 0) return invalid('points', 'must be more than 0');
  if (left === 0 || amount > left) {
    const { points: spent, reversed } = redemption;
    const figures = { redemption: redemption.id, requested: amount, points: spent, reversed, left };
    return refusal('exceeds_redemption', `${amount} are asked back, ${left} of ${spent} are left`, figures);
  }
  const { graceUntil } = command;
  if (graceUntil !== undefined && graceUntil <= journal.now) return invalid('graceUntil', 'must be later than now');
  const weights = redemption.lots.map(({ points, returned }) => subtractPoints(points, returned));
  const parts = proRata(amount, weights);
  const shares = redemption.lots
    .map(({ lot }, index) => ({ lot, points: parts[index] ?? ZERO }))
    .filter((share) => share.points > 0);
  assert(sumPoints(shares.map((share) => share.points)) === amount, `a reversal of ${amount} would stray`);
  journal.post('points.redemption-reversed', {
    ...commandMade(command),
    points: amount,
    lots: shares.map(({ lot, points }) => {
      const known = journal.account.lots.get(lot);
      assert(known !== undefined, `the lot ${lot} of the redemption ${redemption.id} is not in hand`);
      const graced = graceUntil !== undefined && phaseOf(known, journal.now) === 'lapsed';
      return { lot, points, ...(graced ? { expiresAt: graceUntil } : {}) };
    }),
    reason: 'reversal',
    redemption: redemption.id,
    ...(redemption.reference === undefined ? {} : { reference: redemption.reference }),
  });
  return undefined;
}
