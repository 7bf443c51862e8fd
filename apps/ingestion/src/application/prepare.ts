import type { Problem } from '@jifen/contracts';
import { accept, memberKey, partitionOf, refuse, type Outcome } from '@jifen/kernel';
import { identityText, type Directory, type IdentityKey } from './ports.ts';
import type { Read } from './read.ts';
import type { ActivityDraft, OrderDraft, RefundDraft } from './submission.ts';

interface Homed {
  readonly member: string;
  readonly partition: number;
}

/** A draft with the member it belongs to and the partition it goes to. A refund without a partition has no order yet. */
export type Prepared =
  (OrderDraft & Homed) | (ActivityDraft & Homed) | (RefundDraft & { readonly partition: number | undefined });

export interface PreparedRecord {
  readonly read: Read;
  readonly prepared: Outcome<Prepared, Problem>;
}

type Draft = OrderDraft | ActivityDraft | RefundDraft;

const draftsOf = (reads: readonly Read[]): readonly Draft[] =>
  reads.flatMap(({ draft }) => (draft.ok ? [draft.value] : []));

const identityOf = (draft: Draft): IdentityKey | undefined =>
  draft.kind === 'order-refund' || typeof draft.who === 'string' ? undefined : { program: draft.program, ...draft.who };

/** Finds member and partition of every record: at most one query for all identities and one for all refunds' orders. */
export async function prepare(
  directory: Directory,
  reads: readonly Read[],
  partitions: number,
): Promise<readonly PreparedRecord[]> {
  const drafts = draftsOf(reads);
  const identities = drafts.flatMap((draft) => identityOf(draft) ?? []);
  const refunded = drafts.flatMap((draft) => (draft.kind === 'order-refund' ? [draft.stream] : []));
  const members = identities.length === 0 ? new Map<string, string>() : await directory.membersOf(identities);
  const homes = refunded.length === 0 ? new Map<string, number>() : await directory.partitionsOf(refunded);

  const place = (draft: Draft): Outcome<Prepared, Problem> => {
    if (draft.kind === 'order-refund') return accept({ ...draft, partition: homes.get(draft.stream) });
    const identity = identityOf(draft);
    const member = typeof draft.who === 'string' ? draft.who : identity && members.get(identityText(identity));
    if (member === undefined) {
      const errors = [{ pointer: '/identity', message: 'belongs to no member' }];
      return refuse({ code: 'unknown_member', detail: 'nobody has this identity yet', errors });
    }
    return accept({ ...draft, member, partition: partitionOf(memberKey(draft.program, member), partitions) });
  };
  return reads.map((read) => ({ read, prepared: read.draft.ok ? place(read.draft.value) : read.draft }));
}

/**
 * Partitions whose rows the flush holds, ascending. A refund without its order takes all of them: between "no order, so the
 * notice waits" and "no notice waits, so none is merged" nobody may come, and whichever partition the order goes to is held.
 */
export function partitionsTouched(records: readonly PreparedRecord[], partitions: number): readonly number[] {
  const touched = new Set<number>();
  for (const { prepared } of records) {
    if (!prepared.ok) continue;
    if (prepared.value.partition === undefined) return [...Array(partitions).keys()];
    touched.add(prepared.value.partition);
  }
  return [...touched].sort((a, b) => a - b);
}
