import type { Precedence } from '@jifen/messaging';
import { createCoalescer, OverloadedError, type Coalescer } from '@jifen/event-store';
import { ProblemError } from '@jifen/service-host';
import { MAX_FLUSH } from '../application/accept.ts';
import type { Receipt, Submission } from '../application/submission.ts';
import type { Accept, IngestionMetrics } from './metrics.ts';

/** One commits while the next is read and decided. */
const FLUSHES_AT_ONCE = 2;
/** Records that wait for a flush: some seconds of work. More are answered with "try again". */
const MAX_QUEUED = 20_000;

export interface AcceptQueue {
  readonly accept: Accept;
  close(): Promise<void>;
}

/** Merges the records of concurrent requests into few transactions. */
export function createAcceptQueue(accept: Accept, metrics: IngestionMetrics, precedence: Precedence): AcceptQueue {
  const queue: Coalescer<Submission, Receipt> = createCoalescer({
    maxItems: () => precedence.shareOf(MAX_FLUSH),
    maxQueued: MAX_QUEUED,
    maxRuns: FLUSHES_AT_ONCE,
    run: async (submissions) => {
      const started = performance.now();
      const receipts = await accept(submissions);
      metrics.flushed(submissions.length, (performance.now() - started) / 1000);
      metrics.counted(submissions, receipts);
      return receipts;
    },
  });
  return {
    accept: async (submissions) => {
      try {
        return await queue.submitAll(submissions);
      } catch (error) {
        if (!(error instanceof OverloadedError)) throw error;
        const detail = 'too much is waiting; send it again, what was taken already counts once';
        throw new ProblemError({ code: 'unavailable', detail });
      }
    },
    close: () => queue.close(),
  };
}
