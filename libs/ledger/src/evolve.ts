import type { LedgerEntry, LotMovement } from '@jifen/contracts';
import {
  addPoints,
  assert,
  points,
  present,
  subtractPoints,
  sumPoints,
  ZERO,
  type Instant,
  type Points,
} from '@jifen/kernel';
import { bookedBalance, lotId, type Account, type Lot, type Standing } from './account.ts';
import type { LedgerEvent } from './events.ts';

/** The account after the event. Throws InvariantError when the event does not follow from the state or breaks the books. */
export function evolve(account: Account, event: LedgerEvent): Account {
  assert(event.version === account.version + 1, `version ${event.version} does not follow ${account.version}`);
  const next = fold(account, event);
  const stated = event.entry.balance;
  const booked = bookedBalance(next);
  assert(
    stated.available === booked.available &&
      stated.pending === booked.pending &&
      stated.held === booked.held &&
      stated.debt === booked.debt,
    `the event states another balance (${JSON.stringify(stated)}) than its fold (${JSON.stringify(booked)})`,
  );
  return next;
}

/**
 * One law for every posting: each movement changes its lot and the bucket that the lot is in, and what the lots do not
 * explain of the posting's points is debt (Σ movements − points = change of debt). Activation moves a lot's remainder
 * from pending to available.
 */
export function fold(account: Account, event: Omit<LedgerEvent, 'version'>): Account {
  const { entry } = event;
  const lots = new Map(account.lots);
  const standings = standingsAfter(account, event);
  let { available, pending, activationDue } = account;
  let moved = ZERO;
  for (const movement of entry.lots) {
    const change = points(movement.points);
    moved = addPoints(moved, change);
    const known = lots.get(movement.lot);
    const lot = known ?? opened(movement, event);
    if (known === undefined && lot.pending && (activationDue === undefined || lot.availableAt < activationDue)) {
      activationDue = lot.availableAt;
    }
    const remaining = known === undefined ? lot.remaining : addPoints(lot.remaining, change);
    assert(remaining >= 0, `lot ${lot.id} would fall to ${remaining}`);
    if (lot.pending) pending = addPoints(pending, change);
    else available = addPoints(available, change);
    const activated = lot.pending && event.type === 'points.activated';
    if (activated) {
      pending = subtractPoints(pending, remaining);
      available = addPoints(available, remaining);
    }
    lots.set(lot.id, { ...lot, remaining, pending: lot.pending && !activated && remaining > 0 });
  }
  redate(lots, entry);
  const next: Account = {
    ...account,
    version: account.version + 1,
    available,
    pending,
    debt: addPoints(account.debt, subtractPoints(moved, points(entry.points))),
    net: addPoints(account.net, points(entry.points)),
    lifetime: standings === account.standings ? account.lifetime : lifetimeAfter(account, standings, entry.award),
    activationDue: event.type === 'points.activated' ? earliestPending(lots) : activationDue,
    standings,
    lots,
  };
  assertBooks(next);
  return next;
}

/** What must hold of every account after every posting. */
export function assertBooks(account: Account): void {
  const { available, pending, held, debt, net } = account;
  assert(available >= 0 && pending >= 0 && held >= 0, `a bucket is negative: ${available}/${pending}/${held}`);
  assert(debt >= 0, `negative debt ${debt}`);
  assert(net === available + pending + held - debt, `net ${net} is not ${available} + ${pending} + ${held} − ${debt}`);
  const inHand = sumPoints([...account.lots.values()].map(({ remaining }) => remaining));
  const booked = available + pending + held;
  assert(account.complete ? inHand === booked : inHand <= booked, `lots total ${inHand}, the buckets ${booked}`);
}

/** The earliest `availableAt` of the lots booked as pending. */
export const earliestPending = (lots: ReadonlyMap<string, Lot>): Account['activationDue'] => {
  let due: Account['activationDue'];
  for (const lot of lots.values()) {
    if (lot.pending && (due === undefined || lot.availableAt < due)) due = lot.availableAt;
  }
  return due;
};

function opened(movement: LotMovement, event: Omit<LedgerEvent, 'version'>): Lot {
  const hash = movement.lot.lastIndexOf('#');
  const n = Number(movement.lot.slice(hash + 1));
  assert(hash > 0 && Number.isSafeInteger(n) && movement.points >= 0, `${movement.lot} is neither known nor opened`);
  // Texts of our own postings are instants as they stand.
  const availableAt = present(movement.availableAt, `availableAt of the new lot ${movement.lot}`) as Instant;
  return {
    id: movement.lot,
    award: movement.lot.slice(0, hash),
    n,
    granted: points(movement.points),
    remaining: points(movement.points),
    pending: availableAt > event.at,
    availableAt,
    expiresAt: movement.expiresAt as Instant | undefined,
    earnedAt: (event.entry.earnedAt as Instant | undefined) ?? event.at,
  };
}

/** Lot 0 stands for its award, and so keeps the instant of the award's last posting: a revised order may count at another. */
function redate(lots: Map<string, Lot>, { award, granted, earnedAt }: LedgerEntry): void {
  if (award === undefined || granted === undefined || earnedAt === undefined) return;
  const first = lots.get(lotId(award, 0));
  if (first !== undefined && first.earnedAt !== earnedAt)
    lots.set(first.id, { ...first, earnedAt: earnedAt as Instant });
}

function standingsAfter(account: Account, event: Omit<LedgerEvent, 'version'>): ReadonlyMap<string, Standing> {
  const { award, granted, revision, forgiven, lots } = event.entry;
  if (award === undefined || granted === undefined || revision === undefined) return account.standings;
  const before = account.standings.get(award);
  const opens = event.type === 'points.earned' ? lots.length : 0;
  return new Map(account.standings).set(award, {
    revision,
    granted: points(granted),
    forgiven: points(forgiven ?? 0),
    lots: (before?.lots ?? 0) + opens,
  });
}

function lifetimeAfter(account: Account, after: Account['standings'], award: string | undefined): Points {
  if (award === undefined) return account.lifetime;
  const before = account.standings.get(award)?.granted ?? ZERO;
  return addPoints(account.lifetime, subtractPoints(after.get(award)?.granted ?? ZERO, before));
}
