import type { CarriedLot, LotMovement, TransferMade } from '@jifen/contracts';
import {
  addPoints,
  assert,
  negatePoints,
  points,
  present,
  subtractPoints,
  sumPoints,
  ZERO,
  type Instant,
  type Points,
} from '@jifen/kernel';
import { lotId, type Account, type Lot } from './account.ts';
import type { ReceiveTransfer, SettleTransfer, TransferLimits, TransferOut } from './commands.ts';
import type { Journal } from './journal.ts';
import type { LotShare, Transfer } from './records.ts';
import type { RefusalCode } from './refusals.ts';
import { commandMade, invalid, maySpend, refusal, type Refused } from './refuse.ts';
import { isShares, usableShares } from './spend.ts';
import { debits } from './take.ts';

export const carried = (lot: Lot, amount: Points): CarriedLot => ({
  lot: lot.id,
  points: amount,
  availableAt: lot.availableAt,
  ...(lot.expiresAt === undefined ? {} : { expiresAt: lot.expiresAt }),
  earnedAt: lot.earnedAt,
});

/** C03. What a transfer would exceed, with the figures; `undefined` when it is within. */
function beyondLimits(
  account: Account,
  direction: Transfer['direction'],
  amount: Points,
  limits: TransferLimits | undefined,
): Refused {
  const { minimum, maximum, perPeriod } = limits ?? {};
  const figures = { requested: amount };
  if (minimum !== undefined && amount < minimum)
    return refusal('transfer_limit', `at least ${minimum} points go at once`, { ...figures, minimum });
  if (maximum !== undefined && amount > maximum)
    return refusal('transfer_limit', `at most ${maximum} points go at once`, { ...figures, maximum });
  if (perPeriod === undefined) return undefined;
  const moved = movedSince(account, direction, perPeriod.since);
  if (amount <= perPeriod.points - moved) return undefined;
  const detail = `${moved} points went since ${perPeriod.since}, at most ${perPeriod.points} may`;
  const { since } = perPeriod;
  return refusal('transfer_limit', detail, { ...figures, moved, limit: perPeriod.points, since });
}

/** Σ of the transfers in that direction since, in flight or arrived; those that came back do not count. */
function movedSince(account: Account, direction: Transfer['direction'], since: Instant): Points {
  let moved = ZERO;
  for (const transfer of account.transfers.values()) {
    if (transfer.kind !== 'transfer' || transfer.direction !== direction || transfer.at < since) continue;
    if (transfer.state !== 'returned' && transfer.state !== 'refused') moved = addPoints(moved, transfer.points);
  }
  return moved;
}

export function transferOut(journal: Journal, command: TransferOut): Refused {
  const { account } = journal;
  if (command.to === account.member) return refusal('same_member', 'points cannot go to the member that has them');
  const stopped = maySpend(journal);
  if (stopped !== undefined) return stopped;
  if (command.points <= 0) return invalid('points', 'must be more than 0');
  const beyond = beyondLimits(account, 'out', command.points, command.limits);
  if (beyond !== undefined) return beyond;
  if (account.transfers.has(command.id))
    return refusal('content_conflict', `the id ${command.id} is that of another transfer`, { id: command.id });
  const shares = usableShares(journal, command.points);
  if (!isShares(shares)) return shares;
  const lots = shares.map((share) => carried(lotOf(account, share.lot), share.points));
  journal.post('points.transferred-out', {
    ...commandMade(command),
    points: negatePoints(command.points),
    lots: debits(shares),
    reason: 'transfer',
    transfer: { id: command.id, kind: 'transfer', peer: command.to, lots },
  });
  assert(
    command.limits?.perPeriod === undefined ||
      movedSince(journal.account, 'out', command.limits.perPeriod.since) <= command.limits.perPeriod.points,
    'a transfer beyond its cap',
  );
  return undefined;
}

export const lotOf = (account: Account, id: string): Lot => present(account.lots.get(id), `lot ${id}`);

type Unwelcome = RefusalCode | 'member_inactive';

/** Why the receiver does not take it. What belongs to a merge that stands is always taken. */
function unwelcome({ account }: Journal, { from, leg, limits, inactive }: ReceiveTransfer): Unwelcome | undefined {
  if (leg.kind === 'unmerge' || (leg.merge ?? leg.id) !== leg.id) return undefined;
  if (account.merged !== undefined) return 'member_merged';
  if (inactive === true) return 'member_inactive';
  if (leg.kind === 'merge') {
    const clash = (leg.holds ?? []).some(({ id }) => account.holds.has(id));
    return clash ? 'content_conflict' : undefined;
  }
  if (from === account.member) return 'same_member';
  const amount = sumPoints((leg.lots ?? []).map((lot) => points(lot.points)));
  return beyondLimits(account, 'in', amount, limits)?.code;
}

