export interface RetryOptions {
  /** Times that a call is tried in all, from 1. */
  readonly attempts: number;
  /** Upper bound of the first wait; it doubles each time. */
  readonly firstMs: number;
  readonly mostMs: number;
}

export const RETRIES: RetryOptions = { attempts: 5, firstMs: 200, mostMs: 10_000 };

/** Statuses after which the same request may succeed: the route did nothing, or says to ask again. */
const PASSING: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

export const isPassing = (status: number, code: string | undefined): boolean =>
  PASSING.has(status) || code === 'in_progress';

/**
 * Milliseconds before attempt `attempt + 1`: anything up to the doubled bound (full jitter), so that callers who failed together
 * do not come back together; at least what the server asks for, but never above `mostMs`.
 */
export function waitOf(
  { firstMs, mostMs }: RetryOptions,
  attempt: number,
  random: number,
  retryAfterSeconds: number | undefined,
): number {
  const bound = Math.min(mostMs, firstMs * 2 ** (attempt - 1));
  const asked = Math.min(mostMs, (retryAfterSeconds ?? 0) * 1_000);
  return Math.max(asked, Math.floor(random * bound));
}
