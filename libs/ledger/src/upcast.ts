import type { LedgerEntry } from '@jifen/contracts';
import { assert } from '@jifen/kernel';
import { lotId } from './account.ts';
import { LEDGER_SCHEMA_VERSION } from './events.ts';

/**
 * A stored posting in the shape of today. Shape 1 did not say that a re-rating moves the instant of the award's first lot,
 * its reader knew; shape 2 says so by a movement.
 */
export function upcast(schemaVersion: number, entry: LedgerEntry): LedgerEntry {
  if (schemaVersion === LEDGER_SCHEMA_VERSION) return entry;
  assert(schemaVersion === 1, `a posting of the unknown shape ${schemaVersion}`);
  const { award, granted, earnedAt, reason, lots } = entry;
  if (award === undefined || granted === undefined || earnedAt === undefined || reason === 'earn') return entry;
  return { ...entry, lots: [...lots, { lot: lotId(award, 0), points: 0, earnedAt }] };
}
