import { points } from '@jifen/kernel';
import type { Hold, Redemption, Transfer } from '@jifen/ledger';
import { instantOf } from './rows.ts';

export interface HoldRow {
  readonly id: string;
  readonly account: string;
  readonly points: number;
  readonly remaining: number;
  readonly lots: string;
  readonly at: Date;
  readonly expires_at: Date;
  readonly state: Hold['state'];
  readonly reference: string | null;
}

export interface RedemptionRow {
  readonly id: string;
  readonly account: string;
  readonly hold: string | null;
  readonly points: number;
  readonly reversed: number;
  readonly lots: string;
  readonly at: Date;
  readonly reference: string | null;
}

export interface TransferRow {
  readonly id: string;
  readonly account: string;
  readonly kind: Transfer['kind'];
  readonly direction: Transfer['direction'];
  readonly peer: string;
  readonly merge: string | null;
  readonly points: number;
  readonly debt: number;
  readonly lots: string;
  readonly holds: string;
  readonly state: Transfer['state'];
  readonly at: Date;
}

export const HOLD_COLUMNS = 'id, account, points, remaining, lots, at, expires_at, state, reference';
export const REDEMPTION_COLUMNS = 'id, account, hold, points, reversed, lots, at, reference';
export const TRANSFER_COLUMNS = 'id, account, kind, direction, peer, merge, points, debt, lots, holds, state, at';

export const holdOf = (row: HoldRow): Hold => ({
  id: row.id,
  points: points(row.points),
  remaining: points(row.remaining),
  lots: JSON.parse(row.lots) as Hold['lots'],
  at: instantOf(row.at),
  expiresAt: instantOf(row.expires_at),
  state: row.state,
  reference: row.reference ?? undefined,
});

export const redemptionOf = (row: RedemptionRow): Redemption => ({
  id: row.id,
  hold: row.hold ?? undefined,
  points: points(row.points),
  reversed: points(row.reversed),
  lots: JSON.parse(row.lots) as Redemption['lots'],
  at: instantOf(row.at),
  reference: row.reference ?? undefined,
});

/** The key is `transferKey`: of what came in, the sender and the sender's id. */
export const transferOf = (row: TransferRow): Transfer => ({
  id: row.direction === 'in' ? row.id.slice(row.peer.length + 1) : row.id,
  kind: row.kind,
  direction: row.direction,
  peer: row.peer,
  merge: row.merge ?? undefined,
  points: points(row.points),
  debt: points(row.debt),
  lots: JSON.parse(row.lots) as Transfer['lots'],
  holds: JSON.parse(row.holds) as Transfer['holds'],
  state: row.state,
  at: instantOf(row.at),
});
