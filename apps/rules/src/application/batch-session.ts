import type { RatingMade, TierSince } from '@jifen/contracts';
import type { EventMeta, StoredEvent, Transaction } from '@jifen/event-store';
import { assert, instant, memberKey, present, type Instant } from '@jifen/kernel';
import { causeAwardId, onceAwardId, type CompiledProgram, type FactsSince, type OnceAward } from '@jifen/rules';
import { ApprovalBook } from './approval/approval-book.ts';
import { BudgetBook } from './budget/budget-book.ts';
import type { BudgetDesk } from './budget/budget-desk.ts';
import { heldBy } from './budget/held-by.ts';
import type { CauseItem, RulesItem } from './cause.ts';
import type { ApprovalPlace, OnceRow, RulesTables } from './ports.ts';
import type { Span, ProgramCatalog } from './program-catalog.ts';
import { ratingsOf } from './rating-stream.ts';
import { ReferralBook } from './referral/referral-book.ts';
import { readAhead, type Arriving } from './window/read-ahead.ts';
import { WindowBook } from './window/window-book.ts';

export interface RateParts<Sql> {
  readonly tables: RulesTables<Sql>;
  readonly catalog: ProgramCatalog<Sql>;
  readonly budgets: BudgetDesk<Sql>;
}

/** The last rating of a cause. */
export interface LastRating {
  readonly version: number;
  readonly made: RatingMade;
}

export const lastRating = (event: Pick<StoredEvent, 'version' | 'data'>): LastRating => ({
  version: event.version,
  made: JSON.parse(event.data) as RatingMade,
});

/** Causes of one member read at a time, and how many such pages there can be. */
const CAUSES_PER_PAGE = 500;
const MAX_PAGES = 2_000;

/** The last rating of each cause of a member, by stream; in no order that means anything. */
export async function* causesOf<Sql>(
  session: BatchSession<Sql>,
  owner: string,
): AsyncGenerator<readonly [stream: string, last: LastRating]> {
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const causes = await session.tx.lastOfPrefix(ratingsOf(owner), CAUSES_PER_PAGE, after);
    for (const event of causes) yield [event.stream, session.learn(event.stream, lastRating(event))];
    if (causes.length < CAUSES_PER_PAGE) return;
    after = causes.at(-1)?.stream;
  }
  throw new Error(`${owner} has more than ${CAUSES_PER_PAGE * MAX_PAGES} causes`);
}

/** What a flush leaves to be done beside what it saved. */
export interface BatchEnd {
  /** Messages to members of any partition. */
  readonly referralsSent: number;
}

const isCause = (item: RulesItem): item is CauseItem => item.kind !== 'tier';

/** One flush: what it needs to know is read in a few statements before, what it changes is saved in a few after. */
export class BatchSession<Sql> {
  readonly tx: Transaction<Sql>;
  readonly windows: WindowBook<Sql>;
  readonly referrals: ReferralBook<Sql>;
  readonly budgets: BudgetBook<Sql>;
  readonly approvals: ApprovalBook<Sql>;
  readonly #parts: RateParts<Sql>;
  readonly #last = new Map<string, LastRating>();
  /** Streams that were looked up, also those without any rating. */
  readonly #known = new Set<string>();
  readonly #timelines = new Map<string, readonly TierSince[]>();
  readonly #newTimelines = new Map<string, readonly TierSince[]>();
  readonly #facts = new Map<string, readonly FactsSince[]>();
  readonly #newFacts = new Map<string, readonly FactsSince[]>();
  readonly #once = new Map<string, Map<string, OnceAward>>();
  readonly #newOnce = new Map<string, OnceRow>();

  private constructor(tx: Transaction<Sql>, parts: RateParts<Sql>, partitions: readonly number[]) {
    this.tx = tx;
    this.#parts = parts;
    this.windows = new WindowBook(tx.sql, parts.tables);
    this.referrals = new ReferralBook(this, parts.tables);
    this.budgets = new BudgetBook(tx.sql, parts.budgets, partitions);
    this.approvals = new ApprovalBook(tx, parts.tables);
  }

