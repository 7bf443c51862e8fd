import type { Problem, TransferPolicy } from '@jifen/contracts';
import type { Instant, Points } from '@jifen/kernel';
import type { Transfer } from './records.ts';

/** When the current day and month began, in the program's time zone. */
export interface Periods {
  readonly day: Instant;
  readonly month: Instant;
}

/** C03: what a member may give, by what was given since the month began. What came back, or came in, does not count. */
export function checkTransfer(
  policy: TransferPolicy,
  points: Points,
  transfers: readonly Transfer[],
  periods: Periods,
): Problem | undefined {
  const { minimumPoints = 1, maximumPoints } = policy;
  if (points < minimumPoints) {
    const detail = `at least ${minimumPoints} points must be given at once`;
    return { code: 'below_minimum', detail, figures: { minimum: minimumPoints } };
  }
  if (maximumPoints !== undefined && points > maximumPoints) {
    const detail = `at most ${maximumPoints} points may be given at once`;
    return { code: 'above_maximum', detail, figures: { maximum: maximumPoints } };
  }
  for (const [period, limit] of [
    ['day', policy.perDay],
    ['month', policy.perMonth],
  ] as const) {
    if (limit === undefined) continue;
    const sent = transfers.filter(
      ({ kind, direction, state, at }) =>
        kind === 'transfer' && direction === 'out' && state !== 'returned' && at >= periods[period],
    );
    const given = sent.reduce((sum, transfer) => sum + transfer.points, 0);
    if (limit.count !== undefined && sent.length >= limit.count) {
      const detail = `at most ${limit.count} transfers a ${period}`;
      return { code: 'transfer_limit', detail, figures: { count: sent.length } };
    }
    if (limit.points !== undefined && given + points > limit.points) {
      const left = Math.max(0, limit.points - given);
      const detail = `at most ${limit.points} points a ${period} may be given; ${left} are left`;
      return { code: 'transfer_limit', detail, figures: { left } };
    }
  }
  return undefined;
}
