import { randomUUID } from 'node:crypto';
import type { Problem } from '@jifen/contracts';
import { accept, instantFromMillis, refuse, type Instant, type Outcome } from '@jifen/kernel';
import type { DocumentName, NamedDocument, VersionParts } from '../program-versions.ts';
import { comparisonOf } from '../simulation/ask.ts';
import { Tally, type Totals } from '../simulation/tally.ts';
import { readComparison, type Comparison } from '../simulation/simulate-history.ts';
import type { ShadowCounts, ShadowPart } from './shadow.ts';

/** A shadow as every process of the deployment finds it. */
export interface ShadowRow {
  readonly program: string;
  readonly id: string;
  readonly candidate: NamedDocument;
  readonly baseline: NamedDocument;
  readonly percent: number;
  readonly startedAt: Instant;
  readonly startedBy: string;
  readonly startedByName: string;
}

/** The only rows that shadows write. */
export interface ShadowTables<Sql> {
  /** Replaces the program's shadow, with what it found. */
  start(sql: Sql, row: ShadowRow): Promise<void>;
  stop(sql: Sql, program: string): Promise<void>;
  find(sql: Sql, program: string): Promise<ShadowRow | undefined>;
  /** Ids of the shadows of all programs. */
  running(sql: Sql): Promise<readonly { readonly program: string; readonly id: string }[]>;
  savePart(sql: Sql, id: string, holder: string, part: ShadowPart): Promise<void>;
  parts(sql: Sql, id: string): Promise<readonly ShadowPart[]>;
}

export interface ShadowParts<Sql> extends VersionParts<Sql> {
  readonly shadows: ShadowTables<Sql>;
  readonly clock: () => number;
}

export interface StartShadow {
  readonly program: string;
  readonly by: string;
  readonly byName: string;
  readonly document?: unknown;
  readonly candidate: DocumentName;
  readonly percent: number;
}

export interface ShadowReport extends Totals, ShadowCounts {
  readonly candidate: string;
  readonly baseline: string;
  readonly percent: number;
  readonly startedAt: Instant;
  readonly startedBy: string;
  readonly startedByName: string;
}

export async function startShadow<Sql>(
  parts: ShadowParts<Sql>,
  start: StartShadow,
): Promise<Outcome<ShadowReport, Problem>> {
  const { program, by, byName, percent } = start;
  const startedAt = instantFromMillis(parts.clock());
  const documents = await comparisonOf(parts, { ...start, baseline: 'in-force' }, startedAt);
  if (!documents.ok) return documents;
  const who = { startedAt, startedBy: by, startedByName: byName };
  await parts.shadows.start(parts.sql, { program, id: randomUUID(), ...documents.value, percent, ...who });
  return reportShadow(parts, program);
}

/** What the processes have found so far, added up. */
export async function reportShadow<Sql>(
  { shadows, sql }: Pick<ShadowParts<Sql>, 'shadows' | 'sql'>,
  program: string,
): Promise<Outcome<ShadowReport, Problem>> {
  const row = await shadows.find(sql, program);
  if (row === undefined) return refuse({ code: 'not_found', detail: 'no shadow runs' });
  const read = comparisonIn(row);
  if (!read.ok) return read;
  const { candidate, baseline } = read.value;
  const tally = new Tally(candidate.document, baseline.document);
  const counts = { rated: 0, dropped: 0, membersNotFollowed: 0 };
  for (const part of await shadows.parts(sql, row.id)) {
    tally.merge(part.tally);
    counts.rated += part.rated;
    counts.dropped += part.dropped;
    counts.membersNotFollowed += part.membersNotFollowed;
  }
  const { percent, startedAt, startedBy, startedByName } = row;
  const about = { candidate: candidate.name, baseline: baseline.name, percent, startedAt, startedBy, startedByName };
  return accept({ ...about, ...counts, ...tally.report() });
}

function comparisonIn(row: ShadowRow): Outcome<Comparison, Problem> {
  try {
    return accept(readComparison(row));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse({ code: 'invalid_program', detail: `${error.message}: stop the shadow, or start another` });
  }
}
