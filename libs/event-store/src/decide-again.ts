import { ConcurrencyError, UnknownOutcomeError } from './errors.ts';

const MAX_ATTEMPTS = 8;

/** Somebody else wrote first, or nobody knows whether it landed. */
export const isOvertaken = (error: unknown): boolean =>
  error instanceof ConcurrencyError || error instanceof UnknownOutcomeError;

/**
 * Decides anew, by what is there by then, as often as somebody else was faster; the last error is thrown. What landed unseen
 * is for the next attempt to find and to answer as it was.
 */
export async function decideAgain<T>(decide: () => Promise<T>, overtaken = isOvertaken): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await decide();
    } catch (error) {
      if (!overtaken(error) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

export interface Halving<T, R> {
  /** All or nothing of some. */
  readonly attempt: (some: readonly T[]) => Promise<R>;
  /** Whether an error may be the fault of one, so that its neighbours need not fail with it; any other one is thrown. */
  readonly mayBeOnes: (error: unknown) => boolean;
  /** For the one at fault. */
  readonly alone: (one: T, error: unknown) => Promise<R>;
}

/** Halves what fails until the one at fault is alone, and the others go through. Answers what came of each part, in order. */
export async function inHalves<T, R>(all: readonly T[], how: Halving<T, R>): Promise<readonly R[]> {
  try {
    return [await how.attempt(all)];
  } catch (error) {
    const [only] = all;
    if (only === undefined || !how.mayBeOnes(error)) throw error;
    if (all.length === 1) return [await how.alone(only, error)];
    const middle = all.length >> 1;
    const first = await inHalves(all.slice(0, middle), how);
    return [...first, ...(await inHalves(all.slice(middle), how))];
  }
}
