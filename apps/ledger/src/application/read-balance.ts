import { formatToken, type Problem } from '@jifen/contracts';
import {
  accept,
  addPoints,
  instantFromMillis,
  memberKey,
  partitionOf,
  refuse,
  type Instant,
  type Outcome,
} from '@jifen/kernel';
import { balanceAt, type Account } from '@jifen/ledger';
import { accountsAsOf, momentOf, type HistoryReads, type MomentQuery } from './history.ts';
import type { BalanceView, MemberBalance } from './views.ts';
import { worthUnder, type PolicyReads, type Worth } from './worth.ts';

/** What the projections say of a member, in one snapshot. */
export interface MemberAccounts {
  /** With all open lots, and with the open holds where one has ended by then. */
  readonly accounts: readonly Account[];
  /** Position of the ledger log in the member's partition. */
  readonly position: number;
}

export interface BalanceReads {
  accountsOf(program: string, member: string, partition: number, now: Instant): Promise<MemberAccounts>;
}

export interface BalanceQuery extends MomentQuery {
  readonly program: string;
  readonly member: string;
  readonly partitions: number;
  readonly now: number;
  /** The caller waited for a write of its own: then no account means that nothing was earned by it. */
  readonly waited: boolean;
}

/**
 * The member's points in every currency: now, or as they stood at another moment. A member that never had a posting is
 * `not_found`, so that a mistyped id is not read as "no points"; but a caller who waited for its own write gets an empty
 * list, because then it is true. Both say where to read why.
 */
export async function readBalance(
  reads: BalanceReads & HistoryReads & PolicyReads,
  query: BalanceQuery,
): Promise<Outcome<MemberBalance, Problem>> {
  const { program, member, partitions, waited } = query;
  const now = instantFromMillis(query.now);
  const partition = partitionOf(memberKey(program, member), partitions);
  const moment = momentOf(query, query.now);
  if (!moment.ok) return moment;
  const worth = worthUnder(await reads.policiesOf(program, now));
  const answer = (accounts: readonly Account[], position: number, asOf: Instant, knownAt: Instant): MemberBalance => ({
    member,
    asOf,
    knownAt,
    asOfPosition: formatToken({ log: 'ledger', positions: new Map([[partition, position]]) }),
    data: accounts.map((account) => viewOf(account, asOf, worth)),
  });
  if (moment.value === undefined) {
    const { accounts, position } = await reads.accountsOf(program, member, partition, now);
    if (accounts.length > 0) return accept(answer(accounts, position, now, now));
    return waited
      ? accept({ ...answer([], position, now, now), explanation: nothing(member) })
      : refuse(noAccount(member));
  }
  const versions = await reads.versionsOf(program, member);
  if (versions.size === 0 && !waited) return refuse(noAccount(member));
  const history = await accountsAsOf(reads, { program, member }, versions, moment.value);
  if (!history.ok) return history;
  const { asOf, knownAt } = moment.value;
  const past = answer(history.value.accounts, history.value.position, asOf, knownAt);
  return accept(versions.size > 0 ? past : { ...past, explanation: nothing(member) });
}

export function viewOf(account: Account, asOf: Instant, worth: Worth): BalanceView {
  const { nextExpiry, ...figures } = balanceAt(account, asOf);
  const { currency, lifetime, spent, inFlight } = account;
  const money = (points: number) => worth(currency, points) ?? null;
  return {
    currency,
    ...figures,
    lifetime,
    spent,
    expired: addPoints(account.expired, figures.lapsed),
    inFlight,
    nextExpiry: nextExpiry === undefined ? null : { ...nextExpiry, worth: money(nextExpiry.points) },
    worth:
      money(0) === null
        ? null
        : {
            available: money(figures.available),
            pending: money(figures.pending),
            held: money(figures.held),
            debt: money(figures.debt),
            net: money(figures.net),
          },
  };
}

/** The ledger is told of nothing that earned nothing: the ratings have it, with the reason. */
function nothing(member: string): Record<'en' | 'zh', string> {
  const ratings = `GET /v1/members/${encodeURIComponent(member)}/ratings?explain=true`;
  return {
    en: `Nothing was ever posted for the member ${member}. ${ratings} tells which orders and activities came, and why they earned nothing.`,
    zh: `会员 ${member} 从未入账。${ratings} 列出收到的订单和行为，以及为何没有产生积分。`,
  };
}

export const noAccount = (member: string): Problem => ({ code: 'not_found', detail: nothing(member).en });
