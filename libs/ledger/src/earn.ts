import type { LotMovement } from '@jifen/contracts';
import {
  assert,
  instant,
  minPoints,
  negatePoints,
  points,
  subtractPoints,
  sumPoints,
  ZERO,
  type Instant,
  type Points,
} from '@jifen/kernel';
import { lotId, lotsOfAward, type Account, type Standing } from './account.ts';
import { clawBack } from './claw-back.ts';
import type { PostAward } from './commands.ts';
import type { Answered, Journal } from './journal.ts';
import { netDebt } from './settle.ts';
import { phaseOf } from './time.ts';

const UNKNOWN: Standing = { revision: 0, granted: ZERO, forgiven: ZERO, lots: 0 };
const NONE: readonly LotMovement[] = [];

/**
 * Posts `target − granted`. A stale revision is ignored. The same total earned at another instant, available or lapsing
 * at another, is posted too, with no points: tiers and spending depend on it, and must not depend on which revision came first.
 *
 * An award is remembered from its first posting on, and its revision moves only when something is posted; so a rating
 * that changes nothing (a target of 0 for an award never granted, a re-rating with the same total and dates) writes nothing. That
 * is safe because revisions are positions of the rating log and reach us in that order: whatever is delivered again
 * either has a revision that a posting has passed, and is stale, or was followed by no posting, and then its target is
 * the one granted, at its dates. The property spec replays at random to show it.
 */
export function postAward(journal: Journal, command: PostAward): void {
  const { award } = command;
  assert(award.target >= 0, `negative or no target: ${award.target}`);
  const standing = journal.account.standings.get(award.awardId) ?? UNKNOWN;
  if (award.revision <= standing.revision) return;
  const difference = subtractPoints(points(award.target), standing.granted);
  const dates = standing === UNKNOWN ? NONE : otherDates(journal.account, command);
  if (difference < 0) clawBack(journal, award, answering(command), negatePoints(difference), dates);
  else if (difference > 0 || dates.length > 0) earn(journal, command, standing, difference, dates);
  if (dates.length > 0) revive(journal, command);
}

/**
 * The award's lots that do not stand at the dates of this rating, moved to them. An award that several causes feed has no dates of
 * its own, and what was put off by hand is not shortened.
 */
function otherDates(account: Account, { award, cause, earnedAt }: PostAward): readonly LotMovement[] {
  if (award.target === 0 || !award.awardId.endsWith(`~${cause.source}~${cause.id}`)) return NONE;
  const moved: LotMovement[] = [];
  const availableAt = instant(award.availableAt);
  const stated = award.expiresAt === undefined ? undefined : instant(award.expiresAt);
  for (const lot of lotsOfAward(account, award.awardId)) {
    const expiresAt = lot.extended ? later(lot.expiresAt, stated) : stated;
    if (lot.availableAt === availableAt && lot.expiresAt === expiresAt && lot.earnedAt === earnedAt) continue;
    moved.push({
      lot: lot.id,
      points: ZERO,
      availableAt,
      ...(expiresAt === undefined ? {} : { expiresAt }),
      earnedAt,
    });
  }
  return moved;
}

const later = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || b === undefined ? undefined : a > b ? a : b;

/** Opens a lot for the difference, less what an earlier fall left with the member; new points pay debt first. */
function earn(
  journal: Journal,
  command: PostAward,
  standing: Standing,
  difference: Points,
  dates: readonly LotMovement[],
): void {
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
    lots: fresh === 0 ? [...dates] : [...dates, opens],
    reason: standing.revision === 0 ? 'earn' : 're-rating',
    ...(forgiven === 0 ? {} : { forgiven }),
    effectiveAt: availableAt,
  });
  // Where older lots come back to life by the same rating, they pay in the order of spending, see `revive`.
  if (dates.length > 0) return;
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

/** Points that were posted as lapsed, and by the dates of this rating have not, are back. */
function revive(journal: Journal, command: PostAward): void {
  const lots = lotsOfAward(journal.account, command.award.awardId).filter(
    (lot) => lot.expired > 0 && phaseOf(lot, journal.now) !== 'lapsed',
  );
  if (lots.length > 0) {
    journal.post('points.reinstated', {
      ...answering(command),
      points: sumPoints(lots.map(({ expired }) => expired)),
      lots: lots.map(({ id, expired }) => ({ lot: id, points: expired, expired: negatePoints(expired) })),
      reason: 're-rating',
    });
  }
  if (journal.account.debt > 0) netDebt(journal);
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
