import {
  minPoints,
  negatePoints,
  points,
  present,
  subtractPoints,
  sumPoints,
  ZERO,
  type Instant,
  type Points,
} from '@jifen/kernel';
import type { Lot } from './account.ts';
import { freeOf } from './books.ts';
import type { Journal } from './journal.ts';
import { debits, takeable, takeFree, unheld } from './take.ts';
import { phaseOf, spendingOrder } from './time.ts';

/** Lots of one posting of an activation or expiry. */
const MAX_LOTS = 1_000;
/** Holds and lots that one `book-due` books. */
export const DEFAULT_DUE = 10_000;

const byInstant =
  <T>(at: (each: T) => Instant, then: (a: T, b: T) => number) =>
  (a: T, b: T) =>
    at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : then(a, b);

/** All that time has done by now, at most `limit` holds and lots of it: holds end, lots become available, lots lapse. */
export function bookDue(journal: Journal, limit: number = Number.POSITIVE_INFINITY): void {
  const { holdDue, activationDue, expiryDue } = journal.account;
  let left = limit;
  if (isDue(holdDue, journal)) left -= bookHolds(journal, left);
  if (isDue(activationDue, journal)) left -= bookActivations(journal, left);
  // What holds ended by time gave back may lapse at once.
  if (isDue(expiryDue, journal) || isDue(journal.account.expiryDue, journal)) bookExpiries(journal, left);
  if (journal.account.debt > 0) netDebt(journal);
}

const isDue = (at: Instant | undefined, { now }: Journal): boolean => at !== undefined && at <= now;

/** In the order in which their time was over; what each gives back pays debt as of then. */
export function bookHolds(journal: Journal, limit: number): number {
  const due = [...journal.account.holds.values()]
    .filter((hold) => hold.state === 'open' && hold.expiresAt <= journal.now)
    .sort(
      byInstant(
        ({ expiresAt }) => expiresAt,
        (a, b) => (a.id < b.id ? -1 : 1),
      ),
    )
    .slice(0, limit);
  for (const hold of due) {
    journal.post('points.hold-released', {
      points: ZERO,
      moved: hold.remaining,
      lots: unheld(hold.lots, 'free'),
      reason: 'hold-lapsed',
      hold: { id: hold.id },
      occurredAt: hold.expiresAt,
      effectiveAt: hold.expiresAt,
      ...(hold.reference === undefined ? {} : { reference: hold.reference }),
    });
    if (journal.account.debt > 0) netDebt(journal, hold.expiresAt);
  }
  return due.length;
}

/** The pending lots whose time has come, in as few postings as their limit allows. */
export function bookActivations(journal: Journal, limit: number = Number.POSITIVE_INFINITY): number {
  const due = [...journal.account.lots.values()]
    .filter((lot) => lot.pending && lot.availableAt <= journal.now)
    .sort(byInstant(({ availableAt }) => availableAt, spendingOrder))
    .slice(0, limit);
  for (let from = 0; from < due.length; from += MAX_LOTS) {
    const lots = due.slice(from, from + MAX_LOTS);
    const at = present(lots.at(-1), 'the last lot due').availableAt;
    journal.post('points.activated', {
      points: ZERO,
      moved: sumPoints(lots.map(freeOf)),
      lots: lots.map(({ id }) => ({ lot: id, points: ZERO })),
      reason: 'activation',
      occurredAt: at,
      effectiveAt: at,
    });
  }
  return due.length;
}

/** What is free of lots that have lapsed, one posting an instant. What holds keep of them goes when it is released. */
function bookExpiries(journal: Journal, limit: number): void {
  const due = [...journal.account.lots.values()]
    .filter((lot) => lot.remaining > lot.held && phaseOf(lot, journal.now) === 'lapsed')
    .sort(spendingOrder)
    .slice(0, limit);
  for (let from = 0; from < due.length;) {
    const at = present(due[from]?.expiresAt, 'the expiry of a lapsed lot');
    const lots: Lot[] = [];
    for (let lot = due[from]; lot?.expiresAt === at && lots.length < MAX_LOTS; lot = due[++from]) lots.push(lot);
    journal.post('points.expired', {
      points: negatePoints(sumPoints(lots.map(freeOf))),
      lots: lots.map((lot) => ({ lot: lot.id, points: negatePoints(freeOf(lot)), expired: freeOf(lot) })),
      reason: 'expiry',
      occurredAt: at,
      effectiveAt: at,
    });
  }
}

/** Points that came to an account in debt pay it, usable ones first. So debt and free points never stand side by side. */
export function netDebt(journal: Journal, at: Instant = journal.now): void {
  const { account } = journal;
  const { shares, left } = takeFree(takeable(account, at), account.debt);
  if (shares.length === 0) return;
  journal.post('debt.repaid', {
    points: ZERO,
    moved: subtractPoints(account.debt, left),
    lots: debits(shares),
    reason: 'debt',
    effectiveAt: at,
  });
}

/** What a debit cannot take becomes debt, at most up to `limit` in all; answers the debt. */
export const debtWithin = (debt: Points, wanted: Points, limit: number | undefined): Points =>
  limit === undefined ? wanted : minPoints(wanted, points(Math.max(0, limit - debt)));
