import type { LedgerEntry, LotMovement } from '@jifen/contracts';
import {
  addPoints,
  assert,
  InvariantError,
  points,
  present,
  subtractPoints,
  ZERO,
  type Instant,
  type Points,
} from '@jifen/kernel';
import { bookedBalance, type Account, type Lot, type Standing } from './account.ts';
import { assertBooks, freeOf } from './books.ts';
import { earlier, earliestExpiry, earliestPending } from './due.ts';
import type { LedgerEvent } from './events.ts';
import { recorded } from './record.ts';

/** The account after the event. Throws InvariantError when the event does not follow from the state or breaks the books. */
export function evolve(account: Account, event: LedgerEvent): Account {
  assert(event.version === account.version + 1, `version ${event.version} does not follow ${account.version}`);
  const next = fold(account, event);
  const stated = event.entry.balance;
  const isSame =
    stated.available === next.available &&
    stated.pending === next.pending &&
    stated.held === next.held &&
    stated.debt === next.debt;
  // The words are made when they are needed: a log has millions of events that agree.
  if (isSame) return next;
  const booked = JSON.stringify(bookedBalance(next));
  throw new InvariantError(`the event states another balance (${JSON.stringify(stated)}) than its fold (${booked})`);
}

/**
 * One law for every posting: each movement changes its lot and the buckets that the lot is in, and what the lots do not
 * explain of the posting's points is debt (Σ movements − points = change of debt). Activation moves what is free of a lot from
 * pending to available. Beside it, a posting changes the records that it names (`record.ts`).
 */
export function fold(account: Account, event: Omit<LedgerEvent, 'version'>): Account {
  const { entry, type } = event;
  const lots = new Map(account.lots);
  let { available, pending, held, expired, activationDue, expiryDue } = account;
  let moved = ZERO;
  let opens = 0;
  for (const movement of entry.lots) {
    const known = lots.get(movement.lot);
    if (known === undefined) opens++;
    const lot = known === undefined ? opened(movement, event) : moveLot(known, movement, event);
    moved = addPoints(moved, points(movement.points));
    held = addPoints(held, points(movement.held ?? 0));
    expired = addPoints(expired, points(movement.expired ?? 0));
    if (known !== undefined) {
      if (known.pending) pending = subtractPoints(pending, freeOf(known));
      else available = subtractPoints(available, freeOf(known));
    }
    if (lot.pending) pending = addPoints(pending, freeOf(lot));
    else available = addPoints(available, freeOf(lot));
    if (lot.pending) activationDue = earlier(activationDue, lot.availableAt);
    if (lot.remaining > lot.held) expiryDue = earlier(expiryDue, lot.expiresAt);
    lots.set(lot.id, lot);
  }
  const change = points(entry.points);
  const standings = standingsAfter(account, event, opens);
  // Field by field: copies of so many fields by `...` took more time than all else here.
  const next: Account = {
    program: account.program,
    member: account.member,
    currency: account.currency,
    version: account.version + 1,
    available,
    pending,
    held,
    debt: addPoints(account.debt, subtractPoints(moved, change)),
    net: addPoints(account.net, change),
    lifetime: standings === account.standings ? account.lifetime : lifetimeAfter(account, standings, entry.award),
    spent: account.spent,
    expired,
    inFlight: account.inFlight,
    activationDue: type === 'points.activated' ? earliestPending(lots) : activationDue,
    expiryDue: type === 'points.expired' && account.complete ? earliestExpiry(lots) : expiryDue,
    holdDue: account.holdDue,
    frozen: account.frozen,
    merged: account.merged,
    complete: account.complete,
    standings,
    lots,
    holds: account.holds,
    redemptions: account.redemptions,
    transfers: account.transfers,
    done: account.done,
  };
  const result = recorded(next, event);
  assertBooks(result);
  return result;
}

function moveLot(lot: Lot, movement: LotMovement, { type, at }: Omit<LedgerEvent, 'version'>): Lot {
  const remaining = addPoints(lot.remaining, points(movement.points));
  assert(remaining >= 0, `lot ${lot.id} would fall to ${remaining}`);
  // Texts of our own postings are instants as they stand.
  const availableAt = (movement.availableAt ?? lot.availableAt) as Instant;
  const redated = movement.availableAt !== undefined;
  const extended = !redated && movement.expiresAt !== undefined;
  // An emptied lot is not pending; what comes back to it before its time is.
  const anew = redated || lot.remaining === 0;
  const pending = anew ? availableAt > at : lot.pending && type !== 'points.activated';
  return {
    ...lot,
    remaining,
    held: addPoints(lot.held, points(movement.held ?? 0)),
    expired: addPoints(lot.expired, points(movement.expired ?? 0)),
    pending: pending && remaining > 0,
    availableAt,
    expiresAt: redated || extended ? (movement.expiresAt as Instant | undefined) : lot.expiresAt,
    earnedAt: (movement.earnedAt ?? lot.earnedAt) as Instant,
    extended: lot.extended || extended,
  };
}

function opened(movement: LotMovement, event: Omit<LedgerEvent, 'version'>): Lot {
  const hash = movement.lot.lastIndexOf('#');
  const n = Number(movement.lot.slice(hash + 1));
  if (hash <= 0 || !Number.isSafeInteger(n) || movement.points < 0)
    throw new InvariantError(`${movement.lot} is neither known nor opened`);
  const availableAt = present(movement.availableAt, `availableAt of the new lot ${movement.lot}`) as Instant;
  return {
    id: movement.lot,
    award: movement.lot.slice(0, hash),
    n,
    granted: points(movement.points),
    remaining: points(movement.points),
    held: points(movement.held ?? 0),
    expired: ZERO,
    pending: availableAt > event.at,
    availableAt,
    expiresAt: movement.expiresAt as Instant | undefined,
    earnedAt: (movement.earnedAt ?? event.entry.earnedAt ?? event.at) as Instant,
    extended: false,
    from: movement.from,
  };
}

function standingsAfter(account: Account, { type, entry }: Omit<LedgerEvent, 'version'>, opens: number) {
  const { award, granted, revision, forgiven } = entry;
  if (award === undefined || granted === undefined || revision === undefined) return account.standings;
  const before = account.standings.get(award);
  return new Map<string, Standing>(account.standings).set(award, {
    revision,
    granted: points(granted),
    forgiven: points(forgiven ?? 0),
    lots: (before?.lots ?? 0) + (type === 'points.earned' ? opens : 0),
  });
}

function lifetimeAfter(account: Account, after: Account['standings'], award: LedgerEntry['award']): Points {
  if (award === undefined) return account.lifetime;
  const before = account.standings.get(award)?.granted ?? ZERO;
  return addPoints(account.lifetime, subtractPoints(after.get(award)?.granted ?? ZERO, before));
}
