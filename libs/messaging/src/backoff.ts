export interface BackoffLimits {
  readonly firstMillis: number;
  readonly maxMillis: number;
}

export const BACKOFF: BackoffLimits = { firstMillis: 50, maxMillis: 2_000 };

const MAX_DOUBLINGS = 20;

/** Wait before try number `failures + 1`: doubling, bounded, the upper half of it by chance so that members do not march in step. */
export function backoffMillis(failures: number, limits: BackoffLimits, chance: number): number {
  const doublings = Math.min(Math.max(failures - 1, 0), MAX_DOUBLINGS);
  const full = Math.min(limits.maxMillis, limits.firstMillis * 2 ** doublings);
  return full / 2 + (full / 2) * chance;
}
