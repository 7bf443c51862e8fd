import type { LedgerEntry } from '@jifen/contracts';
import type { StoredEvent } from '@jifen/event-store';
import { InvariantError } from '@jifen/kernel';
import { isLedgerEventType, upcast, type LedgerEvent } from '@jifen/ledger';

/** A posting as the ledger log has it, older shapes brought up to date. */
export function ledgerEventOf(stored: Omit<StoredEvent, 'meta' | 'hash' | 'key'>): LedgerEvent {
  const { type, version, recordedAt, occurredAt, effectiveAt } = stored;
  if (!isLedgerEventType(type))
    throw new InvariantError(`${stored.log}-${stored.partition}-${stored.position} has the unknown type ${type}`);
  const entry = upcast(stored.schemaVersion, JSON.parse(stored.data) as LedgerEntry);
  return { type, version, at: recordedAt, occurredAt, effectiveAt, entry };
}
