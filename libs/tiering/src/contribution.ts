import type { LedgerEntry } from '@jifen/contracts';
import { parseInstant, points, type Instant, type Points } from '@jifen/kernel';

/** What awards granted for things that happened at one instant, net of what was taken back. */
export interface Contribution {
  readonly earnedAt: Instant;
  readonly points: Points;
}

/**
 * Postings that change what an award has granted. A clawback of spent points is a debt, not a smaller balance, and earning
 * under a debt repays it: together the four say what was granted. Whatever else moves a balance never counts for a tier:
 * holds, redemptions, expiry, transfers, adjustments.
 */
const GRANTING: ReadonlySet<string> = new Set(['points.earned', 'points.reversed', 'debt.incurred', 'debt.repaid']);

/** What a posting adds to the lifetime points; `undefined` when it does not count. */
export function contributionOf(type: string, entry: LedgerEntry, occurredAt: string): Contribution | undefined {
  if (!GRANTING.has(type) || entry.award === undefined || entry.points === 0) return undefined;
  const earnedAt = parseInstant(entry.earnedAt ?? occurredAt);
  return earnedAt === undefined ? undefined : { earnedAt, points: points(entry.points) };
}
