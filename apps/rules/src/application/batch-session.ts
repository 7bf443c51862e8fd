import type { RatingMade, TierSince } from '@jifen/contracts';
import type { EventMeta, Transaction } from '@jifen/event-store';
import { instant, InvariantError, memberKey, present, type Instant } from '@jifen/kernel';
import { causeAwardId, onceAwardId, type CompiledProgram, type FactsSince } from '@jifen/rules';
import { ApprovalBook } from './approval/approval-book.ts';
import type { Book } from './book.ts';
import { BudgetBook } from './budget/budget-book.ts';
import type { BudgetDesk } from './budget/budget-desk.ts';
import { heldBy } from './budget/held-by.ts';
import { withoutRejected } from './budget/without-rejected.ts';
import type { CauseItem, RulesItem } from './cause.ts';
import { LastRatings } from './last-ratings.ts';
import { OnceBook } from './once-book.ts';
import type { ApprovalPlace, IndexedVersion, RulesTables } from './ports.ts';
import type { Span, ProgramCatalog } from './program-catalog.ts';
import { ReferralBook } from './referral/referral-book.ts';
import { TimelineBook } from './timeline-book.ts';
import { readAhead, type Arriving } from './window/read-ahead.ts';
import { WindowBook } from './window/window-book.ts';

export interface RateParts<Sql> {
  readonly tables: RulesTables<Sql>;
  readonly catalog: ProgramCatalog<Sql>;
  readonly budgets: BudgetDesk<Sql>;
}

/** What a flush leaves to be done beside what it saved. */
export interface BatchEnd {
  /** Messages to members of any partition. */
  readonly referralsSent: number;
  /** Orders and activities that no version of their program was in force for. */
  readonly unrated: readonly CauseItem[];
}

/** What a cause is rated by. */
export interface Terms {
  /** The version in force; absent when there was none. */
  readonly program: CompiledProgram | undefined;
  /** Whether what a cause is worth, or another one is, can depend on both. */
  readonly windowed: boolean;
}

const NO_PROGRAM: Terms = { program: undefined, windowed: false };

const isCause = (item: RulesItem): item is CauseItem => item.kind !== 'tier';

/** One flush: what it needs to know is read in a few statements before, what it changes is saved in a few after. */
export class BatchSession<Sql> {
  readonly tx: Transaction<Sql>;
  readonly tiers: TimelineBook<TierSince>;
  readonly facts: TimelineBook<FactsSince>;
  readonly once: OnceBook<Sql>;
  readonly windows: WindowBook<Sql>;
  readonly referrals: ReferralBook<Sql>;
  readonly budgets: BudgetBook<Sql>;
  readonly approvals: ApprovalBook<Sql>;
  readonly ratings: LastRatings;
  readonly #parts: RateParts<Sql>;
  readonly #terms = new Map<CauseItem, Terms>();
  readonly #unrated: CauseItem[] = [];

  private constructor(tx: Transaction<Sql>, parts: RateParts<Sql>, partitions: readonly number[]) {
    this.tx = tx;
    this.ratings = new LastRatings(tx);
    this.#parts = parts;
    const { sql } = tx;
    const { tables, budgets } = parts;
    this.tiers = new TimelineBook({
      read: (owners) => tables.timelinesOf(sql, owners),
      write: (rows) => tables.saveTimelines(sql, rows),
    });
    this.facts = new TimelineBook({
      read: (owners) => tables.factsOf(sql, owners),
      write: (rows) => tables.saveFacts(sql, rows),
    });
    this.once = new OnceBook(sql, tables);
    this.windows = new WindowBook(sql, tables);
    this.referrals = new ReferralBook(this, tables);
    this.budgets = new BudgetBook(sql, budgets, partitions);
    this.approvals = new ApprovalBook(tx, tables);
  }

  static async open<Sql>(
    tx: Transaction<Sql>,
    parts: RateParts<Sql>,
    items: readonly RulesItem[],
    partitions: readonly number[] = [...new Set(items.map(({ partition }) => partition))],
  ): Promise<BatchSession<Sql>> {
    const session = new BatchSession(tx, parts, partitions);
    const causes = items.filter(isCause);
    const streams = [...new Set(causes.map(({ cause }) => cause.stream))];
    await Promise.all([parts.catalog.refresh(tx.sql), session.ratings.need(streams)]);
    await session.#load(items, causes);
    return session;
  }

