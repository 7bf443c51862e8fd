import type { Approval, RatingMade } from '@jifen/contracts';
import { approvalOf } from '@jifen/rules';
import { saysTheSame } from '../application/approval/approval-book.ts';
import type { BookRow } from './books.ts';
import type { FoldedRating, FoldedRow } from './member-fold.ts';

type Award = RatingMade['awards'][number];

interface Mention extends Pick<FoldedRating, 'stream' | 'position' | 'recordedAt'> {
  readonly cause: RatingMade['cause'];
  readonly occurredAt: string;
  readonly award: Pick<Award, 'approval' | 'ruleId' | 'currency'>;
}

interface Standing {
  readonly mention: Mention;
  readonly approval: Approval;
  readonly since: string;
}

/** What waits for somebody, and what was decided. Of an award that pays once several causes speak: who spoke last, stands. */
export class ApprovalFold {
  readonly #owner: string;
  readonly #mentions = new Map<string, Mention[]>();

  constructor(owner: string) {
    this.#owner = owner;
  }

  add({ stream, position, recordedAt, made: { cause, occurredAt, awards } }: FoldedRating): void {
    for (const { awardId, approval, ruleId, currency } of awards) {
      const known = this.#mentions.get(awardId);
      // Of every award that ever waited: later ones of it may not.
      const award = { ruleId, currency, ...(approval === undefined ? {} : { approval }) };
      const mention = { stream, position, recordedAt, cause, occurredAt, award };
      if (known !== undefined) known.push(mention);
      else if (approval !== undefined) this.#mentions.set(awardId, [mention]);
    }
  }

  rows(): readonly FoldedRow[] {
    return [...this.#mentions].flatMap(([award, mentions]) => {
      const standing = standingAfter(mentions.sort((a, b) => a.position - b.position));
      if (standing === undefined) return [];
      // A decision about what is posted at once changes nothing that is posted: the log does not have it.
      const due = mentions.at(-1)?.award.approval === undefined ? 'as-it-is' : 'exactly';
      return [{ book: 'award_approval', row: rowOf(this.#owner, award, standing), due } as const];
    });
  }
}

function standingAfter(mentions: readonly Mention[]): Standing | undefined {
  let known: Standing | undefined;
  for (const mention of mentions) {
    const approval = mention.award.approval ?? (known && approvalOf(0, known.approval));
    if (approval === undefined || (known === undefined && approval.due === 0)) continue;
    if (known?.mention.stream === mention.stream && saysTheSame(known.approval, approval)) continue;
    const since = known?.approval.state === approval.state ? known.since : mention.recordedAt;
    known = { mention, approval, since };
  }
  return known;
}

function rowOf(owner: string, award: string, { mention, approval, since }: Standing): BookRow {
  const { state, due, approved, decision } = approval;
  return {
    owner,
    award,
    program: owner.slice(0, owner.indexOf('/')),
    rule: mention.award.ruleId,
    currency: mention.award.currency,
    source: mention.cause.source,
    cause: mention.cause.id,
    occurred_at: mention.occurredAt,
    stream: mention.stream,
    state,
    since,
    due,
    approved,
    decision: decision === undefined ? null : JSON.stringify(decision),
  };
}
