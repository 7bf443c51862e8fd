import type { Balance } from '@jifen/contracts';
import { memberKey, ZERO, type Instant, type Points } from '@jifen/kernel';
import type { Done, Frozen, Hold, Merged, Redemption, Transfer } from './records.ts';

/** One credit, with its own expiry and remainder. `id` is `<awardId>#<n>`, n counted from 0 per award. */
export interface Lot {
  readonly id: string;
  readonly award: string;
  readonly n: number;
  readonly granted: Points;
  /** Not spent, not lapsed by a posting; `held` of it is set aside. */
  readonly remaining: Points;
  /** What open holds keep of the remainder. */
  readonly held: Points;
  /** Posted as lapsed and not reinstated. */
  readonly expired: Points;
  /**
   * Booked as pending: what is not held of it counts in `account.pending` until its activation is booked. An emptied lot is
   * not pending.
   */
  readonly pending: boolean;
  readonly availableAt: Instant;
  readonly expiresAt: Instant | undefined;
  readonly earnedAt: Instant;
  /** Its expiry was put off by hand: a later rating may put it off further, but not shorten it. */
  readonly extended: boolean;
  /** The lot of another account that it came from. */
  readonly from: string | undefined;
}

/** What the ledger knows of an award beside its lots. */
export interface Standing {
  /** Revision of the rating that it last posted for. */
  readonly revision: number;
  /** The target that it last posted for. */
  readonly granted: Points;
  /** What of its falls was left with the member by policy; a later rise gives it first, so that it is never paid twice. */
  readonly forgiven: Points;
  /** Lots opened so far. */
  readonly lots: number;
}

/**
 * One member's points in one currency, as booked. Σ remaining of the lots = available + pending + held, and
 * net = that − debt = Σ points of all postings. Time is taken into account by `balanceAt`, and by booking what fell due
 * before anything else is decided.
 *
 * The maps may hold a part: `needsOf(command)` says what of them a decision must have in hand. A full fold has all.
 */
export interface Account {
  readonly program: string;
  readonly member: string;
  readonly currency: string;
  /** Version of the last event of its stream; 0 when it has none. */
  readonly version: number;
  readonly available: Points;
  readonly pending: Points;
  readonly held: Points;
  readonly debt: Points;
  readonly net: Points;
  /** Σ granted of all awards: what was earned and not withdrawn, spent or not. */
  readonly lifetime: Points;
  /** Σ redeemed less what was given back. */
  readonly spent: Points;
  /** Σ expired of the lots. */
  readonly expired: Points;
  /** Net that left by transfers whose other end has not answered yet: Σ net + Σ inFlight of all accounts only changes by what is earned, spent, adjusted or expires. */
  readonly inFlight: Points;
  /** No pending lot becomes available before it; absent when nothing is pending. */
  readonly activationDue: Instant | undefined;
  /** No lot lapses before it; absent when none will. */
  readonly expiryDue: Instant | undefined;
  /** No hold ends by itself before it; absent when nothing is held. */
  readonly holdDue: Instant | undefined;
  readonly frozen: Frozen | undefined;
  /** The account has been merged into another member's: whatever comes to it is sent on. */
  readonly merged: Merged | undefined;
  /** All open lots and open holds are in hand, not only those of the awards in question. */
  readonly complete: boolean;
  readonly standings: ReadonlyMap<string, Standing>;
  /** By lot id. */
  readonly lots: ReadonlyMap<string, Lot>;
  readonly holds: ReadonlyMap<string, Hold>;
  readonly redemptions: ReadonlyMap<string, Redemption>;
  /** By `transferKey`. */
  readonly transfers: ReadonlyMap<string, Transfer>;
  /** By command id. */
  readonly done: ReadonlyMap<string, Done>;
}

/** Stream of the account in the ledger log. */
export const accountKey = (program: string, member: string, currency: string): string =>
  `${memberKey(program, member)}/${currency}`;

/** An account that is being put together: nobody else has it yet. What goes into its maps goes there by `put`. */
export type AccountDraft = { -readonly [Field in keyof Account]: Account[Field] };

/** Most accounts have nothing of most kinds: a map for each would be most of what an account takes. */
export const NOTHING: ReadonlyMap<string, never> = new Map<string, never>();

/** The map of an account that is being put together, with one more. */
export const put = <Value>(map: ReadonlyMap<string, Value>, id: string, value: Value): ReadonlyMap<string, Value> =>
  (map === NOTHING ? new Map<string, Value>() : (map as Map<string, Value>)).set(id, value);

export const openAccount = (program: string, member: string, currency: string): Account =>
  draftAccount(program, member, currency);

/** An account without any posting, to be filled with what is stored of it. */
export const draftAccount = (program: string, member: string, currency: string): AccountDraft => ({
  program,
  member,
  currency,
  version: 0,
  available: ZERO,
  pending: ZERO,
  held: ZERO,
  debt: ZERO,
  net: ZERO,
  lifetime: ZERO,
  spent: ZERO,
  expired: ZERO,
  inFlight: ZERO,
  activationDue: undefined,
  expiryDue: undefined,
  holdDue: undefined,
  frozen: undefined,
  merged: undefined,
  complete: true,
  standings: NOTHING,
  lots: NOTHING,
  holds: NOTHING,
  redemptions: NOTHING,
  transfers: NOTHING,
  done: NOTHING,
});

export const lotId = (award: string, n: number): string => `${award}#${n}`;

export const bookedBalance = (account: Account): Balance => ({
  available: account.available,
  pending: account.pending,
  held: account.held,
  debt: account.debt,
});

export const lotsOfAward = (account: Account, award: string): readonly Lot[] => {
  const found: Lot[] = [];
  const count = account.standings.get(award)?.lots ?? 0;
  for (let n = 0; n < count; n++) {
    const lot = account.lots.get(lotId(award, n));
    if (lot !== undefined) found.push(lot);
  }
  return found;
};
