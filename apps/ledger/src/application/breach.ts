import type { DeadLetter, Transaction } from '@jifen/event-store';
import { instantFromMillis } from '@jifen/kernel';

/** Topic under which what broke a member's books is kept with the member. It was not carried out, so a redrive drops it. */
export const EVIDENCE_TOPIC = 'ledger.evidence';

export interface Breach {
  /** `program/member`. */
  readonly owner: string;
  readonly partition: number;
  readonly detail: string;
  /** What was to be carried out. */
  readonly evidence: object;
}

const encoder = new TextEncoder();

/**
 * Books that would not add up: the member is parked, so that nothing of it is spent or posted until somebody has looked, and
 * what led to it lies in its queue.
 */
export function parkBreach<Sql>(tx: Transaction<Sql>, { owner, partition, detail, evidence }: Breach): void {
  const letter: DeadLetter = {
    topic: EVIDENCE_TOPIC,
    partition,
    offset: 0,
    key: owner,
    reason: 'invariant',
    detail: detail.slice(0, 2_000),
    headers: {
      ce_specversion: '1.0',
      ce_id: `breach-${partition}-${tx.now}`,
      ce_source: '/jifen/ledger',
      ce_type: 'ledger.breach',
      ce_time: instantFromMillis(tx.now),
      ce_sequence: '0',
    },
    value: encoder.encode(JSON.stringify(evidence)),
  };
  tx.park(owner, 'invariant', letter);
}
