import type { LedgerEntry, TierChanged, TierKept, TierNearUpgrade, TierWillDowngrade } from '@jifen/contracts';
import type { Facts, News, Trigger } from './trigger.ts';

/** Opening balances of another system and merges of two accounts are no news to the member. */
export const SILENT_REASONS: ReadonlySet<string> = new Set(['import', 'merge', 'unmerge', 'migration']);

const TRIGGER_OF: Readonly<Record<string, Trigger>> = {
  'points.earned': 'points-credited',
  'points.reversed': 'points-taken-back',
  'points.redeemed': 'points-redeemed',
  'points.hold-captured': 'points-redeemed',
  'points.redemption-reversed': 'points-refunded',
  'points.held': 'points-held',
  'points.adjusted': 'points-adjusted',
  'account.frozen': 'account-frozen',
  'account.unfrozen': 'account-unfrozen',
};

/** What a posting is to its member; `undefined` when it is nothing to tell. */
export function newsOfPosting(type: string, entry: LedgerEntry, occurredAt: string): News | undefined {
  const trigger = TRIGGER_OF[type];
  if (trigger === undefined || SILENT_REASONS.has(entry.reason)) return undefined;
  const facts = factsOf(trigger, entry, occurredAt);
  // A re-rating may change nothing but a revision.
  return facts.points === 0 ? undefined : { trigger, facts };
}

function factsOf(trigger: Trigger, entry: LedgerEntry, occurredAt: string): Facts {
  const { currency, balance, reference } = entry;
  const facts: Facts = {
    currency,
    available: balance.available,
    ...(reference === undefined ? {} : { reference }),
  };
  if (trigger === 'account-frozen' || trigger === 'account-unfrozen') return facts;
  if (trigger === 'points-held') return { ...facts, points: entry.moved ?? 0 };
  // An adjustment may go either way: its sign is part of the news.
  if (trigger === 'points-adjusted') return { ...facts, points: entry.points };
  const usableFrom = trigger === 'points-credited' ? latestAvailability(entry, occurredAt) : undefined;
  return { ...facts, points: Math.abs(entry.points), ...(usableFrom === undefined ? {} : { usableFrom }) };
}

function latestAvailability({ lots }: LedgerEntry, occurredAt: string): string | undefined {
  let latest = occurredAt;
  for (const { availableAt } of lots) if (availableAt !== undefined && availableAt > latest) latest = availableAt;
  return latest === occurredAt ? undefined : latest;
}

/**
 * A standing is published whole whenever its timeline changes, also when the tier stays: it is news when the tier is not
 * the one that was last `known`. Of a member who is not known yet only a change of tier is, and a first tier above the
 * lowest, which has no tier before it.
 */
export function newsOfTier(changed: TierChanged, known: string | undefined): News | undefined {
  const { tier } = changed;
  const previous = known ?? changed.previous;
  if (previous === undefined && changed.change === 'upgraded') return { trigger: 'tier-changed', facts: { tier } };
  if (previous === undefined || previous === tier) return undefined;
  return { trigger: 'tier-changed', facts: { tier, previous } };
}

const basisOf = ({ basis }: { readonly basis?: string }): Pick<Facts, 'basis'> =>
  basis === undefined ? {} : { basis };

export const newsOfNearUpgrade = (near: TierNearUpgrade): News => ({
  trigger: 'near-upgrade',
  facts: { tier: near.tier, next: near.next, missing: near.missing, ...basisOf(near) },
});

export const newsOfKeptTier = ({ tier }: TierKept): News => ({ trigger: 'tier-kept', facts: { tier } });

export const newsOfComingFall = (fall: TierWillDowngrade): News => ({
  trigger: 'tier-will-fall',
  facts: { tier: fall.tier, next: fall.to, missing: fall.missing, fallsAt: fall.at, ...basisOf(fall) },
});
