import { addPoints, assert, InvariantError, ZERO, type Points } from '@jifen/kernel';
import type { Account, Lot } from './account.ts';

/** What of a lot can be taken: its remainder less what holds keep. */
export const freeOf = (lot: Lot): Points => (lot.remaining - lot.held) as Points;

function broken(what: string): never {
  throw new InvariantError(what);
}

/** What must hold of every account after every posting (design.md §7, N19). */
export function assertBooks(account: Account): void {
  const { available, pending, held, debt, net } = account;
  if (available < 0 || pending < 0 || held < 0) broken(`a bucket is negative: ${available}/${pending}/${held}`);
  if (debt < 0) broken(`negative debt ${debt}`);
  if (net !== available + pending + held - debt)
    broken(`net ${net} is not ${available} + ${pending} + ${held} − ${debt}`);
  if (account.spent < 0 || account.expired < 0) broken(`spent ${account.spent}, expired ${account.expired}`);
  let total = ZERO;
  let reserved = ZERO;
  let waiting = ZERO;
  let lapsed = ZERO;
  for (const lot of account.lots.values()) {
    // Of every lot: 0 ≤ held ≤ remaining, and what was spent, taken back, held and left never exceeds what it was opened with.
    if (lot.held < 0 || lot.held > lot.remaining || lot.expired < 0 || lot.remaining + lot.expired > lot.granted) {
      const { id, remaining, held: kept, expired, granted } = lot;
      broken(`lot ${id}: ${remaining} left, ${kept} held, ${expired} expired of ${granted}`);
    }
    total = addPoints(total, lot.remaining);
    reserved = addPoints(reserved, lot.held);
    lapsed = addPoints(lapsed, lot.expired);
    if (lot.pending) waiting = addPoints(waiting, freeOf(lot));
  }
  const booked = available + pending + held;
  if (!account.complete) {
    if (total > booked || reserved > held || waiting > pending) broken(`lots total ${total}, the buckets ${booked}`);
    return;
  }
  if (total !== booked) broken(`lots total ${total}, the buckets ${booked}`);
  if (reserved !== held) broken(`holds keep ${reserved} of the lots, the bucket says ${held}`);
  if (waiting !== pending) broken(`pending lots total ${waiting}, the bucket says ${pending}`);
  if (lapsed > account.expired) broken(`lots have ${lapsed} expired, the account ${account.expired}`);
  if (held > 0 || account.holds.size > 0) assertHolds(account);
}

/** The open holds keep of each lot what the lot says. */
function assertHolds(account: Account): void {
  const kept = new Map<string, number>();
  for (const hold of account.holds.values()) {
    if (hold.state !== 'open') continue;
    let sum = 0;
    for (const { lot, points } of hold.lots) {
      sum += points;
      kept.set(lot, (kept.get(lot) ?? 0) + points);
    }
    assert(sum === hold.remaining && sum > 0 && sum <= hold.points, `hold ${hold.id} keeps ${sum} of ${hold.points}`);
  }
  for (const lot of account.lots.values()) {
    assert(
      (kept.get(lot.id) ?? 0) === lot.held,
      `holds keep ${kept.get(lot.id) ?? 0} of ${lot.id}, it says ${lot.held}`,
    );
  }
}
