import type { Problem } from '@jifen/contracts';
import { accept, instantFromMillis, parseInstant, refuse, type Instant, type Outcome } from '@jifen/kernel';
import { accountKey, phaseOf, type Account, type Lot } from '@jifen/ledger';
import { decodeCursor, encodeCursor, notOurs } from './cursor.ts';
import { accountsAsOf, momentOf, noInstant, type HistoryReads, type MomentQuery } from './history.ts';
import { isIn, rangesOf, type LotRanges, type LotState } from './lot-filter.ts';
import { noAccount } from './read-balance.ts';
import type { LotView, Page } from './views.ts';
import { worthUnder, type PolicyReads, type Worth } from './worth.ts';

/** Place of a lot in the order of spending: soonest expiry first, never-expiring last, then the oldest. */
export interface LotPlace {
  readonly expiresAt: Instant | undefined;
  readonly earnedAt: Instant;
  readonly account: string;
  readonly award: string;
  readonly n: number;
}

export type LotOf = Lot & { readonly account: string };

export interface LotsPage {
  readonly ranges: LotRanges;
  readonly limit: number;
  readonly after: LotPlace | undefined;
}

export interface LotReads {
  lotsOf(program: string, member: string, page: LotsPage): Promise<readonly LotOf[]>;
}

export interface LotsQuery extends MomentQuery {
  readonly program: string;
  readonly member: string;
  readonly now: number;
  readonly limit: number;
  readonly state: LotState;
  readonly currency?: string | undefined;
  readonly award?: string | undefined;
  readonly expiresBy?: string | undefined;
  readonly cursor?: string | undefined;
  readonly waited: boolean;
}

/** The member's lots in the order in which they will be spent: now, or as they stood at another moment. */
export async function readLots(
  reads: LotReads & HistoryReads & PolicyReads,
  query: LotsQuery,
): Promise<Outcome<Page<LotView>, Problem>> {
  const { program, member, limit, cursor, waited } = query;
  const now = instantFromMillis(query.now);
  const after = cursor === undefined ? undefined : placeFrom(cursor);
  if (cursor !== undefined && after === undefined) return refuse(notOurs);
  const moment = momentOf(query, query.now);
  if (!moment.ok) return moment;
  const expiresBy = query.expiresBy === undefined ? undefined : parseInstant(query.expiresBy);
  if (query.expiresBy !== undefined && expiresBy === undefined) return refuse(noInstant('/expiresBy'));
  const at = moment.value?.asOf ?? now;
  const { state, currency, award } = query;
  const page = { ranges: rangesOf({ state, currency, award, expiresBy }, at), limit: limit + 1, after };
  const worth = worthUnder(await reads.policiesOf(program, now));
  let lots: readonly LotOf[];
  if (moment.value === undefined) {
    lots = await reads.lotsOf(program, member, page);
    if (lots.length === 0 && !waited && (await reads.versionsOf(program, member)).size === 0)
      return refuse(noAccount(member));
  } else {
    const versions = await reads.versionsOf(program, member);
    if (versions.size === 0 && !waited) return refuse(noAccount(member));
    const asked = new Map([...versions].filter(([code]) => currency === undefined || code === currency));
    const history = await accountsAsOf(reads, { program, member }, asked, moment.value);
    if (!history.ok) return history;
    lots = pageOf(history.value.accounts, page);
  }
  const shown = lots.slice(0, limit);
  const last = shown.at(-1);
  return accept({
    data: shown.map((lot) => viewOf(lot, at, worth)),
    next: lots.length > limit && last !== undefined ? encodeCursor(cursorOf(last)) : null,
  });
}

function pageOf(accounts: readonly Account[], { ranges, limit, after }: LotsPage): readonly LotOf[] {
  return accounts
    .flatMap((account) => {
      const key = accountKey(account.program, account.member, account.currency);
      return [...account.lots.values()]
        .filter((lot) => isIn(ranges, lot, account.currency))
        .map((lot) => ({ ...lot, account: key }));
    })
    .filter((lot) => after === undefined || byPlace(lot, after) > 0)
    .sort(byPlace)
    .slice(0, limit);
}

/** As the live list is sorted by its database. */
function byPlace(a: LotPlace, b: LotPlace): number {
  if (a.expiresAt !== b.expiresAt) {
    if (a.expiresAt === undefined) return 1;
    if (b.expiresAt === undefined) return -1;
    return a.expiresAt < b.expiresAt ? -1 : 1;
  }
  if (a.earnedAt !== b.earnedAt) return a.earnedAt < b.earnedAt ? -1 : 1;
  if (a.account !== b.account) return a.account < b.account ? -1 : 1;
  if (a.award !== b.award) return a.award < b.award ? -1 : 1;
  return a.n - b.n;
}

const cursorOf = (lot: LotPlace): unknown => [lot.expiresAt ?? null, lot.earnedAt, lot.account, lot.award, lot.n];

function placeFrom(text: string): LotPlace | undefined {
  const decoded = decodeCursor(text);
  if (!Array.isArray(decoded)) return undefined;
  const [expires, earned, account, award, n] = decoded as readonly unknown[];
  const earnedAt = typeof earned === 'string' ? parseInstant(earned) : undefined;
  const expiresAt = typeof expires === 'string' ? parseInstant(expires) : undefined;
  if (earnedAt === undefined || (expires !== null && expiresAt === undefined)) return undefined;
  if (typeof account !== 'string' || typeof award !== 'string') return undefined;
  if (typeof n !== 'number' || !Number.isInteger(n) || n < 0 || n > 0x7fffffff) return undefined;
  return { expiresAt, earnedAt, account, award, n };
}

function viewOf(lot: LotOf, now: Instant, worth: Worth): LotView {
  const { id, award, granted, remaining, earnedAt, availableAt, expiresAt } = lot;
  const currency = lot.account.slice(lot.account.lastIndexOf('/') + 1);
  return {
    lot: id,
    currency,
    award,
    granted,
    remaining,
    state: remaining === 0 ? 'empty' : phaseOf(lot, now),
    earnedAt,
    availableAt,
    expiresAt: expiresAt ?? null,
    worth: worth(currency, remaining) ?? null,
  };
}
