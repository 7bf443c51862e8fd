import type { RatingMade } from '@jifen/contracts';
import type { Transaction } from '@jifen/event-store';
import { instant, InvariantError, memberKey } from '@jifen/kernel';
import { accountKey, type LedgerEvent } from '@jifen/ledger';
import { metaOfAnswer, type Delivered, type MemberFailure } from '@jifen/messaging';
import { Book } from './book.ts';
import type { AccountQuery, Accounts } from './ports.ts';

export interface Posted {
  readonly failures: readonly MemberFailure[];
  readonly events: readonly LedgerEvent[];
}

/**
 * Posts what the ratings call for, in their order, inside the transaction: one load, decisions in memory, one save. A member
 * whose books do not add up is answered as a failure, and nothing of the others depends on it.
 */
export async function postRatings<Sql>(
  tx: Transaction<Sql>,
  accounts: Accounts<Sql>,
  items: readonly Delivered<RatingMade>[],
): Promise<Posted> {
  const queries = accountQueries(items);
  if (queries.size === 0) return { failures: [], events: [] };
  const book = await Book.open(tx, accounts, queries);
  const failures = new Map<string, MemberFailure>();
  for (const delivered of items) {
    const { item, envelope } = delivered;
    const member = memberKey(item.program, item.member);
    if (failures.has(member)) continue;
    try {
      const { cause, origin } = item;
      const earnedAt = instant(item.occurredAt);
      const meta = metaOfAnswer(envelope);
      for (const award of item.awards) {
        const key = accountKey(item.program, item.member, award.currency);
        book.post(key, { kind: 'post-award', award, cause, origin, earnedAt }, meta);
      }
    } catch (error) {
      if (!(error instanceof InvariantError)) throw error;
      failures.set(member, { key: member, reason: 'invariant', detail: error.message });
    }
  }
  if (failures.size > 0) return { failures: [...failures.values()], events: [] };
  book.save(accounts);
  return { failures: [], events: book.events };
}

function accountQueries(items: readonly Delivered<RatingMade>[]): ReadonlyMap<string, AccountQuery> {
  const queries = new Map<string, AccountQuery & { readonly awards: Set<string> }>();
  for (const { item, message } of items) {
    const { program, member } = item;
    for (const { currency, awardId } of item.awards) {
      const key = accountKey(program, member, currency);
      const query = queries.get(key) ?? {
        key,
        program,
        member,
        currency,
        partition: message.partition,
        awards: new Set(),
      };
      query.awards.add(awardId);
      queries.set(key, query);
    }
  }
  return queries;
}
