import type { EventMeta, NewEvent } from '@jifen/event-store';
import { memberKey } from '@jifen/kernel';
import { accountKey, LEDGER_SCHEMA_VERSION, type LedgerEvent } from '@jifen/ledger';

/** The posting as the ledger log keeps it; no `meta` when time alone caused it. */
export function newEvent({ type, version, entry, occurredAt, effectiveAt }: LedgerEvent, meta: EventMeta): NewEvent {
  const { program, member, currency } = entry;
  return {
    stream: accountKey(program, member, currency),
    version,
    key: memberKey(program, member),
    type,
    schemaVersion: LEDGER_SCHEMA_VERSION,
    data: JSON.stringify(entry),
    content: entry,
    meta,
    occurredAt,
    effectiveAt,
  };
}
