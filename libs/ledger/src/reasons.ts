/** Why an operator moves points by hand. */
export const ADJUSTMENT_REASONS = [
  'correction',
  'goodwill',
  'compensation',
  'promotion',
  'fraud',
  'migration',
  'other',
] as const;
export type AdjustmentReason = (typeof ADJUSTMENT_REASONS)[number];

/** Why spending is stopped, or allowed again. `breach` is the platform's own: books that did not add up. */
export const FREEZE_REASONS = ['fraud', 'request', 'audit', 'breach', 'correction', 'other'] as const;
export type FreezeReason = (typeof FREEZE_REASONS)[number];

/** Why a posting was made: the closed list of `LedgerEntry.reason` (Q32). */
export const REASONS = [
  'earn',
  're-rating',
  'withdrawn',
  'activation',
  'debt',
  'hold',
  'capture',
  'release',
  'hold-lapsed',
  'redeem',
  'reversal',
  'expiry',
  'extension',
  'reinstatement',
  'transfer',
  'merge',
  'unmerge',
  'import',
  'correction',
  'goodwill',
  'compensation',
  'promotion',
  'fraud',
  'migration',
  'request',
  'audit',
  'breach',
  'member-removed',
  'other',
] as const;
export type Reason = (typeof REASONS)[number];
