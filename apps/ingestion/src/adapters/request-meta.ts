import type { EventMeta } from '@jifen/event-store';

const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;
const CORRELATION = /^[\x21-\x7e]{1,128}$/;

/**
 * What ties an event to what caused it: the caller's own correlation id, else its trace. Without either the event's own id
 * is the beginning of the chain, and nothing is stored.
 */
export function metaOf(headers: Readonly<Record<string, string | string[] | undefined>>): EventMeta {
  const traceparent = headers['traceparent'];
  const trace = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent) : null;
  const given = headers['x-correlation-id'];
  const correlationId = typeof given === 'string' && CORRELATION.test(given) ? given : trace?.[1];
  return {
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(trace === null ? {} : { traceparent: trace[0] }),
  };
}
