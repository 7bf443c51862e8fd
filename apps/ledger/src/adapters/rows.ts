import { instantFromMillis, points, ZERO, type Instant } from '@jifen/kernel';
import { ownerOf } from '../application/owner.ts';
import { lotId, openAccount, type Account, type Lot, type Standing } from '@jifen/ledger';

export interface AccountRow {
  readonly key: string;
  readonly partition: number;
  readonly version: number;
  readonly available: number;
  readonly pending: number;
  readonly held: number;
  readonly debt: number;
  readonly net: number;
  readonly lifetime: number;
  /** `Infinity` for 'infinity', as node-postgres reads it. */
  readonly activation_due: Date | number;
}

export interface LotRow {
  readonly account: string;
  readonly award: string;
  readonly n: number;
  readonly granted: number;
  readonly remaining: number;
  readonly pending: boolean;
  readonly available_at: Date;
  readonly expires_at: Date | number;
  readonly earned_at: Date;
  readonly award_revision: number | null;
  readonly award_granted: number | null;
  readonly award_forgiven: number | null;
}

export const ACCOUNT_COLUMNS = 'key, partition, version, available, pending, held, debt, net, lifetime, activation_due';
export const LOT_COLUMNS =
  'account, award, n, granted, remaining, pending, available_at, expires_at, earned_at, award_revision, award_granted, award_forgiven';

const FOREVER = 'infinity';

export const timestamp = (at: Instant | undefined): string => at ?? FOREVER;
const instantOf = (date: Date): Instant => instantFromMillis(date.getTime());
const instantOrNever = (value: Date | number): Instant | undefined =>
  value instanceof Date ? instantOf(value) : undefined;

export const accountOf = (row: AccountRow): Account => ({
  ...emptyAccount(row.key),
  version: row.version,
  available: points(row.available),
  pending: points(row.pending),
  held: points(row.held),
  debt: points(row.debt),
  net: points(row.net),
  lifetime: points(row.lifetime),
  activationDue: instantOrNever(row.activation_due),
  complete: false,
});

function emptyAccount(key: string): Account {
  const { program, member, currency } = ownerOf(key);
  return openAccount(program, member, currency);
}

export const lotOf = (row: LotRow): Lot => ({
  id: lotId(row.award, row.n),
  award: row.award,
  n: row.n,
  granted: points(row.granted),
  remaining: points(row.remaining),
  held: ZERO,
  expired: ZERO,
  pending: row.pending,
  availableAt: instantOf(row.available_at),
  expiresAt: instantOrNever(row.expires_at),
  earnedAt: instantOf(row.earned_at),
  extended: false,
  from: undefined,
});

/** The account with the lots of the rows; `lots` of a standing counts those in hand, so all of an award's must be. */
export function withLots(account: Account, rows: readonly LotRow[], complete: boolean): Account {
  const lots = new Map(account.lots);
  const standings = new Map<string, Standing>(account.standings);
  const counts = new Map<string, number>();
  for (const row of rows) {
    lots.set(lotId(row.award, row.n), lotOf(row));
    counts.set(row.award, Math.max(counts.get(row.award) ?? 0, row.n + 1));
  }
  for (const row of rows) {
    if (row.award_revision === null) continue;
    standings.set(row.award, {
      revision: row.award_revision,
      granted: points(row.award_granted ?? 0),
      forgiven: points(row.award_forgiven ?? 0),
      lots: counts.get(row.award) ?? 0,
    });
  }
  return { ...account, complete, lots, standings };
}
