import { formatToken, type Problem } from '@jifen/contracts';
import { accept, instantFromMillis, memberKey, partitionOf, refuse, type Outcome } from '@jifen/kernel';
import { balanceAt, type Account } from '@jifen/ledger';
import type { BalanceView, MemberBalance } from './views.ts';

/** What the projections say of a member, in one snapshot. */
export interface MemberAccounts {
  /** With all open lots. */
  readonly accounts: readonly Account[];
  /** Position of the ledger log in the member's partition. */
  readonly position: number;
}

export interface BalanceReads {
  accountsOf(program: string, member: string, partition: number): Promise<MemberAccounts>;
}

export interface BalanceQuery {
  readonly program: string;
  readonly member: string;
  readonly partitions: number;
  readonly now: number;
  /** The caller waited for a write of its own: then no account means that nothing was earned by it. */
  readonly waited: boolean;
}

/**
 * The member's points in every currency, at `now`. A member that never had a posting is `not_found`, so that a mistyped id
 * is not read as "no points"; but a caller who waited for its own write gets an empty list, because then it is true.
 */
export async function readBalance(reads: BalanceReads, query: BalanceQuery): Promise<Outcome<MemberBalance, Problem>> {
  const { program, member, partitions, waited } = query;
  const partition = partitionOf(memberKey(program, member), partitions);
  const { accounts, position } = await reads.accountsOf(program, member, partition);
  if (accounts.length === 0 && !waited) return refuse(noAccount(member));
  const now = instantFromMillis(query.now);
  const data = accounts.map((account): BalanceView => {
    const { nextExpiry, ...figures } = balanceAt(account, now);
    const { currency, lifetime } = account;
    return { currency, ...figures, lifetime, nextExpiry: nextExpiry ?? null };
  });
  const asOfPosition = formatToken({ log: 'ledger', positions: new Map([[partition, position]]) });
  return accept({ member, asOf: now, asOfPosition, data });
}

export const noAccount = (member: string): Problem => ({
  code: 'not_found',
  detail: `nothing was ever posted for the member ${member}`,
});
