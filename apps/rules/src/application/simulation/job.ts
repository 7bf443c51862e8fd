import type { Instant } from '@jifen/kernel';
import type { NamedDocument } from '../program-versions.ts';
import type { HistoryReport } from './simulate-history.ts';

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** What a job simulates: documents as they were when it was asked for, so that a later draft changes nothing. */
export interface JobRequest {
  readonly candidate: NamedDocument;
  readonly baseline: NamedDocument;
  readonly since?: Instant | undefined;
  readonly percent: number;
  readonly member?: string | undefined;
}

export interface Job {
  readonly id: string;
  readonly program: string;
  readonly state: JobState;
  readonly requestedBy: string;
  readonly requestedByName: string;
  readonly createdAt: Instant;
  readonly finishedAt?: Instant | undefined;
  /** Events read, of how many there are. */
  readonly done: number;
  readonly total: number;
  readonly report?: HistoryReport | undefined;
  /** Why it failed. */
  readonly problem?: string | undefined;
}

export type NewJob = Pick<Job, 'id' | 'program' | 'requestedBy' | 'requestedByName' | 'createdAt'> & {
  readonly request: JobRequest;
};

export interface ClaimedJob {
  readonly id: string;
  readonly program: string;
  readonly request: JobRequest;
}

/** Jobs and their reports: the only rows that a simulation writes. */
export interface JobTables<Sql> {
  /** Answers false when the program has as many waiting as it may; drops the oldest finished ones beyond what is kept. */
  insert(sql: Sql, job: NewJob, limits: { readonly waiting: number; readonly kept: number }): Promise<boolean>;
  find(sql: Sql, program: string, id: string): Promise<Job | undefined>;
  list(sql: Sql, program: string, limit: number): Promise<readonly Job[]>;
  /** The oldest that waits, or that nobody has worked on since `staleBefore`. */
  claim(sql: Sql, now: Instant, staleBefore: Instant): Promise<ClaimedJob | undefined>;
  /** Answers false when the job is no longer to be worked on. */
  progress(sql: Sql, id: string, now: Instant, done: number, total: number): Promise<boolean>;
  finish(
    sql: Sql,
    id: string,
    now: Instant,
    end: { readonly report: HistoryReport } | { readonly problem: string },
  ): Promise<void>;
  /** Answers whether there was something to cancel. */
  cancel(sql: Sql, program: string, id: string, now: Instant): Promise<boolean>;
}
