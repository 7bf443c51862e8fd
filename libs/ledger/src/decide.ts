import type { Award, Cause, Origin } from '@jifen/contracts';
import {
  assert,
  instant,
  minPoints,
  negatePoints,
  points,
  present,
  subtractPoints,
  sumPoints,
  unreachable,
  ZERO,
  type Instant,
  type Points,
} from '@jifen/kernel';
import { lotId, type Account, type Standing } from './account.ts';
import { clawBack } from './claw-back.ts';
import type { LedgerEvent } from './events.ts';
import { Journal, type Answered } from './journal.ts';
import { spendingOrder } from './time.ts';

/** What an award should total now, according to a rating. */
export interface PostAward {
  readonly kind: 'post-award';
  readonly award: Award;
  readonly cause: Cause;
  readonly origin: Origin;
  /** When what earned the points happened. */
  readonly earnedAt: Instant;
}

/** Books the activation of the pending lots in hand whose time has come. */
export interface BookActivations {
  readonly kind: 'book-activations';
}

export type LedgerCommand = PostAward | BookActivations;

/** A decision: the postings, and the account after them. */
export interface Decided {
  readonly events: readonly LedgerEvent[];
  readonly account: Account;
}

/**
 * The postings that the command calls for, none when there is nothing to change. Earning is never refused, so there is
 * no refusal yet. Throws InvariantError when the books would not add up.
 */
export const decide = (account: Account, command: LedgerCommand, now: Instant): readonly LedgerEvent[] =>
  decided(account, command, now).events;

/** As `decide`, with the state that folding the events gives: the decision has it already. */
export function decided(account: Account, command: LedgerCommand, now: Instant): Decided {
  const journal = new Journal(account, now);
  switch (command.kind) {
    case 'post-award':
      postAward(journal, command);
      break;
    case 'book-activations':
      bookActivations(journal);
      break;
    default:
      return unreachable(command);
  }
  return journal;
}

const UNKNOWN: Standing = { revision: 0, granted: ZERO, forgiven: ZERO, lots: 0 };

/**
 * Posts `target − granted`. A stale revision is ignored. The same total earned at another instant is posted too, with no
 * points: a tier depends on when they were earned.
 *
 * An award is remembered from its first posting on, and its revision moves only when something is posted; so a rating
 * that changes nothing (a target of 0 for an award never granted, a re-rating with the same total and instant) writes nothing. That
 * is safe because revisions are positions of the rating log and reach us in that order: whatever is delivered again
 * either has a revision that a posting has passed, and is stale, or was followed by no posting, and then its target is
 * the one granted, at its instant. The property spec replays at random to show it.
 */
function postAward(journal: Journal, command: PostAward): void {
  const { award } = command;
  assert(award.target >= 0, `negative or no target: ${award.target}`);
  const standing = journal.account.standings.get(award.awardId) ?? UNKNOWN;
  if (award.revision <= standing.revision) return;
  const difference = subtractPoints(points(award.target), standing.granted);
  if (difference > 0 || (difference === 0 && moved(journal.account, command)))
    earn(journal, command, standing, difference);
  if (difference < 0) clawBack(journal, award, answering(command), negatePoints(difference));
}

/** Whether points granted count at another instant now. An award that several causes feed has no instant of its own. */
function moved(account: Account, { award, cause, earnedAt }: PostAward): boolean {
  if (award.target === 0 || !award.awardId.endsWith(`~${cause.source}~${cause.id}`)) return false;
  const first = account.lots.get(lotId(award.awardId, 0));
  return first !== undefined && first.earnedAt !== earnedAt;
}

/** Opens a lot for the difference, less what an earlier fall left with the member; new points pay debt first. */
function earn(journal: Journal, command: PostAward, standing: Standing, difference: Points): void {
  const { award } = command;
  const kept = minPoints(standing.forgiven, difference);
  const fresh = subtractPoints(difference, kept);
  const forgiven = subtractPoints(standing.forgiven, kept);
  const availableAt = instant(award.availableAt);
  const expiresAt = award.expiresAt === undefined ? undefined : instant(award.expiresAt);
  const lot = lotId(award.awardId, standing.lots);
  const opens = { lot, points: fresh, availableAt, ...(expiresAt === undefined ? {} : { expiresAt }) };
  journal.post('points.earned', {
    ...answering(command),
    revision: award.revision,
    granted: award.target,
    points: fresh,
    lots: fresh === 0 ? [] : [opens],
    reason: standing.revision === 0 ? 'earn' : 're-rating',
    ...(forgiven === 0 ? {} : { forgiven }),
    effectiveAt: availableAt,
  });
  const lapsed = expiresAt !== undefined && expiresAt <= journal.now;
  const repaid = lapsed ? ZERO : minPoints(journal.account.debt, fresh);
  if (repaid === 0) return;
  journal.post('debt.repaid', {
    ...answering(command),
    points: ZERO,
    moved: repaid,
    lots: [{ lot, points: negatePoints(repaid) }],
    reason: 'debt',
  });
}

/** Lots of one activation posting. */
const MAX_ACTIVATED = 1_000;

/** All lots due in as few postings as their limit allows. */
function bookActivations(journal: Journal): void {
  const due = [...journal.account.lots.values()]
    .filter((lot) => lot.pending && lot.availableAt <= journal.now)
    .sort((a, b) => (a.availableAt < b.availableAt ? -1 : a.availableAt > b.availableAt ? 1 : spendingOrder(a, b)));
  for (let from = 0; from < due.length; from += MAX_ACTIVATED) {
    const lots = due.slice(from, from + MAX_ACTIVATED);
    const at = present(lots.at(-1), 'the last lot due').availableAt;
    journal.post('points.activated', {
      points: ZERO,
      moved: sumPoints(lots.map(({ remaining }) => remaining)),
      lots: lots.map(({ id }) => ({ lot: id, points: ZERO })),
      reason: 'activation',
      occurredAt: at,
      effectiveAt: at,
    });
  }
}

/** The fields that say what a posting answers. */
const answering = ({ award, cause, origin, earnedAt }: PostAward): Answered => ({
  award: award.awardId,
  rule: award.ruleId,
  cause,
  origin,
  earnedAt,
  occurredAt: earnedAt,
});
