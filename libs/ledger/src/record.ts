import type { CarriedHold, LedgerEntry, TransferMade } from '@jifen/contracts';
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
} from '@jifen/kernel';
import type { Account } from './account.ts';
import { earlier, earliestHold } from './due.ts';
import type { LedgerEvent } from './events.ts';
import type { FreezeReason } from './reasons.ts';
import { transferKey, type Done, type Hold, type LotShare, type Redemption, type Transfer } from './records.ts';

type Event = Omit<LedgerEvent, 'version'>;

/** Σ of what a posting takes from lots, as a positive number. */
const taken = (entry: LedgerEntry) => negatePoints(sumPoints(entry.lots.map((each) => points(each.points))));

/** The account with the holds, redemptions, transfers and states that the posting changes. */
export function recorded(account: Account, event: Event): Account {
  const next = event.entry.command === undefined ? account : withDone(account, event.entry);
  switch (event.type) {
    case 'points.held':
      return withHold(next, newHold(event));
    case 'points.hold-released':
      return withHold(next, reduced(next, event));
    case 'points.hold-captured':
      return withRedemption(withHold(next, reduced(next, event)), event);
    case 'points.redeemed':
      return withRedemption(next, event);
    case 'points.redemption-reversed':
      return reversed(next, event.entry);
    case 'points.transferred-out':
      return sent(next, event);
    case 'points.transferred-in':
    case 'points.transfer-refused':
      return received(next, event);
    case 'points.transfer-settled':
    case 'points.transfer-returned':
      return closed(next, event);
    case 'account.frozen': {
      const { reason, actor = '', note } = event.entry;
      return { ...next, frozen: { at: event.at, reason: reason as FreezeReason, actor, note } };
    }
    case 'account.unfrozen':
      return { ...next, frozen: undefined };
    default:
      return next;
  }
}

function withDone(account: Account, { command }: LedgerEntry): Account {
  const { id, kind, points: asked, target } = present(command, 'the command');
  const done: Done = {
    id,
    kind,
    points: asked === undefined ? undefined : points(asked),
    target,
    version: account.version,
  };
  return { ...account, done: new Map(account.done).set(id, done) };
}

function withHold(account: Account, hold: Hold): Account {
  const holds = new Map(account.holds).set(hold.id, hold);
  const due = hold.state === 'open' ? earlier(account.holdDue, hold.expiresAt) : account.holdDue;
  return { ...account, holds, holdDue: hold.state !== 'open' && account.complete ? earliestHold(holds) : due };
}

function newHold({ entry, at }: Event): Hold {
  const { id, expiresAt } = present(entry.hold, 'the hold of a points.held');
  const lots = entry.lots.map(({ lot, held }) => ({ lot, points: points(held ?? 0) }));
  const total = sumPoints(lots.map((share) => share.points));
  return {
    id,
    points: total,
    remaining: total,
    lots,
    at,
    expiresAt: present(expiresAt, `expiry of the hold ${id}`) as Instant,
    state: 'open',
    reference: entry.reference,
  };
}

/** The hold less what the movements release or spend of it. */
function reduced(account: Account, { type, entry }: Event): Hold {
  const { id } = present(entry.hold, `the hold of a ${type}`);
  const hold = present(account.holds.get(id), `hold ${id}`);
  const gone = new Map(entry.lots.map(({ lot, held }) => [lot, points(held ?? 0)]));
  const lots = hold.lots
    .map(({ lot, points: kept }) => ({ lot, points: addPoints(kept, gone.get(lot) ?? ZERO) }))
    .filter((share) => share.points !== 0);
  const remaining = sumPoints(lots.map((share) => share.points));
  assert(
    remaining === hold.remaining + sumPoints(gone.values()) && lots.every((share) => share.points > 0),
    `hold ${id} keeps ${remaining} after a ${type} of ${hold.remaining}`,
  );
  const ended = type === 'points.hold-captured' ? 'captured' : entry.reason === 'hold-lapsed' ? 'lapsed' : 'released';
  return { ...hold, lots, remaining, state: remaining === 0 ? ended : 'open' };
}

/** Postings of the first shape name no redemption: then there is none to reverse. */
function withRedemption(account: Account, { entry, at }: Event): Account {
  const spent = addPoints(account.spent, taken(entry));
  const { redemption: id, hold, reference } = entry;
  if (id === undefined) return { ...account, spent };
  const lots = entry.lots.map(({ lot, points: change }) => ({ lot, points: points(-change), returned: ZERO }));
  const made: Redemption = { id, hold: hold?.id, points: taken(entry), reversed: ZERO, lots, at, reference };
  return { ...account, spent, redemptions: new Map(account.redemptions).set(id, made) };
}

