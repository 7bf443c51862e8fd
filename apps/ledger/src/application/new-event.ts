import type { EventMeta, NewEvent } from '@jifen/event-store';
import { memberKey } from '@jifen/kernel';
import { accountKey, LEDGER_SCHEMA_VERSION, type LedgerEvent } from '@jifen/ledger';
import type { Envelope } from '@jifen/messaging';

/** Where a posting comes from when it answers a message. */
export const metaOf = ({ id, correlationid = id, traceparent }: Envelope): EventMeta => ({
  correlationId: correlationid,
  causationId: id,
  ...(traceparent === undefined ? {} : { traceparent }),
});

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
