import { BACKOFF_MAX_MS, BACKOFF_MIN_MS } from './settings.ts';

/** Doubles from 50 ms to 5 s. */
export const backoffMs = (failures: number): number =>
  Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** Math.min(Math.max(0, failures - 1), 10));

export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
