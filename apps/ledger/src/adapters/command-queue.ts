import { createCoalescer, OverloadedError } from '@jifen/event-store';
import { ProblemError } from '@jifen/service-host';
import { nameOf } from '../application/answers.ts';
import type { Call, CallOutcome } from '../application/commands/call.ts';
import { MAX_COMMANDS } from '../application/commands/run.ts';

/**
 * One flush at a time: two would hold rows of mostly the same partitions, wait for each other, and be half as large each.
 * After one, those who were answered have a moment to ask again, so that the next is not begun for the first of them alone.
 */
const LINGER_MS = 8;
/** Commands that wait for a flush: some seconds of work. More are answered with "try again". */
const MAX_QUEUED = 10_000;
/** A command that runs longer is stuck: the same key is answered `in_progress` instead of waiting beside it. */
const STUCK_AFTER_MS = 2_000;

export interface CommandQueue {
  submit(call: Call): Promise<CallOutcome>;
  queued(): number;
}

export interface CommandQueueOptions {
  readonly run: (calls: readonly Call[]) => Promise<readonly CallOutcome[]>;
  readonly observe: (commands: number, seconds: number) => void;
}

/** Merges the commands of concurrent requests into few transactions. */
export function createCommandQueue({ run, observe }: CommandQueueOptions): CommandQueue {
  const running = new Map<string, number>();
  const queue = createCoalescer<Call, CallOutcome>({
    maxItems: MAX_COMMANDS,
    maxQueued: MAX_QUEUED,
    lingerMillis: LINGER_MS,
    run: async (calls) => {
      const started = performance.now();
      const outcomes = await run(calls);
      observe(calls.length, (performance.now() - started) / 1_000);
      return outcomes;
    },
  });
  return {
    queued: () => queue.queued(),
    submit: async (call) => {
      const name = nameOf(call);
      const since = running.get(name);
      if (since !== undefined && performance.now() - since > STUCK_AFTER_MS) {
        const detail = 'a command with this key is still running: ask again with the same key';
        throw new ProblemError({ code: 'in_progress', detail });
      }
      if (since === undefined) running.set(name, performance.now());
      try {
        return await queue.submit(call);
      } catch (error) {
        if (!(error instanceof OverloadedError)) throw error;
        const detail = 'too many commands wait already; send it again with the same key';
        throw new ProblemError({ code: 'unavailable', detail });
      } finally {
        if (since === undefined) running.delete(name);
      }
    },
  };
}
