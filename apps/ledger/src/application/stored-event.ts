import type { LedgerEntry } from '@jifen/contracts';
import type { StoredEvent } from '@jifen/event-store';
import { assert } from '@jifen/kernel';
import { isLedgerEventType, type LedgerEvent } from '@jifen/ledger';

/** A posting as the ledger log has it. Older shapes would be brought up to date here; there is one shape so far. */
export function ledgerEventOf(stored: StoredEvent): LedgerEvent {
  const { type, version, recordedAt, occurredAt, effectiveAt } = stored;
  assert(isLedgerEventType(type), `${stored.log}-${stored.partition}-${stored.position} has the unknown type ${type}`);
  return { type, version, at: recordedAt, occurredAt, effectiveAt, entry: JSON.parse(stored.data) as LedgerEntry };
}
