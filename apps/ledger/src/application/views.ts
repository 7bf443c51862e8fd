import type { Balance, Cause, LotMovement } from '@jifen/contracts';
import type { Instant, Points } from '@jifen/kernel';
import type { LotPhase, Sentence } from '@jifen/ledger';
import type { MoneyView } from './worth.ts';

/** One currency of a member at an instant. */
export interface BalanceView {
  readonly currency: string;
  readonly available: Points;
  readonly pending: Points;
  readonly held: Points;
  readonly debt: Points;
  /** available + pending + held − debt. */
  readonly net: Points;
  /** Past their expiry: in no bucket, and in the books until the expiry is posted. */
  readonly lapsed: Points;
  /** Earned and not withdrawn, spent or not. */
  readonly lifetime: Points;
  /** Spent and not given back. */
  readonly spent: Points;
  /** Gone with their expiry and not given back, posted or not. */
  readonly expired: Points;
  /** Net on its way to another member: in no bucket, and back when it is refused there. Below 0 where a merge moves debt. */
  readonly inFlight: number;
  /** All that goes at the next expiry. */
  readonly nextExpiry: { readonly at: Instant; readonly points: Points; readonly worth: MoneyView | null } | null;
  /** What the points are worth under the program in force now, rounded towards zero; null where it states no value. */
  readonly worth: Readonly<Record<'available' | 'pending' | 'held' | 'debt' | 'net', MoneyView | null>> | null;
}

export interface MemberBalance {
  readonly member: string;
  /** The instant that the clock-dependent figures are for. */
  readonly asOf: Instant;
  /** Only what was recorded until then is in it. */
  readonly knownAt: Instant;
  /** Token of the ledger log: all postings up to it are in, none after. */
  readonly asOfPosition: string;
  readonly data: readonly BalanceView[];
  /** Where nothing was ever posted: where to read why. */
  readonly explanation?: { readonly en: string; readonly zh: string };
}

export interface LotView {
  readonly lot: string;
  readonly currency: string;
  readonly award: string;
  readonly granted: Points;
  readonly remaining: Points;
  readonly state: LotPhase | 'empty';
  readonly earnedAt: Instant;
  readonly availableAt: Instant;
  readonly expiresAt: Instant | null;
  /** Of what remains. */
  readonly worth: MoneyView | null;
}

export interface StatementLine {
  readonly id: string;
  readonly type: string;
  readonly currency: string;
  /** Change of the net. */
  readonly points: number;
  /** Of `points`, without their sign, or of `moved` where they are 0. */
  readonly worth: MoneyView | null;
  /** Points that changed bucket or paid debt. */
  readonly moved?: number;
  readonly balance: Balance;
  readonly reason: string;
  readonly award?: string;
  readonly rule?: string;
  readonly cause?: Cause;
  readonly lots: readonly LotMovement[];
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
  readonly effectiveAt: Instant;
  readonly text: Sentence;
}

export interface Page<T> {
  readonly data: readonly T[];
  /** Cursor of the next page; null at the end. */
  readonly next: string | null;
}