  async #load(items: readonly RulesItem[], causes: readonly CauseItem[]): Promise<void> {
    const byTier = new Set<string>();
    const byOnce = new Set<string>();
    const byFacts = new Set<string>();
    const byReferral = new Set<string>();
    const arriving: Arriving[] = [];
    const toApprove: ApprovalPlace[] = [];
    for (const item of items) if (item.kind === 'tier') byTier.add(item.owner);
    await this.#readTerms(causes);
    for (const item of causes) {
      const { program, windowed } = this.termsOf(item);
      if (program?.usesTier === true && item.kind !== 'member') byTier.add(item.owner);
      if (item.kind === 'member' || program?.usesFacts === true) byFacts.add(item.owner);
      if (program !== undefined && item.kind !== 'member' && windowed) arriving.push({ item, program });
      if (this.referrals.concerns(item)) byReferral.add(item.owner);
      if (program !== undefined && item.kind !== 'member') {
        const rules = this.#onApproval(item.event.program) ?? (await this.#readOnApproval(item.event.program));
        if (rules.size > 0) toApprove.push(...approvalsFor(item, program, rules));
      }
      if (program !== undefined && program.onceRules.size > 0 && item.kind === 'activity') byOnce.add(item.owner);
    }
    await Promise.all([
      this.approvals.need(toApprove),
      this.tiers.load(byTier),
      this.facts.load(byFacts),
      this.once.need(byOnce),
      byReferral.size === 0 ? undefined : this.referrals.load([...byReferral]),
    ]);
    if (arriving.length > 0) await readAhead(this, arriving);
  }

  /** Version by version, not cause by cause: a flush has many causes of few versions. */
  async #readTerms(causes: readonly CauseItem[]): Promise<void> {
    const { catalog } = this.#parts;
    const known = new Map<IndexedVersion, Terms>();
    for (const item of causes) {
      const place = catalog.placeAt(item.event.program, item.cause.pinnedAt);
      let terms = place === undefined ? NO_PROGRAM : known.get(place);
      if (terms === undefined && place !== undefined) {
        const program = await this.program(place.program, place.version);
        terms = { program, windowed: program.windows !== undefined || (await this.looksBack(place.program)) };
        known.set(place, terms);
      }
      this.#terms.set(item, present(terms, 'terms'));
      if (place === undefined && item.kind !== 'member') this.#unrated.push(item);
    }
  }

  /** Of a cause of the flush. */
  termsOf(item: CauseItem): Terms {
    return present(this.#terms.get(item), 'terms of a cause');
  }

  #onApproval(program: string): ReadonlySet<string> | undefined {
    return this.#parts.catalog.knownOnApproval(program);
  }

  #readOnApproval(program: string): Promise<ReadonlySet<string>> {
    return this.#parts.catalog.rulesOnApproval(this.tx.sql, program);
  }

  /** Whether any version of the program says when referrals qualify: else nothing is read or written for them. */
  refers(program: string): boolean {
    return this.#parts.catalog.refers(program);
  }

  looksBack(program: string): Promise<boolean> {
    return this.#parts.catalog.looksBack(this.tx.sql, program);
  }

  /** The version that says what a target is in a calendar window. */
  holderOf(program: string, rule: string, per: string, span: Span): Promise<number | undefined> {
    return this.#parts.catalog.holderOf(this.tx.sql, program, rule, per, span);
  }

  /** A version as it holds for a cause of an instant. */
  effective(program: string, version: number, at: Instant): Promise<CompiledProgram> {
    return this.#parts.catalog.effective(this.tx.sql, program, version, at);
  }

  /** The program that a rating was made under, as it holds for it. */
  programOf({ program, programVersion, occurredAt }: RatingMade): Promise<CompiledProgram> {
    return this.effective(program, programVersion, instant(occurredAt));
  }

  /** The version in force at an instant. */
  programAt(program: string, at: Instant): Promise<CompiledProgram | undefined> {
    return this.#parts.catalog.at(this.tx.sql, program, at);
  }

  /** Whether any version of the program looks at facts: else nothing needs to be rated again for them. */
  everUsesFacts(program: string): Promise<boolean> {
    return this.#parts.catalog.everUsesFacts(this.tx.sql, program);
  }

  program(program: string, version: number): Promise<CompiledProgram> {
    return this.#parts.catalog.version(this.tx.sql, program, version);
  }

  /** Place of the next rating in its partition's log: the revision of its awards. */
  nextRevision(partition: number): number {
    return this.tx.nextPosition(partition);
  }

  /** Appends a rating with its awards as far as they are granted: here, and only here, what is due becomes what is posted. */
  async append(stream: string, partition: number, version: number, rated: RatingMade, meta: EventMeta): Promise<void> {
    const before = this.ratings.of(stream);
    if ((before?.version ?? 0) + 1 !== version) throw new InvariantError(`the last rating of ${stream} is not known`);
    const owner = memberKey(rated.program, rated.member);
    const waiting = this.#onApproval(rated.program) ?? (await this.#readOnApproval(rated.program));
    const awards = waiting.size === 0 ? rated.awards : await this.approvals.grant(owner, stream, rated, waiting);
    const made = withoutRejected(awards === rated.awards ? rated : { ...rated, awards });
    this.budgets.move({ program: made.program, partition }, heldBy(before?.made), heldBy(made));
    const at = instant(made.occurredAt);
    this.tx.append(partition, {
      stream,
      version,
      key: owner,
      type: 'rating.made',
      schemaVersion: 1,
      data: JSON.stringify(made),
      content: made,
      meta,
      occurredAt: at,
      effectiveAt: at,
    });
    this.ratings.appended(owner, stream, { version, made });
  }

  async save(): Promise<BatchEnd> {
    const { tiers, facts, once, windows, approvals, referrals, budgets } = this;
    // Budgets last: others may wait for the slices until the transaction ends.
    const books: readonly Book[] = [tiers, facts, once, windows, approvals, referrals, budgets];
    for (const book of books) await book.save();
    return { referralsSent: referrals.sent, unrated: this.#unrated };
  }
}

/** Awards of a cause that somebody may have to approve, by the rules that ever waited for it. */
const approvalsFor = (
  { owner, event: { member }, cause }: CauseItem,
  { onceRules }: CompiledProgram,
  rules: ReadonlySet<string>,
): readonly ApprovalPlace[] =>
  [...rules].map((rule) => ({
    owner,
    award: onceRules.has(rule) ? onceAwardId(member, rule) : causeAwardId(member, rule, cause.source, cause.id),
  }));
