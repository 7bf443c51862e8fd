import { formatToken, type Problem } from '@jifen/contracts';
import { unreachable } from '@jifen/kernel';
import type { Receipt } from './submission.ts';

/** What a bulk door answers: counts, what was refused by index, and the token for `?after=`. */
export interface BulkAnswer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly stale: number;
  readonly waiting: number;
  readonly rejected: readonly { readonly index: number; readonly id: string; readonly problem: Problem }[];
  /** Absent when nothing has a place in the log. */
  readonly position?: string;
}

/** Places of the records in the activity log, as a token: the furthest of each partition. */
function tokenOf(receipts: readonly Receipt[]): string | undefined {
  const positions = new Map<number, number>();
  for (const receipt of receipts) {
    if (!('place' in receipt)) continue;
    const { partition, position } = receipt.place;
    positions.set(partition, Math.max(position, positions.get(partition) ?? 0));
  }
  return positions.size === 0 ? undefined : formatToken({ log: 'activity', positions });
}

export function bulkAnswer(receipts: readonly Receipt[]): BulkAnswer {
  let accepted = 0;
  let duplicates = 0;
  let stale = 0;
  let waiting = 0;
  const rejected: { index: number; id: string; problem: Problem }[] = [];
  for (const [index, receipt] of receipts.entries()) {
    switch (receipt.outcome) {
      case 'accepted':
        accepted++;
        break;
      case 'duplicate':
        duplicates++;
        break;
      case 'stale':
        stale++;
        break;
      case 'waiting':
        waiting++;
        break;
      case 'rejected':
        rejected.push({ index, id: receipt.id, problem: receipt.problem });
        break;
      default:
        unreachable(receipt);
    }
  }
  const position = tokenOf(receipts);
  return { accepted, duplicates, stale, waiting, rejected, ...(position === undefined ? {} : { position }) };
}
