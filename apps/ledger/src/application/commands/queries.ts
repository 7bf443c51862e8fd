import type { Problem } from '@jifen/contracts';
import type { Instant, Outcome } from '@jifen/kernel';
import type { Needs } from '@jifen/ledger';
import { ownerOf } from '../owner.ts';
import type { AccountQuery } from '../ports.ts';
import type { Call } from './call.ts';
import type { Plan } from './plan.ts';

/** What has to be loaded for all plans together: one query an account. */
export function queriesFor(
  calls: readonly Call[],
  plans: ReadonlyMap<Call, Outcome<Plan, Problem>>,
): Map<string, AccountQuery> {
  const queries = new Map<string, AccountQuery>();
  for (const call of calls) {
    const plan = plans.get(call);
    if (plan?.ok !== true) continue;
    for (const { key, needs } of plan.value.steps)
      queries.set(key, queryFor(key, call.partition, needs, queries.get(key)));
  }
  return queries;
}

/** The query with these needs added. */
export function queryFor(key: string, partition: number, needs: Needs, before?: AccountQuery): AccountQuery {
  const both = (a: Iterable<string> | undefined, b: Iterable<string>): ReadonlySet<string> =>
    new Set([...(a ?? []), ...b]);
  const merges = both(before?.merges, needs.merge === undefined ? [] : [needs.merge]);
  return {
    key,
    partition,
    ...ownerOf(key),
    awards: both(before?.awards, needs.awards),
    whole: needs.whole || before?.whole === true,
    expired: needs.expired || before?.expired === true,
    lots: both(before?.lots, needs.lots),
    holds: both(before?.holds, needs.holds),
    redemptions: both(before?.redemptions, needs.redemptions),
    transfers: both(before?.transfers, needs.transfers),
    merges,
    transfersSince: earlierOf(before?.transfersSince, needs.transfersSince),
    commands: both(before?.commands, needs.commands),
  };
}

const earlierOf = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;
