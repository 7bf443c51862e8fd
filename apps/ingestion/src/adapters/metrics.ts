import { Counter, Histogram, type Registry } from 'prom-client';
import type { Receipt, Submission } from '../application/submission.ts';

export type Accept = (submissions: readonly Submission[]) => Promise<readonly Receipt[]>;

const RECORDS = [1, 2, 5, 10, 25, 50, 100, 250, 500];
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export interface IngestionMetrics {
  /** Counts what became of the records, by whichever door they came. */
  counted(submissions: readonly Submission[], receipts: readonly Receipt[]): void;
  /** A flush of so many records took so long. */
  flushed(records: number, seconds: number): void;
}

export function createMetrics(registry: Registry): IngestionMetrics {
  const registers = [registry];
  const records = new Counter({
    name: 'jifen_ingestion_records_total',
    help: 'Records by kind, door and what became of them',
    labelNames: ['kind', 'via', 'outcome'],
    registers,
  });
  const rejected = new Counter({
    name: 'jifen_ingestion_rejected_total',
    help: 'Rejected records by problem code',
    labelNames: ['kind', 'code'],
    registers,
  });
  const size = new Histogram({
    name: 'jifen_ingestion_flush_records',
    help: 'Records of one transaction',
    buckets: RECORDS,
    registers,
  });
  const seconds = new Histogram({
    name: 'jifen_ingestion_flush_seconds',
    help: 'Time of one flush, from reading the records to the commit',
    buckets: SECONDS,
    registers,
  });
  return {
    counted(submissions, receipts) {
      const counts = new Map<string, { kind: string; via: string; outcome: string; count: number }>();
      for (const [index, { kind, via }] of submissions.entries()) {
        const receipt = receipts[index];
        if (receipt === undefined) continue;
        if (receipt.outcome === 'rejected') rejected.inc({ kind, code: receipt.problem.code });
        const name = `${kind}/${via}/${receipt.outcome}`;
        const known = counts.get(name);
        if (known === undefined) counts.set(name, { kind, via, outcome: receipt.outcome, count: 1 });
        else known.count++;
      }
      for (const { count, ...labels } of counts.values()) records.inc(labels, count);
    },
    flushed(flushRecords, flushSeconds) {
      size.observe(flushRecords);
      seconds.observe(flushSeconds);
    },
  };
}
