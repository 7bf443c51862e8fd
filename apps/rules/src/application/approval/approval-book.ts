import type { Approval, RatingMade } from '@jifen/contracts';
import type { Transaction } from '@jifen/event-store';
import { instantFromMillis } from '@jifen/kernel';
import { approvalOf, granted } from '@jifen/rules';
import type { Book } from '../book.ts';
import type { ApprovalPlace, ApprovalRow, ApprovalTables } from '../ports.ts';

type Award = RatingMade['awards'][number];

const keyOf = ({ owner, award }: ApprovalPlace): string => `${owner}/${award}`;

/** The awards of a flush that somebody approves: read in one statement where they can be foreseen, saved in one. */
export class ApprovalBook<Sql> implements Book {
  readonly #tx: Pick<Transaction<Sql>, 'sql' | 'now'>;
  readonly #tables: ApprovalTables<Sql>;
  readonly #asked = new Set<string>();
  readonly #rows = new Map<string, ApprovalRow>();
  readonly #changed = new Map<string, ApprovalRow>();

  constructor(tx: Pick<Transaction<Sql>, 'sql' | 'now'>, tables: ApprovalTables<Sql>) {
    this.#tx = tx;
    this.#tables = tables;
  }

  /** Reads what is not known yet. */
  async need(places: readonly ApprovalPlace[]): Promise<void> {
    const unknown = places.filter((place) => !this.#asked.has(keyOf(place)));
    if (unknown.length === 0) return;
    for (const place of unknown) this.#asked.add(keyOf(place));
    for (const row of await this.#tables.approvalsOf(this.#tx.sql, unknown)) this.#rows.set(keyOf(row), row);
  }

  row(place: ApprovalPlace): ApprovalRow | undefined {
    return this.#rows.get(keyOf(place));
  }

  /** The awards of a rating as far as they were approved; `rules` are those that ever waited for it. */
  async grant(
    owner: string,
    stream: string,
    made: RatingMade,
    rules: ReadonlySet<string>,
  ): Promise<RatingMade['awards']> {
    const places = made.awards.flatMap(({ awardId: award, ruleId }) => (rules.has(ruleId) ? [{ owner, award }] : []));
    if (places.length === 0) return made.awards;
    await this.need(places);
    return made.awards.map((award) => (rules.has(award.ruleId) ? this.#grant(owner, stream, made, award) : award));
  }

  #grant(owner: string, stream: string, { cause, occurredAt }: RatingMade, award: Award): Award {
    const place = { owner, award: award.awardId };
    const known = this.row(place);
    const posted = { ...award, ...granted(award, known?.approval) };
    // A version by which nobody needs to approve it posts it at once.
    const approval = posted.approval ?? (known && approvalOf(0, known.approval));
    if (approval === undefined || (known === undefined && approval.due === 0)) return posted;
    const { ruleId: rule, currency } = award;
    this.set({ ...place, rule, currency, cause: { source: cause.source, id: cause.id }, occurredAt, stream, approval });
    return posted;
  }

  set(row: Omit<ApprovalRow, 'since'>): void {
    const key = keyOf(row);
    const known = this.#rows.get(key);
    if (known?.stream === row.stream && saysTheSame(known.approval, row.approval)) return;
    const since = known?.approval.state === row.approval.state ? known.since : instantFromMillis(this.#tx.now);
    const kept = { ...row, since };
    this.#rows.set(key, kept);
    this.#changed.set(key, kept);
  }

  async save(): Promise<void> {
    if (this.#changed.size > 0) await this.#tables.saveApprovals(this.#tx.sql, [...this.#changed.values()]);
  }
}

export const saysTheSame = (a: Approval, b: Approval): boolean =>
  a.state === b.state &&
  a.due === b.due &&
  a.approved === b.approved &&
  a.decision?.verdict === b.decision?.verdict &&
  a.decision?.at === b.decision?.at;