  static async open<Sql>(
    tx: Transaction<Sql>,
    parts: RateParts<Sql>,
    items: readonly RulesItem[],
  ): Promise<BatchSession<Sql>> {
    const session = new BatchSession(tx, parts, [...new Set(items.map(({ partition }) => partition))]);
    await parts.catalog.refresh(tx.sql);
    const causes = items.filter(isCause);
    const streams = [...new Set(causes.map(({ cause }) => cause.stream))];
    await session.need(streams);
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
    for (const item of causes) {
      const program = await this.programAt(item.event.program, item.cause.pinnedAt);
      if (program?.usesTier === true && item.kind !== 'member') byTier.add(item.owner);
      if (item.kind === 'member' || program?.usesFacts === true) byFacts.add(item.owner);
      if (program !== undefined && item.kind !== 'member' && (await this.isWindowed(program, item.event.program)))
        arriving.push({ item, program });
      if (this.referrals.concerns(item)) byReferral.add(item.owner);
      if (program !== undefined && item.kind !== 'member') toApprove.push(...(await this.#approvalsFor(item, program)));
      if (program !== undefined && program.onceRules.size > 0 && item.kind === 'activity') byOnce.add(item.owner);
    }
    await this.approvals.need(toApprove);
    const { tables } = this.#parts;
    if (byTier.size > 0)
      for (const [owner, timeline] of await tables.timelinesOf(this.tx.sql, [...byTier]))
        this.#timelines.set(owner, timeline);
    if (byFacts.size > 0)
      for (const [owner, facts] of await tables.factsOf(this.tx.sql, [...byFacts])) this.#facts.set(owner, facts);
    await this.#needOnce([...byOnce]);
    if (byReferral.size > 0) await this.referrals.load([...byReferral]);
    if (arriving.length > 0) await readAhead(this, arriving);
  }

  /** Awards of a cause that somebody may have to approve. */
  async #approvalsFor({ owner, event, cause }: CauseItem, { onceRules }: CompiledProgram): Promise<ApprovalPlace[]> {
    const { program, member } = event;
    const rules = await this.#parts.catalog.rulesOnApproval(this.tx.sql, program);
    return [...rules].map((rule) => ({
      owner,
      award: onceRules.has(rule) ? onceAwardId(member, rule) : causeAwardId(member, rule, cause.source, cause.id),
    }));
  }

  /** The last ratings of streams that may not have been read yet. */
  async need(streams: readonly string[]): Promise<void> {
    const unknown = streams.filter((stream) => !this.#known.has(stream) && !this.#last.has(stream));
    if (unknown.length === 0) return;
    for (const stream of unknown) this.#known.add(stream);
    for (const [stream, event] of await this.tx.lastOf(unknown)) this.#last.set(stream, lastRating(event));
  }

  /** Whether what a cause is worth, or another one is, can depend on both. */
  async isWindowed({ windows }: CompiledProgram, program: string): Promise<boolean> {
    return windows !== undefined || this.looksBack(program);
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

  /** A last rating that was read in another way. */
  learn(stream: string, last: LastRating): LastRating {
    const known = this.#last.get(stream);
    if (known === undefined) this.#last.set(stream, last);
    return known ?? last;
  }

  last(stream: string): LastRating | undefined {
    return this.#last.get(stream);
  }

  timeline(owner: string): readonly TierSince[] {
    return this.#timelines.get(owner) ?? [];
  }

  setTimeline(owner: string, timeline: readonly TierSince[]): void {
    this.#timelines.set(owner, timeline);
    this.#newTimelines.set(owner, timeline);
  }

  facts(owner: string): readonly FactsSince[] {
    return this.#facts.get(owner) ?? [];
  }

  setFacts(owner: string, timeline: readonly FactsSince[]): void {
    this.#facts.set(owner, timeline);
    this.#newFacts.set(owner, timeline);
  }

  /** What the member's once-rules of the program have paid, as far as they have. */
  async onceOf(owner: string, { onceRules }: CompiledProgram): Promise<Readonly<Record<string, OnceAward>>> {
    if (onceRules.size === 0) return {};
    await this.#needOnce([owner]);
    return Object.fromEntries([...this.#decided(owner)].filter(([rule]) => onceRules.has(rule)));
  }

  /** The activity that decides a rule that pays a member once. */
  async deciderOf(owner: string, rule: string): Promise<OnceAward | undefined> {
    await this.#needOnce([owner]);
    return this.#decided(owner).get(rule);
  }

  /** What was asked for before, and is another now. */
  setOnce(owner: string, decided: Readonly<Record<string, OnceAward>>): void {
    for (const [rule, award] of Object.entries(decided)) {
      if (this.#decided(owner).get(rule) === award) continue;
      this.#decided(owner).set(rule, award);
      this.#newOnce.set(`${owner}/${rule}`, { owner, rule, award });
    }
  }

  dropOnce(owner: string, rule: string, award: OnceAward): void {
    this.#decided(owner).delete(rule);
    this.#newOnce.set(`${owner}/${rule}`, { owner, rule, award: { ...award, gone: true } });
  }

  #decided(owner: string): Map<string, OnceAward> {
    return present(this.#once.get(owner), `once awards of ${owner}`);
  }

  async #needOnce(owners: readonly string[]): Promise<void> {
    const unknown = owners.filter((owner) => !this.#once.has(owner));
    if (unknown.length === 0) return;
    for (const owner of unknown) this.#once.set(owner, new Map());
    for (const { owner, rule, award } of await this.#parts.tables.onceOf(this.tx.sql, unknown))
      if (award.gone !== true) this.#decided(owner).set(rule, award);
  }

  /** Place of the next rating in its partition's log: the revision of its awards. */
  nextRevision(partition: number): number {
    return this.tx.nextPosition(partition);
  }

  /** Appends a rating with its awards as far as they are granted: here, and only here, what is due becomes what is posted. */
  async append(stream: string, partition: number, version: number, rated: RatingMade, meta: EventMeta): Promise<void> {
    const before = this.#last.get(stream);
    assert((before?.version ?? 0) + 1 === version, `the last rating of ${stream} is not known`);
    const owner = memberKey(rated.program, rated.member);
    const waiting = await this.#parts.catalog.rulesOnApproval(this.tx.sql, rated.program);
    const made = { ...rated, awards: await this.approvals.grant(owner, stream, rated, waiting) };
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
    this.#last.set(stream, { version, made });
  }

  async save(): Promise<BatchEnd> {
    const { tables } = this.#parts;
    if (this.#newTimelines.size > 0) await tables.saveTimelines(this.tx.sql, this.#newTimelines);
    if (this.#newFacts.size > 0) await tables.saveFacts(this.tx.sql, this.#newFacts);
    if (this.#newOnce.size > 0) await tables.saveOnce(this.tx.sql, [...this.#newOnce.values()]);
    await this.windows.save();
    await this.approvals.save();
    const referralsSent = await this.referrals.save();
    // Last: others may wait for the slices until the transaction ends.
    await this.budgets.save();
    return { referralsSent };
  }
}
