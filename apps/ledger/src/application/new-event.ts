import type { NewEvent } from '@jifen/event-store';
import { memberKey } from '@jifen/kernel';
import { accountKey, LEDGER_SCHEMA_VERSION, type LedgerEvent } from '@jifen/ledger';
import type { Envelope } from '@jifen/messaging';

/** The posting as the ledger log keeps it; `cause` is the message that it answers, none when time alone caused it. */
export function newEvent({ type, version, entry, occurredAt, effectiveAt }: LedgerEvent, cause?: Envelope): NewEvent {
  const { program, member, currency } = entry;
  return {
    stream: accountKey(program, member, currency),
    version,
    key: memberKey(program, member),
    type,
    schemaVersion: LEDGER_SCHEMA_VERSION,
    data: JSON.stringify(entry),
    content: entry,
    meta:
      cause === undefined
        ? {}
        : {
            correlationId: cause.correlationid ?? cause.id,
            causationId: cause.id,
            ...(cause.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
          },
    occurredAt,
    effectiveAt,
  };
}
