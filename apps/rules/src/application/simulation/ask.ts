import { randomUUID } from 'node:crypto';
import type { Problem } from '@jifen/contracts';
import { accept, instantFromMillis, refuse, type Instant, type Outcome } from '@jifen/kernel';
import { validateProgram } from '@jifen/rules';
import { findDocument, type DocumentName, type NamedDocument, type VersionParts } from '../program-versions.ts';
import type { Job, JobTables } from './job.ts';

/** Jobs of a program that may wait or run, and how many are remembered. */
const MAX_WAITING = 5;
const MAX_KEPT = 50;
const DAY_MS = 86_400_000;

export interface AskParts<Sql> extends VersionParts<Sql> {
  readonly jobs: JobTables<Sql>;
  readonly clock: () => number;
}

export interface Ask {
  readonly program: string;
  readonly by: string;
  readonly byName: string;
  /** A document as it is typed in, else a name. */
  readonly document?: unknown;
  readonly candidate: DocumentName;
  readonly baseline: DocumentName;
  readonly days?: number | undefined;
  readonly percent: number;
  /** Only this one. */
  readonly member?: string | undefined;
}

/** Two documents that can be rated with: what is asked about, and what it is compared with. */
export async function comparisonOf<Sql>(
  parts: VersionParts<Sql>,
  { program, document, candidate, baseline }: Pick<Ask, 'program' | 'document' | 'candidate' | 'baseline'>,
  now: Instant,
): Promise<Outcome<{ readonly candidate: NamedDocument; readonly baseline: NamedDocument }, Problem>> {
  const before = await findDocument(parts, program, baseline, now);
  if (!before.ok) return before;
  const asked =
    document === undefined
      ? await findDocument(parts, program, candidate, now)
      : accept({ name: 'document', version: 0, document });
  if (!asked.ok) return asked;
  const validation = validateProgram(asked.value.document);
  if (!validation.ok)
    return refuse({ code: 'invalid_program', detail: 'the program is not valid', errors: validation.violations });
  return accept({ candidate: asked.value, baseline: before.value });
}

export async function askForSimulation<Sql>(
  parts: AskParts<Sql>,
  ask: Ask,
): Promise<Outcome<Pick<Job, 'id' | 'state'>, Problem>> {
  const millis = parts.clock();
  const createdAt = instantFromMillis(millis);
  const documents = await comparisonOf(parts, ask, createdAt);
  if (!documents.ok) return documents;
  const since = ask.days === undefined ? undefined : instantFromMillis(millis - ask.days * DAY_MS);
  const request = { ...documents.value, since, percent: ask.percent, member: ask.member };
  const job = { id: randomUUID(), program: ask.program, requestedBy: ask.by, requestedByName: ask.byName, createdAt };
  const waits = await parts.jobs.insert(parts.sql, { ...job, request }, { waiting: MAX_WAITING, kept: MAX_KEPT });
  if (waits) return accept({ id: job.id, state: 'queued' });
  const detail = `${MAX_WAITING} simulations of this program wait or run already: cancel one, or wait`;
  return refuse({ code: 'too_many_requests', detail });
}
