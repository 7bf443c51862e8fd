import type { Problem } from '@jifen/contracts';
import { accept, MAX_FLUSH, type AcceptDependencies } from './accept.ts';
import type { RecordKind, Receipt } from './submission.ts';

/** Records of one call; `next` says where to go on. */
const MAX_REDRIVE = 10_000;
/** Problems told in one answer; the rest is under the kept records. */
const MAX_TOLD = 1000;

export interface KeptRecord {
  readonly id: string;
  readonly sequence: number;
  readonly kind: RecordKind;
  readonly bytes: Uint8Array;
}

export interface RedriveFilter {
  readonly ids?: readonly string[];
  readonly kind?: RecordKind;
  readonly code?: string;
  readonly source?: string;
}

/** Records of a program that are kept and not yet done, oldest first, behind a place. */
export type LoadKept = (
  program: string,
  filter: RedriveFilter,
  after: number,
  limit: number,
) => Promise<readonly KeptRecord[]>;

export interface RedriveCommand {
  readonly program: string;
  readonly filter: RedriveFilter;
  readonly after: number;
  readonly dryRun: boolean;
}

export interface RedriveReport {
  readonly dryRun: boolean;
  readonly examined: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly stale: number;
  readonly waiting: number;
  readonly rejected: readonly { readonly id: string; readonly problem: Problem }[];
  /** Where the next call goes on, when there is more than one call does. */
  readonly next?: number;
}

const count = (receipts: readonly Receipt[], outcome: Receipt['outcome']): number =>
  receipts.filter((receipt) => receipt.outcome === outcome).length;

/** Sends kept records through the same way again, in the order in which they came. */
export async function redrive<Sql>(
  dependencies: AcceptDependencies<Sql> & { readonly loadKept: LoadKept },
  { program, filter, after, dryRun }: RedriveCommand,
): Promise<RedriveReport> {
  const receipts: Receipt[] = [];
  const rejected: { id: string; problem: Problem }[] = [];
  let place = after;
  let more = true;
  while (more && receipts.length < MAX_REDRIVE) {
    const kept = await dependencies.loadKept(program, filter, place, MAX_FLUSH);
    const answers = await accept(
      dependencies,
      kept.map(({ kind, bytes }) => ({ kind, program, body: bytes, via: 'redrive', meta: {} })),
      { dryRun },
    );
    for (const [index, answer] of answers.entries()) {
      const id = kept[index]?.id ?? '';
      if (answer.outcome === 'rejected' && rejected.length < MAX_TOLD) rejected.push({ id, problem: answer.problem });
    }
    receipts.push(...answers);
    place = kept.at(-1)?.sequence ?? place;
    more = kept.length === MAX_FLUSH;
  }
  return {
    dryRun,
    examined: receipts.length,
    accepted: count(receipts, 'accepted'),
    duplicates: count(receipts, 'duplicate'),
    stale: count(receipts, 'stale'),
    waiting: count(receipts, 'waiting'),
    rejected,
    ...(more ? { next: place } : {}),
  };
}
