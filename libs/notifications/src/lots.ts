import type { LotMovement } from '@jifen/contracts';

/** What is left of a lot, as far as the postings tell. */
export interface OpenLot {
  readonly points: number;
  /** Absent: never. */
  readonly expiresAt?: string;
  /** Position of the posting that touched it last: a posting counts once, however often it is read. */
  readonly position: number;
}

/**
 * A lot after a posting. `undefined` stays so when the posting only moves points of a lot that was never heard of: it opened
 * before anybody listened, and what is left of it is not known.
 */
export function foldLot(known: OpenLot | undefined, movement: LotMovement, position: number): OpenLot | undefined {
  const { points, availableAt, expiresAt } = movement;
  if (known === undefined) {
    if (availableAt === undefined && expiresAt === undefined) return undefined;
    return { points, position, ...(expiresAt === undefined ? {} : { expiresAt }) };
  }
  if (position <= known.position) return known;
  // With both dates the lot has these now; without them it keeps what it had.
  const expiry = expiresAt ?? (availableAt === undefined ? known.expiresAt : undefined);
  return { points: known.points + points, position, ...(expiry === undefined ? {} : { expiresAt: expiry }) };
}