function reversed(account: Account, entry: LedgerEntry): Account {
  const id = present(entry.redemption, 'the redemption of a reversal');
  const redemption = present(account.redemptions.get(id), `redemption ${id}`);
  const back = new Map(entry.lots.map(({ lot, points: change }) => [lot, points(change)]));
  const lots = redemption.lots.map((share) => ({
    ...share,
    returned: addPoints(share.returned, back.get(share.lot) ?? ZERO),
  }));
  const total = sumPoints(lots.map(({ returned }) => returned));
  assert(
    lots.every((share) => share.returned <= share.points) && total === redemption.reversed + sumPoints(back.values()),
    `${total} of the redemption ${id} of ${redemption.points} would be given back`,
  );
  const next: Redemption = { ...redemption, lots, reversed: total };
  const spent = addPoints(account.spent, taken(entry));
  return { ...account, spent, redemptions: new Map(account.redemptions).set(id, next) };
}

const withTransfer = (account: Account, transfer: Transfer): Account => ({
  ...account,
  transfers: new Map(account.transfers).set(transferKey(transfer.direction, transfer.peer, transfer.id), transfer),
});

const transferOf = (leg: TransferMade, at: Instant, lots: Transfer['lots']) => ({
  id: leg.id,
  kind: leg.kind,
  peer: leg.peer,
  merge: leg.merge,
  points: sumPoints(lots.map((share) => share.points)),
  debt: points(leg.debt ?? 0),
  lots,
  holds: (leg.holds ?? []).map(({ id }) => id),
  at,
});

function sent(account: Account, { entry, at }: Event): Account {
  const leg = present(entry.transfer, 'the transfer of a points.transferred-out');
  const lots = (leg.lots ?? []).map((each): LotShare => ({ lot: each.lot, points: points(each.points) }));
  const holds = new Map(account.holds);
  for (const { id } of leg.holds ?? []) holds.set(id, { ...present(holds.get(id), `hold ${id}`), state: 'moved' });
  const merged = leg.kind === 'merge' ? { id: leg.merge ?? leg.id, into: leg.peer } : account.merged;
  const inFlight = subtractPoints(account.inFlight, points(entry.points));
  const holdDue = account.complete ? earliestHold(holds) : account.holdDue;
  const next: Account = { ...account, merged, inFlight, holds, holdDue };
  return withTransfer(next, { ...transferOf(leg, at, lots), direction: 'out', state: 'in-flight' });
}

function received(account: Account, { type, entry, at }: Event): Account {
  const leg = present(entry.transfer, `the transfer of a ${type}`);
  const lots = entry.lots.map(({ lot, points: change, from }) => ({
    lot,
    points: points(change),
    ...(from === undefined ? {} : { from }),
  }));
  const state = type === 'points.transferred-in' ? 'received' : 'refused';
  const merged = leg.kind === 'unmerge' && state === 'received' ? undefined : account.merged;
  const next = withTransfer({ ...account, merged }, { ...transferOf(leg, at, lots), direction: 'in', state });
  return state === 'received' ? reopened(next, leg.holds ?? []) : next;
}

function closed(account: Account, { type, entry }: Event): Account {
  const leg = present(entry.transfer, `the transfer of a ${type}`);
  const transfer = present(account.transfers.get(leg.id), `transfer ${leg.id}`);
  assert(transfer.state === 'in-flight', `transfer ${leg.id} is ${transfer.state}`);
  const inFlight = subtractPoints(account.inFlight, subtractPoints(transfer.points, transfer.debt));
  const state = type === 'points.transfer-settled' ? 'settled' : 'returned';
  // A merge that was refused never was.
  const undone = state === 'returned' && leg.kind === 'merge' && account.merged?.id === leg.id;
  const merged = undone ? undefined : account.merged;
  return reopened(withTransfer({ ...account, inFlight, merged }, { ...transfer, state }), leg.holds ?? []);
}

function reopened(account: Account, carried: readonly CarriedHold[]): Account {
  let next = account;
  for (const { id, points: first, at, expiresAt, reference, lots: shares } of carried) {
    const lots = shares.map(({ lot, points: kept }) => ({ lot, points: points(kept) }));
    next = withHold(next, {
      id,
      points: points(first),
      remaining: sumPoints(lots.map((share) => share.points)),
      lots,
      at: at as Instant,
      expiresAt: expiresAt as Instant,
      state: 'open',
      reference,
    });
  }
  return next;
}
