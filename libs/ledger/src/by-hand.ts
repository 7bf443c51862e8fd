import {
  addPoints,
  minPoints,
  negatePoints,
  subtractPoints,
  sumPoints,
  ZERO,
  type Instant,
  type Points,
} from '@jifen/kernel';
import { lotId, type Lot } from './account.ts';
import type {
  AdjustPoints,
  ExtendExpiry,
  FreezeAccount,
  ImportLot,
  ReinstateExpired,
  UnfreezeAccount,
} from './commands.ts';
import type { Journal } from './journal.ts';
import { commandMade, insufficient, invalid, refusal, tooManyLots, type Refused } from './refuse.ts';
import { debits, MAX_MOVEMENTS, takeable, takeFree } from './take.ts';
import { phaseOf } from './time.ts';

const wouldBeExpired = (expiresAt: Instant, now: Instant): Refused =>
  refusal('already_expired', `the points would have expired at ${expiresAt}, it is ${now}`, { expiresAt });

export function adjust(journal: Journal, command: AdjustPoints): Refused {
  if (command.points === 0) return invalid('points', 'must not be 0');
  return command.points > 0 ? credit(journal, command) : debit(journal, command);
}

function credit(journal: Journal, command: AdjustPoints): Refused {
  const { now } = journal;
  const { availableAt = now, expiresAt } = command;
  if (expiresAt !== undefined && expiresAt <= now) return wouldBeExpired(expiresAt, now);
  if (expiresAt !== undefined && expiresAt <= availableAt)
    return invalid('expiresAt', 'must be later than availableAt');
  journal.post('points.adjusted', {
    ...commandMade(command),
    points: command.points,
    lots: [opens(`adjust~${command.id}`, command.points, availableAt, expiresAt)],
    reason: command.reason,
    effectiveAt: availableAt,
  });
  return undefined;
}

const opens = (award: string, points: Points, availableAt: Instant, expiresAt: Instant | undefined) => ({
  lot: lotId(award, 0),
  points,
  availableAt,
  ...(expiresAt === undefined ? {} : { expiresAt }),
});

function debit(journal: Journal, command: AdjustPoints): Refused {
  const wanted = negatePoints(command.points);
  const { shares, left } = takeFree(takeable(journal.account, journal.now), wanted);
  if (left > 0 && command.beyond !== 'debt') return insufficient(journal, wanted);
  if (shares.length > MAX_MOVEMENTS) return tooManyLots(shares.length, MAX_MOVEMENTS);
  const made = commandMade(command);
  journal.post('points.adjusted', {
    ...made,
    points: negatePoints(subtractPoints(wanted, left)),
    lots: debits(shares),
    reason: command.reason,
  });
  if (left > 0) {
    const { actor } = command;
    journal.post('debt.incurred', { points: negatePoints(left), lots: [], reason: 'debt', actor });
  }
  return undefined;
}

export function importLot(journal: Journal, command: ImportLot): Refused {
  const { now } = journal;
  const { availableAt = now, expiresAt, earnedOn } = command;
  if (command.points <= 0) return invalid('points', 'must be more than 0');
  if (earnedOn > now) return invalid('earnedOn', 'must not be later than now');
  if (expiresAt !== undefined && expiresAt <= now) return wouldBeExpired(expiresAt, now);
  if (expiresAt !== undefined && expiresAt <= availableAt)
    return invalid('expiresAt', 'must be later than availableAt');
  journal.post('points.adjusted', {
    ...commandMade(command),
    points: command.points,
    lots: [{ ...opens(`import~${command.id}`, command.points, availableAt, expiresAt), earnedAt: earnedOn }],
    reason: 'import',
    occurredAt: earnedOn,
    effectiveAt: availableAt,
  });
  return undefined;
}

