import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '@jifen/kernel';
import { createPauses } from './pauses.ts';

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
}

/** Starts again what ends, with pauses that grow, until the stop; resolves when nothing is left to be started. */
export async function keepRunning(first: Kept, { say, stopping }: KeepOptions): Promise<void> {
  const pauseAfter = createPauses();
  let current = first;
  let since = performance.now();
  let end = await current.ended;
  while (!stopping.aborted) {
    const pause = pauseAfter(performance.now() - since);
    say(`${current.label} ${end}; it is started again in ${pause / 1000} s.`);
    await sleep(pause, undefined, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted) return;
    since = performance.now();
    try {
      current = await current.again();
      say(`${current.label} runs.`);
      end = await current.ended;
    } catch (error) {
      end = `did not start: ${errorText(error)}`;
    }
  }
}
