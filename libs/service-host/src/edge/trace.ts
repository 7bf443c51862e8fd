import { randomBytes } from 'node:crypto';

/** W3C trace context, version 00. */
export interface Trace {
  readonly traceId: string;
  readonly traceparent: string;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const ZERO = /^0+$/;

const format = (traceId: string, flags: string): Trace => ({
  traceId,
  traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-${flags}`,
});

/** Goes on with the caller's trace under a span of ours; a missing or broken header starts a new one. */
export function traceOf(header: string | undefined): Trace {
  const match = header === undefined ? null : TRACEPARENT.exec(header);
  const [, traceId = '', parent = '', flags = ''] = match ?? [];
  if (match === null || ZERO.test(traceId) || ZERO.test(parent)) return format(randomBytes(16).toString('hex'), '01');
  return format(traceId, flags);
}