export function receive(journal: Journal, command: ReceiveTransfer): Refused {
  const { leg, from } = command;
  const { account } = journal;
  const { id, kind, merge, debt } = leg;
  const end = { id, kind, peer: from, ...(merge === undefined ? {} : { merge }) };
  const refused = unwelcome(journal, command);
  if (refused !== undefined) {
    journal.post('points.transfer-refused', {
      points: ZERO,
      lots: [],
      reason: kind,
      transfer: { ...end, refused },
    });
    return undefined;
  }
  const ours = new Map((leg.lots ?? []).map((lot, n) => [lot.lot, lot.back ?? lotId(`${kind}~${from}~${id}`, n)]));
  const holds = (leg.holds ?? []).map((hold) => ({
    ...hold,
    lots: hold.lots.map((share) => ({
      ...share,
      lot: present(ours.get(share.lot), `lot ${share.lot} of the transfer`),
    })),
  }));
  const held = heldBy(holds.flatMap(({ lots }) => lots));
  const lots = (leg.lots ?? []).map((lot): LotMovement => {
    const own = present(ours.get(lot.lot), lot.lot);
    const kept = held.get(own) ?? 0;
    return { ...arrives(account, lot, own), points: lot.points, ...(kept === 0 ? {} : { held: kept }) };
  });
  journal.post('points.transferred-in', {
    points: subtractPoints(sumPoints(lots.map((lot) => points(lot.points))), points(debt ?? 0)),
    lots,
    reason: kind,
    transfer: { ...end, ...(debt === undefined ? {} : { debt }), ...(holds.length === 0 ? {} : { holds }) },
  });
  return undefined;
}

/** A lot that opens here with the dates that it had; or, on its way back, the very lot, with a later expiry if it has got one. */
function arrives(account: Account, lot: CarriedLot, own: string): Omit<LotMovement, 'points'> {
  const { availableAt, expiresAt, earnedAt, back } = lot;
  if (back === undefined) {
    return { lot: own, availableAt, ...(expiresAt === undefined ? {} : { expiresAt }), earnedAt, from: lot.lot };
  }
  const known = lotOf(account, own);
  const later = expiresAt !== undefined && known.expiresAt !== undefined && expiresAt > known.expiresAt;
  return { lot: own, from: lot.lot, ...(later ? { expiresAt } : {}) };
}

export function heldBy(shares: readonly { readonly lot: string; readonly points: number }[]): Map<string, number> {
  const held = new Map<string, number>();
  for (const { lot, points: kept } of shares) held.set(lot, (held.get(lot) ?? 0) + kept);
  return held;
}

export function settleTransfer(journal: Journal, command: SettleTransfer): Refused {
  const { account } = journal;
  const transfer = account.transfers.get(command.transfer);
  if (transfer === undefined || transfer.direction !== 'out')
    return refusal('unknown_transfer', `no transfer ${command.transfer} left`, { transfer: command.transfer });
  if (transfer.state !== 'in-flight') return undefined;
  const { id, kind, peer, merge } = transfer;
  const leg: TransferMade = { id, kind, peer, ...(merge === undefined ? {} : { merge }) };
  if (command.received) {
    const moved = transfer.points;
    journal.post('points.transfer-settled', { points: ZERO, moved, lots: [], reason: kind, transfer: leg });
    return undefined;
  }
  const holds = transfer.holds.map((hold) => {
    const { points: first, at, expiresAt, reference, lots } = present(account.holds.get(hold), `hold ${hold}`);
    const named = reference === undefined ? {} : { reference };
    return { id: hold, points: first, at, expiresAt, ...named, lots: lots.map((share): LotShare => share) };
  });
  const held = heldBy(holds.flatMap(({ lots }) => lots));
  const back = transfer.lots.map(({ lot, points: amount }): LotMovement => {
    const kept = held.get(lot) ?? 0;
    return { lot, points: amount, ...(kept === 0 ? {} : { held: kept }) };
  });
  journal.post('points.transfer-returned', {
    points: subtractPoints(transfer.points, transfer.debt),
    lots: back,
    reason: kind,
    transfer: {
      ...leg,
      ...(transfer.debt === 0 ? {} : { debt: transfer.debt }),
      ...(holds.length === 0 ? {} : { holds }),
    },
  });
  return undefined;
}
