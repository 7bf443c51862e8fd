import type { Problem, ProblemCode } from '@jifen/contracts';

/** All that the ledger's deciders refuse with. */
export const REFUSALS = [
  'invalid_request',
  'content_conflict',
  'insufficient_points',
  'account_frozen',
  'member_merged',
  'not_merged',
  'unknown_hold',
  'hold_closed',
  'hold_expired',
  'exceeds_hold',
  'too_many_holds',
  'too_many_lots',
  'unknown_redemption',
  'exceeds_redemption',
  'unknown_transfer',
  'transfer_limit',
  'same_member',
  'unknown_lot',
  'already_expired',
  'nothing_to_change',
] as const satisfies readonly ProblemCode[];
export type RefusalCode = (typeof REFUSALS)[number];

/** A command that is not carried out, and the figures that its caller needs to go on. Nothing is posted. */
export interface Refusal extends Problem {
  readonly code: RefusalCode;
}
