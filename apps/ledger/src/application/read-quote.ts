import type { Problem } from '@jifen/contracts';
import {
  accept,
  formatMoney,
  instantFromMillis,
  memberKey,
  partitionOf,
  refuse,
  ZERO,
  type Instant,
  type Outcome,
  type Points,
} from '@jifen/kernel';
import { balanceAt, quoteRedemption, type QuoteLimit } from '@jifen/ledger';
import { amountOf, spendingOf } from './commands/redemption-value.ts';
import type { ProgramReads } from './ports.ts';
import type { BalanceReads } from './read-balance.ts';

export interface QuoteParts {
  readonly reads: BalanceReads;
  readonly policiesInForce: (program: string, now: number) => ReturnType<ProgramReads<never>['policiesInForce']>;
  readonly tierOf: (owner: string) => Promise<string | undefined>;
  readonly partitions: number;
  readonly clock: () => number;
}

export interface QuoteQuery {
  readonly program: string;
  readonly member: string;
  readonly order: string;
  readonly currency?: string | undefined;
}

export interface RedemptionQuote {
  readonly member: string;
  readonly currency: string;
  readonly asOf: Instant;
  readonly available: Points;
  /** That the order may use. */
  readonly points: Points;
  /** What they are worth, in major units. */
  readonly money: string;
  /** What stays of the order. */
  readonly toPay: string;
  readonly moneyCurrency: string;
  readonly limitedBy: QuoteLimit;
}

/** How many points of the member an order may use. Promises nothing: the redemption decides again. */
export async function readQuote(parts: QuoteParts, query: QuoteQuery): Promise<Outcome<RedemptionQuote, Problem>> {
  const { program, member } = query;
  const owner = memberKey(program, member);
  const now = parts.clock();
  const policies = (await parts.policiesInForce(program, now)).get(program);
  const asOf = instantFromMillis(now);
  const spending = spendingOf({ policies }, query.currency);
  if (!spending.ok) return spending;
  const { rule, currency } = spending.value;
  const amount = amountOf(rule, { amount: query.order });
  if (!amount.ok) return amount;
  if (rule === undefined) return refuse({ code: 'not_redeemable', detail: 'points have no money value here' });
  const partition = partitionOf(owner, parts.partitions);
  const { accounts } = await parts.reads.accountsOf(program, member, partition, asOf);
  const account = accounts.find((one) => one.currency === currency);
  const spendable = account === undefined || account.frozen !== undefined ? ZERO : balanceAt(account, asOf).available;
  const quote = quoteRedemption(rule, { order: amount.value, tier: await parts.tierOf(owner) }, spendable);
  return accept({
    member,
    currency,
    asOf,
    available: spendable,
    points: quote.points,
    money: formatMoney(quote.money, rule.moneyCurrency),
    toPay: formatMoney(quote.stays, rule.moneyCurrency),
    moneyCurrency: rule.moneyCurrency,
    limitedBy: quote.limitedBy,
  });
}
