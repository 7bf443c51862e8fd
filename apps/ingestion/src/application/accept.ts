import { decideAgain, inHalves, mayBeOnes, type EventStore } from '@jifen/event-store';
import { applyRecords } from './apply.ts';
import type { Directory, Tables } from './ports.ts';
import { partitionsTouched, prepare } from './prepare.ts';
import { readSubmission, type Read } from './read.ts';
import type { Receipt, Submission } from './submission.ts';

/** Records of one transaction. */
export const MAX_FLUSH = 500;

export interface AcceptDependencies<Sql> {
  readonly store: EventStore<Sql>;
  readonly tables: Tables<Sql>;
  readonly directory: Directory;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface AcceptOptions {
  /** Answers what would happen and writes nothing. */
  readonly dryRun?: boolean;
}

/** Rolls a dry run back. */
class Rehearsed extends Error {
  override readonly name = 'Rehearsed';
  constructor(readonly receipts: readonly Receipt[]) {
    super('dry run');
  }
}

async function flush<Sql>(
  { store, tables, directory }: AcceptDependencies<Sql>,
  reads: readonly Read[],
  { dryRun = false }: AcceptOptions,
): Promise<readonly Receipt[]> {
  // Whatever landed is answered as a duplicate by the next attempt.
  return decideAgain(async () => {
    const records = await prepare(directory, reads, store.partitions);
    const partitions = partitionsTouched(records, store.partitions);
    return store.transact({ partitions, patient: true }, async (tx) => {
      const receipts = await applyRecords(tx, tables, records, store.partitions);
      if (dryRun) throw new Rehearsed(receipts);
      return receipts;
    });
  }).catch((error: unknown) => {
    if (error instanceof Rehearsed) return error.receipts;
    throw error;
  });
}

function refuseFaulty<Sql>(
  dependencies: AcceptDependencies<Sql>,
  read: Read,
  fault: unknown,
  options: AcceptOptions,
): Promise<readonly Receipt[]> {
  if (!read.draft.ok) throw fault;
  const detail = 'the record could not be stored; it is kept and can be redriven';
  return flush(dependencies, [{ ...read, draft: { ok: false, refusal: { code: 'internal', detail } } }], options);
}

/**
 * The one way in, for HTTP, the source topic and redrive: read, find members, decide, and write everything of at most
 * `MAX_FLUSH` records in one transaction. Answers one receipt a record, in order, when all of it is durable.
 */
export async function accept<Sql>(
  dependencies: AcceptDependencies<Sql>,
  submissions: readonly Submission[],
  options: AcceptOptions = {},
): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = [];
  for (let start = 0; start < submissions.length; start += MAX_FLUSH) {
    const now = dependencies.clock();
    const reads = submissions.slice(start, start + MAX_FLUSH).map((submission) => readSubmission(submission, now));
    // The record at fault is refused and kept, the others go through.
    const parts = await inHalves(reads, {
      attempt: (some) => flush(dependencies, some, options),
      mayBeOnes,
      alone: (read, fault) => refuseFaulty(dependencies, read, fault, options),
    });
    receipts.push(...parts.flat());
  }
  return receipts;
}
