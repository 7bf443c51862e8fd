import type { Instant, Points } from '@jifen/kernel';
import type { FreezeReason } from './reasons.ts';

/** Points of one lot. */
export interface LotShare {
  readonly lot: string;
  readonly points: Points;
}

/** Points set aside. While it is open, `lots` say what of which lots; their sum is `remaining`. */
export interface Hold {
  readonly id: string;
  /** Reserved at first. */
  readonly points: Points;
  readonly remaining: Points;
  readonly lots: readonly LotShare[];
  readonly at: Instant;
  /** It is open while now < expiresAt, whatever has been booked. */
  readonly expiresAt: Instant;
  /** How what was left of it ended; `moved`: it went to another member with a merge, or back. */
  readonly state: 'open' | 'captured' | 'released' | 'lapsed' | 'moved';
  readonly reference: string | undefined;
}

/** Points of one lot that were spent, and what of them came back. */
export interface SpentShare extends LotShare {
  readonly returned: Points;
}

/** Points that were spent, by the very lots (Q14). */
export interface Redemption {
  readonly id: string;
  /** The hold that it captured. */
  readonly hold: string | undefined;
  readonly points: Points;
  readonly reversed: Points;
  readonly lots: readonly SpentShare[];
  readonly at: Instant;
  readonly reference: string | undefined;
}

/** One end of a transfer, of a merge or of an unmerge. */
export interface Transfer {
  readonly id: string;
  readonly kind: 'transfer' | 'merge' | 'unmerge';
  readonly direction: 'out' | 'in';
  readonly peer: string;
  /** The merge that it belongs to. */
  readonly merge: string | undefined;
  /** Points that move, held ones included. */
  readonly points: Points;
  readonly debt: Points;
  /** This account's own lots; of an `in`, with the sender's lot that each came from. */
  readonly lots: readonly (LotShare & { readonly from?: string })[];
  /** Ids of the holds that move. */
  readonly holds: readonly string[];
  readonly state: 'in-flight' | 'settled' | 'returned' | 'received' | 'refused';
  readonly at: Instant;
}

/** Under what an account keeps a transfer: ids are the sender's, so two senders may use the same one. */
export const transferKey = (direction: Transfer['direction'], peer: string, id: string): string =>
  direction === 'out' ? id : `${peer}/${id}`;

/** Under what a leg may be kept, whichever way it went. */
export const transferKeys = ({ peer, id }: Pick<Transfer, 'peer' | 'id'>): readonly string[] => [
  transferKey('out', peer, id),
  transferKey('in', peer, id),
];

/** A command that was carried out. */
export interface Done {
  readonly id: string;
  readonly kind: string;
  readonly points: Points | undefined;
  /** The hold, redemption, merge or member that it was about. */
  readonly target: string | undefined;
  /** Version of the posting that answered it first. */
  readonly version: number;
}

export interface Frozen {
  readonly at: Instant;
  readonly reason: FreezeReason;
  readonly actor: string;
  readonly note: string | undefined;
}

export interface Merged {
  /** Id of the merge. */
  readonly id: string;
  /** The member that has everything now. */
  readonly into: string;
}
