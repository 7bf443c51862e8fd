import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '@jifen/kernel';
import { CALM_MS, createPauses } from './pauses.ts';

/** Something that runs until it ends, wanted or not. */
export interface Kept {
  /** For who reads: `ledger (process 4711)`. */
  readonly label: string;
  /** Resolves with what became of it: `ended with SIGKILL`. */
  readonly ended: Promise<string>;
  /** Starts what takes its place. */
  again(): Promise<Kept>;
}

export interface KeepOptions {
  readonly say: (line: string) => void;
  readonly stopping: AbortSignal;
  /** Ends in a row, none of them after a calm time, at which it is given up; never when left out. */
  readonly maxEnds?: number;
}

/**
 * Starts again what ends, with pauses that grow, until the stop; resolves when nothing is left to be started, with the last end
 * where it was given up.
 */
export async function keepRunning(first: Kept, { say, stopping, maxEnds }: KeepOptions): Promise<string | undefined> {
  const pauseAfter = createPauses();
  let current = first;
  let since = performance.now();
  let end = await current.ended;
  let ranMs = performance.now() - since;
  for (let ends = 1; !stopping.aborted; ends++) {
    if (ranMs > CALM_MS) ends = 1;
    if (ends === maxEnds) return `${current.label} ${end}`;
    const pause = pauseAfter(ranMs);
    say(`${current.label} ${end}; it is started again in ${pause / 1000} s.`);
    await sleep(pause, undefined, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted) return undefined;
    ranMs = 0;
    try {
      current = await current.again();
      since = performance.now();
      say(`${current.label} runs.`);
      end = await current.ended;
      ranMs = performance.now() - since;
    } catch (error) {
      end = `did not start: ${errorText(error)}`;
    }
  }
  return undefined;
}
