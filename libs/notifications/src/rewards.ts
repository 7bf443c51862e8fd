import type { LedgerEntry } from '@jifen/contracts';
import { SILENT_REASONS } from './news.ts';
import type { News } from './trigger.ts';
import type { RewardThreshold } from './settings.ts';

/** Postings that make more spendable; what comes back from a hold or a redemption was there before. */
const GAINS: ReadonlySet<string> = new Set([
  'points.earned',
  'points.activated',
  'points.adjusted',
  'points.reinstated',
  'points.transferred-in',
]);

/** After these a member may be told of a reward again. */
export const isSpending = (type: string): boolean => type === 'points.redeemed' || type === 'points.hold-captured';

/** A07: the dearest reward that this posting made the balance enough for; `undefined` when it was enough before, or is not yet. */
export function rewardInReach(
  type: string,
  entry: LedgerEntry,
  occurredAt: string,
  rewards: readonly RewardThreshold[],
): News | undefined {
  if (!GAINS.has(type) || SILENT_REASONS.has(entry.reason)) return undefined;
  const { currency, balance } = entry;
  const before = balance.available - gainOf(type, entry, occurredAt);
  const reached = affordable(rewards, currency, balance.available);
  return reached === undefined || reached.points <= before ? undefined : newsOfReward(reached, balance.available);
}

/** The dearest reward that so many points are enough for. */
export const affordable = (
  rewards: readonly RewardThreshold[],
  currency: string,
  available: number,
): RewardThreshold | undefined =>
  rewards
    .filter((each) => each.currency === currency && each.points <= available)
    .sort((a, b) => b.points - a.points)[0];

/** What the member is told of a reward that its points are enough for. */
export const newsOfReward = ({ currency, name, points }: RewardThreshold, available: number): News => ({
  trigger: 'reward-in-reach',
  facts: { currency, available, reward: name, price: points },
});

/** Points that became spendable: those that are pending still do not count. */
function gainOf(type: string, { moved, lots }: LedgerEntry, occurredAt: string): number {
  if (type === 'points.activated') return moved ?? 0;
  let gained = 0;
  for (const { points, availableAt } of lots)
    if (availableAt === undefined || availableAt <= occurredAt) gained += points;
  return Math.max(0, gained);
}
