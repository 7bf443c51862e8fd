import type { LedgerEntry } from '@jifen/contracts';
import { parseInstant, points, type Instant, type Points } from '@jifen/kernel';

/** Points that count, and the instant they were earned at. Never less than 0. */
export interface Contribution {
  readonly earnedAt: Instant;
  readonly points: Points;
}

/** What an award has granted: each posting of the award replaces the one before it, instant and all. */
export interface Grant extends Contribution {
  readonly award: string;
  readonly currency: string;
  /** The award had no posting before. */
  readonly first: boolean;
}

/**
 * Postings that say what an award has granted. Whatever else moves a balance never counts for a tier: holds, redemptions,
 * expiry, transfers, adjustments; and a clawback counts in full, whether the points were still there, became a debt or were
 * forgiven, so that spending shows nowhere.
 */
const GRANTING: ReadonlySet<string> = new Set(['points.earned', 'points.reversed']);

/** The grant that a posting states; `undefined` when it does not count. */
export function grantOf(type: string, entry: LedgerEntry, occurredAt: string): Grant | undefined {
  const { award, granted, currency } = entry;
  if (!GRANTING.has(type) || award === undefined || granted === undefined) return undefined;
  const earnedAt = parseInstant(entry.earnedAt ?? occurredAt);
  if (earnedAt === undefined) return undefined;
  return { award, currency, earnedAt, points: points(granted), first: entry.reason === 'earn' };
}
