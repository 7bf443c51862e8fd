import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { BackgroundTask } from '../service.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

export interface RunningTask {
  stop(): Promise<void>;
}

/** Runs until stopped; a throw is logged and, after a growing pause, the task starts again. */
export function runInBackground(task: BackgroundTask, logger: Logger): RunningTask {
  const closing = new AbortController();
  const { signal } = closing;
  const loop = async (): Promise<void> => {
    for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        await task.run(signal);
        if (!signal.aborted) logger.warn({ task: task.name }, 'a background task ended by itself');
      } catch (error) {
        if (signal.aborted) return;
        logger.error({ err: error, task: task.name, retryInMs: pause }, 'a background task failed');
      }
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  };
  const running = loop();
  return {
    stop: async () => {
      closing.abort();
      await running;
    },
  };
}
