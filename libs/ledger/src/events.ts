import type { LedgerEntry } from '@jifen/contracts';
import type { Instant } from '@jifen/kernel';

/** Shape of the postings that are written now; `upcast` brings older ones up to it. */
export const LEDGER_SCHEMA_VERSION = 2;

export const LEDGER_EVENT_TYPES = [
  'points.earned',
  'points.activated',
  'points.reversed',
  'points.held',
  'points.hold-captured',
  'points.hold-released',
  'points.redeemed',
  'points.redemption-reversed',
  'points.expired',
  'points.reinstated',
  'points.expiry-extended',
  'points.adjusted',
  'points.transferred-out',
  'points.transferred-in',
  'points.transfer-refused',
  'points.transfer-settled',
  'points.transfer-returned',
  'debt.incurred',
  'debt.repaid',
  'account.frozen',
  'account.unfrozen',
] as const;
export type LedgerEventType = (typeof LEDGER_EVENT_TYPES)[number];

export const isLedgerEventType = (type: string): type is LedgerEventType =>
  (LEDGER_EVENT_TYPES as readonly string[]).includes(type);

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
