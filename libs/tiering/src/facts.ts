import { points, type Instant, type Money } from '@jifen/kernel';
import type { Assignment } from './assigned.ts';
import type { Contribution } from './grant.ts';
import { countsPoints, erasOf, type Ladder } from './ladder.ts';

/** What was paid with money for an order and kept; `amount` 0 where nothing is left of it. */
export interface Purchase {
  readonly at: Instant;
  readonly currency: string;
  readonly amount: Money;
}

/** All that is known of a member and counts for a tier, each at the instant that it counts at. */
export interface Facts {
  /** When the member registered, where it was said. */
  readonly joined?: Instant | undefined;
  /** What was earned, by currency. */
  readonly points: ReadonlyMap<string, readonly Contribution[]>;
  readonly purchases: readonly Purchase[];
  /** What persons said of its tier. */
  readonly assigned?: readonly Assignment[];
}

export const NO_FACTS: Facts = { points: new Map(), purchases: [] };

/** What counts on the ladder: points, minor units of money, or one an order. */
export function countedBy({ basis, currency, moneyCurrency }: Ladder, facts: Facts): readonly Contribution[] {
  if (countsPoints({ basis })) return facts.points.get(currency) ?? [];
  const bought = facts.purchases.filter(({ amount }) => amount > 0);
  if (basis === 'orders') return bought.map(({ at }) => ({ earnedAt: at, points: points(1) }));
  return bought
    .filter((purchase) => purchase.currency === moneyCurrency)
    .map(({ at, amount }) => ({ earnedAt: at, points: points(amount) }));
}

/** What has to be known of a member to say where it stands. */
export interface Needs {
  readonly currencies: readonly string[];
  readonly purchases: boolean;
  readonly joined: boolean;
}

export function needsOf(ladder: Ladder): Needs {
  const eras = erasOf(ladder);
  return {
    currencies: [...new Set(eras.map(({ currency }) => currency))],
    purchases: eras.some((era) => !countsPoints(era)),
    joined: eras.some(({ review }) => review?.clock === 'anniversary'),
  };
}

/** What happened before an instant. */
export function factsBefore({ joined, points: earned, purchases, assigned = [] }: Facts, at: Instant): Facts {
  return {
    joined,
    points: new Map([...earned].map(([currency, all]) => [currency, all.filter(({ earnedAt }) => earnedAt < at)])),
    purchases: purchases.filter((purchase) => purchase.at < at),
    assigned: assigned.filter((assignment) => assignment.at <= at),
  };
}
