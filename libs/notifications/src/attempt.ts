import { unreachable } from '@jifen/kernel';

/** Milliseconds to wait after the first, second, … failed attempt; after the last of them a delivery is dead. */
export type RetrySchedule = readonly number[];

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** As the Standard Webhooks specification suggests: the last try comes about a day and a half after the first. */
export const DEFAULT_SCHEDULE: RetrySchedule = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
];

/** What came of one attempt: an answer, or none. */
export type AttemptResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** The beginning of its body. */
      readonly answer?: string;
      readonly retryAfterMillis?: number;
    }
  | { readonly kind: 'failed'; readonly error: string }
  /** Trying again would end the same. */
  | { readonly kind: 'refused'; readonly error: string };

export type AfterAttempt =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly inMillis: number; readonly reason: string }
  | { readonly kind: 'dead'; readonly reason: string }
  /** The receiver says that it is gone for good: nothing more is sent to the endpoint. */
  | { readonly kind: 'gone'; readonly reason: string };

/** Share of a delay that chance may add, so that a crowd of retries does not come back as a crowd. */
const JITTER = 0.2;
/** A receiver may ask for more patience than the schedule has, up to this. */
const LONGEST_RETRY_AFTER = 24 * HOUR;

const GONE = 410;
const succeeded = (status: number): boolean => status >= 200 && status < 300;

/** `attempts` counts this one; `chance` is a number from 0 up to 1 that the caller draws. */
export function afterAttempt(
  schedule: RetrySchedule,
  attempts: number,
  result: AttemptResult,
  chance: number,
): AfterAttempt {
  switch (result.kind) {
    case 'answered':
      if (succeeded(result.status)) return { kind: 'delivered' };
      if (result.status === GONE) return { kind: 'gone', reason: 'answered 410 Gone' };
      return again(schedule, attempts, `answered ${result.status}`, chance, result.retryAfterMillis ?? 0);
    case 'failed':
      return again(schedule, attempts, result.error, chance, 0);
    case 'refused':
      return { kind: 'dead', reason: result.error };
    default:
      return unreachable(result);
  }
}

function again(
  schedule: RetrySchedule,
  attempts: number,
  reason: string,
  chance: number,
  atLeast: number,
): AfterAttempt {
  const delay = schedule[attempts - 1];
  if (delay === undefined) return { kind: 'dead', reason };
  const spread = Math.round(delay * (1 + JITTER * chance));
  return { kind: 'retry', inMillis: Math.max(spread, Math.min(atLeast, LONGEST_RETRY_AFTER)), reason };
}

/** Seconds or an HTTP date, as RFC 9110 allows for `Retry-After`; `undefined` for anything else. */
export function retryAfterMillis(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND;
  const at = Date.parse(header);
  return Number.isFinite(at) ? Math.max(0, at - now) : undefined;
}
