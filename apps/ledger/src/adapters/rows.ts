import { instantFromMillis, points, ZERO, type Instant, type Points } from '@jifen/kernel';
import {
  draftAccount,
  lotId,
  NOTHING,
  put,
  type Account,
  type AccountDraft,
  type Done,
  type Frozen,
  type Lot,
  type Merged,
} from '@jifen/ledger';
import { ownerOf } from '../application/owner.ts';

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
  readonly spent: number | null;
  readonly expired: number | null;
  readonly in_flight: number | null;
  /** `Infinity` for 'infinity', as node-postgres reads it. */
  readonly activation_due: Date | number;
  readonly expiry_due: Date | number;
  readonly hold_due: Date | number;
  readonly frozen: string | null;
  readonly merged: string | null;
}

export interface LotRow {
  readonly account: string;
  readonly award: string;
  readonly n: number;
  readonly granted: number;
  readonly remaining: number;
  readonly held: number | null;
  readonly expired: number | null;
  readonly pending: boolean;
  readonly available_at: Date;
  readonly expires_at: Date | number;
  readonly earned_at: Date;
  readonly extended: boolean | null;
  readonly from_lot: string | null;
  readonly award_revision: number | null;
  readonly award_granted: number | null;
  readonly award_forgiven: number | null;
}

export interface DoneRow {
  readonly account: string;
  readonly id: string;
  readonly kind: string;
  readonly points: number | null;
  readonly target: string | null;
  readonly version: number;
}

export const ACCOUNT_COLUMNS =
  'key, partition, version, available, pending, held, debt, net, lifetime, spent, expired, in_flight, activation_due, expiry_due, hold_due, frozen, merged';
export const LOT_COLUMNS =
  'account, award, n, granted, remaining, held, expired, pending, available_at, expires_at, earned_at, extended, from_lot, award_revision, award_granted, award_forgiven';
export const DONE_COLUMNS = 'account, id, kind, points, target, version';

const FOREVER = 'infinity';

export const timestamp = (at: Instant | undefined): string => at ?? FOREVER;
export const instantOf = (date: Date): Instant => instantFromMillis(date.getTime());
const instantOrNever = (value: Date | number): Instant | undefined =>
  value instanceof Date ? instantOf(value) : undefined;
const pointsOrNone = (value: number | null): Points => (value === null ? ZERO : points(value));

export function accountOf(row: AccountRow): AccountDraft {
  const { program, member, currency } = ownerOf(row.key);
  const account = draftAccount(program, member, currency);
  account.version = row.version;
  account.available = points(row.available);
  account.pending = points(row.pending);
  account.held = points(row.held);
  account.debt = points(row.debt);
  account.net = points(row.net);
  account.lifetime = points(row.lifetime);
  account.spent = pointsOrNone(row.spent);
  account.expired = pointsOrNone(row.expired);
  account.inFlight = pointsOrNone(row.in_flight);
  account.activationDue = instantOrNever(row.activation_due);
  account.expiryDue = instantOrNever(row.expiry_due);
  account.holdDue = instantOrNever(row.hold_due);
  account.frozen = row.frozen === null ? undefined : (JSON.parse(row.frozen) as Frozen);
  account.merged = row.merged === null ? undefined : (JSON.parse(row.merged) as Merged);
  account.complete = false;
  return account;
}

export const lotOf = (row: LotRow): Lot => ({
  id: lotId(row.award, row.n),
  award: row.award,
  n: row.n,
  granted: points(row.granted),
  remaining: points(row.remaining),
  held: pointsOrNone(row.held),
  expired: pointsOrNone(row.expired),
  pending: row.pending,
  availableAt: instantOf(row.available_at),
  expiresAt: instantOrNever(row.expires_at),
  earnedAt: instantOf(row.earned_at),
  extended: row.extended ?? false,
  from: row.from_lot ?? undefined,
});

export const doneOf = (row: DoneRow): Done => ({
  id: row.id,
  kind: row.kind,
  points: row.points === null ? undefined : points(row.points),
  target: row.target ?? undefined,
  version: row.version,
});

/** Adds the lots of the rows; `lots` of a standing counts those of its award among them, so all of them must be. */
export function putLots(account: AccountDraft, rows: readonly LotRow[]): void {
  const counts = new Map<string, number>();
  for (const row of rows) {
    account.lots = put(account.lots, lotId(row.award, row.n), lotOf(row));
    counts.set(row.award, Math.max(counts.get(row.award) ?? 0, row.n + 1));
  }
  for (const row of rows) {
    if (row.award_revision === null) continue;
    account.standings = put(account.standings, row.award, {
      revision: row.award_revision,
      granted: points(row.award_granted ?? 0),
      forgiven: points(row.award_forgiven ?? 0),
      lots: counts.get(row.award) ?? 0,
    });
  }
}

/** The account with all of its open lots. */
export function withOpenLots(account: Account, rows: readonly LotRow[]): Account {
  const open: AccountDraft = { ...account, complete: true, lots: NOTHING, standings: NOTHING };
  putLots(open, rows);
  return open;
}
