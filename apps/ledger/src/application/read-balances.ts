import type { Problem } from '@jifen/contracts';
import { accept, instantFromMillis, parseInstant, refuse, type Instant, type Outcome } from '@jifen/kernel';
import type { Moment } from '@jifen/ledger';
import { decodeCursor, encodeCursor, notOurs } from './cursor.ts';
import { accountsAsOf, momentOf, type HistoryReads, type MomentQuery } from './history.ts';
import { ownerOf } from './owner.ts';
import { viewOf } from './read-balance.ts';
import type { BalanceView } from './views.ts';
import { worthUnder, type PolicyReads } from './worth.ts';

export interface AccountPlace {
  /** `program/member/currency`. */
  readonly key: string;
  /** Version of its stream now. */
  readonly version: number;
}

export interface AccountReads {
  /** In order of the keys, those after the key. */
  accountsAfter(program: string, after: string, limit: number): Promise<readonly AccountPlace[]>;
  /** How many accounts the program has, about: for those who show progress. */
  countAccounts(program: string): Promise<number>;
}

export interface BalancesQuery extends MomentQuery {
  readonly program: string;
  readonly now: number;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface BalancesPage {
  readonly asOf: Instant;
  readonly knownAt: Instant;
  readonly accounts: number;
  readonly data: readonly (BalanceView & { readonly member: string })[];
  readonly next: string | null;
}

interface Place {
  readonly moment: Moment;
  readonly after: string;
  readonly accounts: number;
}

/**
 * Q34: the balances of all members as of one moment, from the log. Without one it is the moment of the first page: the cursor
 * carries it, so that all pages together are of one moment while postings go on.
 */
export async function readBalances(
  reads: AccountReads & HistoryReads & PolicyReads,
  query: BalancesQuery,
): Promise<Outcome<BalancesPage, Problem>> {
  const { program, limit } = query;
  const now = instantFromMillis(query.now);
  const place = query.cursor === undefined ? await firstPlace(reads, query) : placeFrom(query.cursor, program);
  if (!place.ok) return place;
  const { moment, after, accounts } = place.value;
  const worth = worthUnder(await reads.policiesOf(program, now));
  const found = await reads.accountsAfter(program, after, limit + 1);
  const data: (BalanceView & { readonly member: string })[] = [];
  for (const { key, version } of found.slice(0, limit)) {
    const { member, currency } = ownerOf(key);
    const history = await accountsAsOf(reads, { program, member }, new Map([[currency, version]]), moment);
    if (!history.ok) return history;
    for (const account of history.value.accounts) data.push({ member, ...viewOf(account, moment.asOf, worth) });
  }
  const last = found[limit - 1];
  const more = found.length > limit && last !== undefined;
  const next = more ? encodeCursor([moment.asOf, moment.knownAt, last.key, accounts]) : null;
  return accept({ ...moment, accounts, data, next });
}

async function firstPlace(reads: AccountReads, query: BalancesQuery): Promise<Outcome<Place, Problem>> {
  const now = instantFromMillis(query.now);
  const moment = momentOf(query, query.now);
  if (!moment.ok) return moment;
  const accounts = await reads.countAccounts(query.program);
  return accept({ moment: moment.value ?? { asOf: now, knownAt: now }, after: `${query.program}/`, accounts });
}

function placeFrom(text: string, program: string): Outcome<Place, Problem> {
  const decoded = decodeCursor(text);
  const [at, known, after, accounts] = Array.isArray(decoded) ? (decoded as readonly unknown[]) : [];
  const asOf = typeof at === 'string' ? parseInstant(at) : undefined;
  const knownAt = typeof known === 'string' ? parseInstant(known) : undefined;
  const ours = typeof after === 'string' && after.startsWith(`${program}/`) && typeof accounts === 'number';
  if (asOf === undefined || knownAt === undefined || !ours) return refuse(notOurs);
  return accept({ moment: { asOf, knownAt }, after, accounts });
}
