import { setTimeout as sleep } from 'node:timers/promises';
import { errorText, instantFromMillis, type Instant } from '@jifen/kernel';
import { TooMuchHistoryError } from './history.ts';
import type { ClaimedJob, JobTables } from './job.ts';
import { readComparison, simulateHistory, type HistoryParts } from './simulate-history.ts';

/** Work without letting others have a turn; afterwards it rests as long as it worked: half a core at most. */
const SLICE_MS = 5;
const LONGEST_REST_MS = 50;
const SAVE_EVERY_MS = 500;
const STALE_MS = 60_000;
const MAX_RUN_MS = 600_000;

export interface RunnerParts<Sql> extends HistoryParts<Sql> {
  readonly jobs: JobTables<Sql>;
  readonly clock: () => number;
}

class EndedError extends Error {
  override readonly name = 'EndedError';
}

/** Runs the oldest job that waits, if there is one. */
export async function runNextJob<Sql>(parts: RunnerParts<Sql>, signal: AbortSignal): Promise<boolean> {
  const { jobs, sql, clock } = parts;
  const now = (): Instant => instantFromMillis(clock());
  const job = await jobs.claim(sql, now(), instantFromMillis(clock() - STALE_MS));
  if (job === undefined) return false;
  try {
    const report = await simulateHistory(parts, readComparison(job.request), slice(job), controlOf(parts, job, signal));
    await jobs.finish(sql, job.id, now(), { report });
  } catch (error) {
    // Cancelled, or this process ends: then the next one takes it up when it has gone stale.
    if (error instanceof EndedError) return true;
    const known = error instanceof TooMuchHistoryError || error instanceof RangeError;
    await jobs.finish(sql, job.id, now(), { problem: errorText(error) });
    if (!known) throw error;
  }
  return true;
}

const slice = ({ program, request: { since, percent, member } }: ClaimedJob) => ({ program, since, percent, member });

function controlOf<Sql>({ jobs, sql, clock }: RunnerParts<Sql>, { id }: ClaimedJob, signal: AbortSignal) {
  const began = performance.now();
  let [turn, saved] = [began, Number.NEGATIVE_INFINITY];
  let [done, total] = [0, 0];
  const save = async (): Promise<void> => {
    saved = performance.now();
    const goesOn = await jobs.progress(sql, id, instantFromMillis(clock()), done, total);
    if (!goesOn) throw new EndedError('cancelled');
  };
  return {
    signal,
    total: (events: number): void => {
      total = events;
    },
    read: (events: number): void => {
      done += events;
    },
    pause: async (): Promise<void> => {
      if (signal.aborted) throw new EndedError('this process ends');
      const worked = performance.now() - turn;
      if (worked < SLICE_MS) return;
      if (performance.now() - began > MAX_RUN_MS)
        throw new TooMuchHistoryError(
          `took longer than ${MAX_RUN_MS / 60_000} minutes: take fewer days or a smaller percent`,
        );
      if (performance.now() - saved > SAVE_EVERY_MS) await save();
      await sleep(Math.min(worked, LONGEST_REST_MS));
      turn = performance.now();
    },
  };
}
