import type { LedgerEntry } from '@jifen/contracts';
import type { Instant } from '@jifen/kernel';

/**
 * The movements that the fold understands. `points.redeemed` is folded, but nothing decides it yet: spending has its
 * own deciders, and they need no other fold.
 */
export const LEDGER_EVENT_TYPES = [
  'points.earned',
  'points.activated',
  'points.reversed',
  'points.redeemed',
  'debt.incurred',
  'debt.repaid',
] as const;
export type LedgerEventType = (typeof LEDGER_EVENT_TYPES)[number];

export const isLedgerEventType = (type: string): type is LedgerEventType =>
  (LEDGER_EVENT_TYPES as readonly string[]).includes(type);

/** Why a posting was made: the closed list of `LedgerEntry.reason`. */
export const REASONS = ['earn', 're-rating', 'withdrawn', 'activation', 'debt'] as const;
export type Reason = (typeof REASONS)[number];

/** One posting, at the place `version` of the account's stream, decided at `at` (its `recordedAt`). */
export interface LedgerEvent {
  readonly type: LedgerEventType;
  readonly version: number;
  readonly at: Instant;
  /** When it counts: for points earned, when they become available. */
  readonly effectiveAt: Instant;
  /** When what caused it happened. */
  readonly occurredAt: Instant;
  readonly entry: LedgerEntry;
}
