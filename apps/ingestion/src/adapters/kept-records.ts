import { isUtf8 } from 'node:buffer';
import type { Problem } from '@jifen/contracts';
import type { Pool } from 'pg';
import type { LoadKept } from '../application/redrive.ts';
import type { RecordKind, Via } from '../application/submission.ts';

/** A record as the list shows it; its bytes are with the record itself. */
export interface KeptSummary {
  readonly id: string;
  readonly kind: RecordKind;
  readonly source: string;
  readonly problem: Problem;
  readonly size: number;
  readonly receivedAt: string;
  readonly via: Via;
  readonly redrivenAt?: string;
  readonly outcome?: string;
}

export interface KeptDetail extends KeptSummary {
  /** The record as text, or in base64 when it is none. */
  readonly body: string;
  readonly encoding: 'utf-8' | 'base64';
}

export interface KeptFilter {
  readonly kind?: string;
  readonly code?: string;
  readonly source?: string;
  /** `open` by default. */
  readonly state?: 'open' | 'redriven' | 'all';
}

export interface Page<T> {
  readonly data: readonly T[];
  readonly next?: string;
}

export interface WaitingSummary {
  readonly source: string;
  readonly orderId: string;
  readonly refundId: string;
  readonly notice: unknown;
  readonly since: string;
}

interface Row {
  id: string;
  sequence: number;
  kind: RecordKind;
  source: string;
  problem: string;
  size: number;
  received_at: Date;
  via: Via;
  redriven_at: Date | null;
  outcome: string | null;
}

const COLUMNS = 'id, sequence, kind, source, problem, length(bytes) AS size, received_at, via, redriven_at, outcome';

const PAGE = `
SELECT ${COLUMNS} FROM rejected
WHERE program = $1 AND sequence > $2
  AND ($3::text IS NULL OR kind = $3) AND ($4::text IS NULL OR code = $4) AND ($5::text IS NULL OR source = $5)
  AND CASE $6::text WHEN 'open' THEN redriven_at IS NULL WHEN 'redriven' THEN redriven_at IS NOT NULL ELSE true END
ORDER BY sequence LIMIT $7`;

const ONE = `SELECT ${COLUMNS}, bytes FROM rejected WHERE program = $1 AND id = $2`;

const OPEN = `
SELECT id, sequence, kind, bytes FROM rejected
WHERE program = $1 AND sequence > $2 AND redriven_at IS NULL
  AND ($3::text[] IS NULL OR id = ANY($3)) AND ($4::text IS NULL OR kind = $4) AND ($5::text IS NULL OR code = $5)
  AND ($6::text IS NULL OR source = $6)
ORDER BY sequence LIMIT $7`;

const WAITING = `
SELECT sequence, source, stream, refund_id, notice, since FROM waiting_refund
WHERE program = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`;

const summaryOf = (row: Row): KeptSummary => ({
  id: row.id,
  kind: row.kind,
  source: row.source,
  problem: JSON.parse(row.problem) as Problem,
  size: row.size,
  receivedAt: row.received_at.toISOString(),
  via: row.via,
  ...(row.redriven_at === null ? {} : { redrivenAt: row.redriven_at.toISOString() }),
  ...(row.outcome === null ? {} : { outcome: row.outcome }),
});

const paged = <R extends { sequence: number }, T>(rows: readonly R[], limit: number, show: (row: R) => T): Page<T> => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(show),
    ...(rows.length > limit && last !== undefined ? { next: String(last.sequence) } : {}),
  };
};

/** Reads of what was refused or waits, by sequence. */
export class KeptRecords {
  constructor(private readonly pool: Pool) {}

  async page(program: string, filter: KeptFilter, after: number, limit: number): Promise<Page<KeptSummary>> {
    const { kind = null, code = null, source = null, state = 'open' } = filter;
    const values = [program, after, kind, code, source, state, limit + 1];
    const { rows } = await this.pool.query<Row>(PAGE, values);
    return paged(rows, limit, summaryOf);
  }

  async one(program: string, id: string): Promise<KeptDetail | undefined> {
    const { rows } = await this.pool.query<Row & { bytes: Buffer }>(ONE, [program, id]);
    const [row] = rows;
    if (row === undefined) return undefined;
    const encoding = isUtf8(row.bytes) ? 'utf-8' : 'base64';
    return { ...summaryOf(row), body: row.bytes.toString(encoding), encoding };
  }

  async waiting(program: string, after: number, limit: number): Promise<Page<WaitingSummary>> {
    const { rows } = await this.pool.query<{
      sequence: number;
      source: string;
      stream: string;
      refund_id: string;
      notice: string;
      since: Date;
    }>(WAITING, [program, after, limit + 1]);
    return paged(rows, limit, (row) => ({
      source: row.source,
      orderId: row.stream.slice(row.stream.lastIndexOf('/') + 1),
      refundId: row.refund_id,
      notice: JSON.parse(row.notice) as unknown,
      since: row.since.toISOString(),
    }));
  }

  readonly load: LoadKept = async (program, filter, after, limit) => {
    const { ids = null, kind = null, code = null, source = null } = filter;
    const { rows } = await this.pool.query<{ id: string; sequence: number; kind: RecordKind; bytes: Buffer }>(OPEN, [
      program,
      after,
      ids,
      kind,
      code,
      source,
      limit,
    ]);
    return rows;
  };
}
