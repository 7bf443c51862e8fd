import { ConcurrencyError, UnknownOutcomeError, type EventStore } from '@jifen/event-store';
import { InvariantError } from '@jifen/kernel';
import { applyRecords } from './apply.ts';
import type { Directory, Tables } from './ports.ts';
import { partitionsTouched, prepare } from './prepare.ts';
import { readSubmission, type Read } from './read.ts';
import type { Receipt, Submission } from './submission.ts';

/** Records of one transaction. */
export const MAX_FLUSH = 500;
/** How often a flush is decided again because somebody else wrote what it was based on, or COMMIT gave no answer. */
const MAX_ATTEMPTS = 8;

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

const DATA_SQLSTATES = /^(22|23)/;

/** Whether the fault may lie in one record, so that the others need not fail with it. */
function mayBeOneRecords(error: unknown): boolean {
  if (error instanceof InvariantError || error instanceof TypeError || error instanceof RangeError) return true;
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && DATA_SQLSTATES.test(error.code);
}

async function flush<Sql>(
  { store, tables, directory }: AcceptDependencies<Sql>,
  reads: readonly Read[],
  { dryRun = false }: AcceptOptions,
): Promise<readonly Receipt[]> {
  for (let attempt = 1; ; attempt++) {
    const records = await prepare(directory, reads, store.partitions);
    try {
      const partitions = partitionsTouched(records, store.partitions);
      return await store.transact({ partitions, patient: true }, async (tx) => {
        const receipts = await applyRecords(tx, tables, records, store.partitions);
        if (dryRun) throw new Rehearsed(receipts);
        return receipts;
      });
    } catch (error) {
      if (error instanceof Rehearsed) return error.receipts;
      // Whatever landed is answered as a duplicate by the next attempt.
      const again = error instanceof ConcurrencyError || error instanceof UnknownOutcomeError;
      if (!again || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** Halves a batch that fails until the record at fault is alone; that one is refused and kept, the others go through. */
async function flushOrSplit<Sql>(
  dependencies: AcceptDependencies<Sql>,
  reads: readonly Read[],
  options: AcceptOptions,
): Promise<readonly Receipt[]> {
  try {
    return await flush(dependencies, reads, options);
  } catch (error) {
    const [only] = reads;
    if (only === undefined || !mayBeOneRecords(error)) throw error;
    if (reads.length === 1) return refuseFaulty(dependencies, only, error, options);
    const middle = reads.length >> 1;
    const first = await flushOrSplit(dependencies, reads.slice(0, middle), options);
    return [...first, ...(await flushOrSplit(dependencies, reads.slice(middle), options))];
  }
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
    receipts.push(...(await flushOrSplit(dependencies, reads, options)));
  }
  return receipts;
}
