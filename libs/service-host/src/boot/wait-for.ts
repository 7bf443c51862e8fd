import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '@jifen/kernel';
import type { Logger } from 'pino';

/** What a start needs was not there in time, or does not let us in; the message says all. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

export interface Waiting {
  /** What is waited for, in the log. */
  readonly what: string;
  /** How long tries are made at most. */
  readonly forMillis: number;
  /** Whether the failure says that it is not there yet; any other is thrown at once. */
  readonly isAway: (error: unknown) => boolean;
  readonly logger: Pick<Logger, 'warn'>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** Tries until it works: what a process needs at its start may be starting itself. */
export async function waitFor<T>({ what, forMillis, isAway, logger }: Waiting, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      const left = forMillis - (performance.now() - started);
      if (!isAway(error)) throw error;
      if (left <= 0)
        throw new UnreachableError(`${what} did not answer in time: ${errorText(error)}`, { cause: error });
      logger.warn({ reason: String(error), givesUpInMs: Math.round(left) }, `${what} is not there yet, trying again`);
      await sleep(Math.min(pause, left));
    }
  }
}