/** The lots that are named, or all of the account; or the first that is unknown. */
function chosen(journal: Journal, ids: readonly string[] | undefined): readonly Lot[] | Refused {
  const { lots } = journal.account;
  if (ids === undefined) return [...lots.values()];
  const found: Lot[] = [];
  for (const id of new Set(ids)) {
    const lot = lots.get(id);
    if (lot === undefined) return refusal('unknown_lot', `there is no lot ${id}`, { lot: id });
    found.push(lot);
  }
  return found;
}

const isLots = (answer: readonly Lot[] | Refused): answer is readonly Lot[] => Array.isArray(answer);

/** What is held of a lapsed lot is not extended: it is spent or goes. */
export function extendExpiry(journal: Journal, command: ExtendExpiry): Refused {
  const { now } = journal;
  const { expiresAt } = command;
  if (expiresAt <= now) return wouldBeExpired(expiresAt, now);
  const lots = chosen(journal, command.lots);
  if (!isLots(lots)) return lots;
  const sooner = lots.filter(
    (lot) =>
      lot.remaining > 0 && lot.expiresAt !== undefined && lot.expiresAt < expiresAt && phaseOf(lot, now) !== 'lapsed',
  );
  if (sooner.length === 0)
    return refusal('nothing_to_change', `no open lot would lapse before ${expiresAt}`, { expiresAt });
  if (sooner.length > MAX_MOVEMENTS) return tooManyLots(sooner.length, MAX_MOVEMENTS);
  journal.post('points.expiry-extended', {
    ...commandMade(command),
    points: ZERO,
    moved: sumPoints(sooner.map(({ remaining }) => remaining)),
    lots: sooner.map(({ id }) => ({ lot: id, points: ZERO, expiresAt })),
    reason: 'extension',
  });
  return undefined;
}

export function reinstate(journal: Journal, command: ReinstateExpired): Refused {
  const { now } = journal;
  const { expiresAt } = command;
  if (expiresAt <= now) return wouldBeExpired(expiresAt, now);
  if (command.points !== undefined && command.points <= 0) return invalid('points', 'must be more than 0');
  const lots = chosen(journal, command.lots);
  if (!isLots(lots)) return lots;
  const gone = lots.filter((lot) => lot.expired > 0).sort(latestExpiry);
  const expired = sumPoints(gone.map((lot) => lot.expired));
  const wanted = command.points ?? expired;
  if (expired === 0 || wanted > expired) {
    const detail = `${expired} points have expired and can be given back`;
    return refusal('nothing_to_change', detail, { expired, requested: wanted });
  }
  let left = wanted;
  const movements = [];
  for (const lot of gone) {
    const part = minPoints(lot.expired, left);
    if (part === 0) break;
    left = subtractPoints(left, part);
    const extends_ = lot.expiresAt !== undefined && lot.expiresAt < expiresAt;
    movements.push({ lot: lot.id, points: part, expired: negatePoints(part), ...(extends_ ? { expiresAt } : {}) });
  }
  if (movements.length > MAX_MOVEMENTS) return tooManyLots(movements.length, MAX_MOVEMENTS);
  journal.post('points.reinstated', {
    ...commandMade(command),
    points: addPoints(wanted, ZERO),
    lots: movements,
    reason: 'reinstatement',
  });
  return undefined;
}

function latestExpiry(a: Lot, b: Lot): number {
  const [x, y] = [a.expiresAt ?? '', b.expiresAt ?? ''];
  return x !== y ? (x > y ? -1 : 1) : a.id < b.id ? -1 : 1;
}

export function freeze(journal: Journal, command: FreezeAccount): Refused {
  if (journal.account.frozen !== undefined) return undefined;
  const { reason } = command;
  journal.post('account.frozen', { ...commandMade(command), points: ZERO, lots: [], reason });
  return undefined;
}

export function unfreeze(journal: Journal, command: UnfreezeAccount): Refused {
  if (journal.account.frozen === undefined) return undefined;
  const { reason } = command;
  journal.post('account.unfrozen', { ...commandMade(command), points: ZERO, lots: [], reason });
  return undefined;
}
