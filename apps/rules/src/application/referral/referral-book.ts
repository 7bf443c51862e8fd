import type { EventMeta } from '@jifen/event-store';
import {
  decide,
  isEarlier,
  placeOfCause,
  REFERRAL_REGISTERED,
  verdictOf,
  type Decision,
  type Registration,
} from '@jifen/rules';
import type { RatingMade, Origin } from '@jifen/contracts';
import type { BatchSession } from '../batch-session.ts';
import type { Book } from '../book.ts';
import type { CauseItem } from '../cause.ts';
import type { ReferralMessage, ReferralState, ReferralTables } from '../ports.ts';
import { mayQualify, refereeCause } from './referee-cause.ts';
import { newsOf } from './referral-news.ts';

interface Changed {
  readonly state: ReferralState;
  /** What the referee did last that matters, for those who are told. */
  readonly origin: Origin;
  readonly meta: EventMeta;
}

/**
 * The referrals of the members of a flush. A referral is decided by the first cause of the referee that says something, in the
 * order of time: what arrives is compared with it, and only when it ceases to decide is everything looked at again.
 */
export class ReferralBook<Sql> implements Book {
  readonly #session: BatchSession<Sql>;
  readonly #tables: ReferralTables<Sql>;
  readonly #states = new Map<string, ReferralState>();
  readonly #changed = new Map<string, Changed>();
  #sent = 0;

  constructor(session: BatchSession<Sql>, tables: ReferralTables<Sql>) {
    this.#session = session;
    this.#tables = tables;
  }

  /** Whether a cause may say something of its member's referral. */
  concerns(item: CauseItem): boolean {
    return item.kind !== 'member' && item.told === undefined && this.#session.refers(item.event.program);
  }

  async load(owners: readonly string[]): Promise<void> {
    for (const [owner, state] of await this.#tables.referralsOf(this.#session.tx.sql, owners))
      this.#states.set(owner, state);
  }

  /** Takes account of a cause that was just rated and concerns it. */
  async note(item: CauseItem): Promise<void> {
    const { owner } = item;
    const before = this.#states.get(owner);
    const registration = await this.#registrationOf(item);
    const isFirst = registration !== undefined && isEarlier(registration, before?.registration);
    const terms = isFirst ? registration : before?.registration;
    const made = this.#session.ratings.of(item.cause.stream)?.made;
    if (terms === undefined || made === undefined) return;
    const decision = isFirst ? 'look-again' : await this.#decide(terms, before?.decision, made);
    if (!isFirst && JSON.stringify(decision) === JSON.stringify(before?.decision)) return;
    const state: ReferralState = {
      ...(before ?? { revision: 0 }),
      registration: terms,
      decision: decision === 'look-again' ? await this.#decideAnew(owner, terms) : decision,
    };
    this.#states.set(owner, state);
    const origin = { partition: item.partition, position: item.position };
    this.#changed.set(owner, { state, origin, meta: item.meta });
  }

  /** Messages that were saved to be told. */
  get sent(): number {
    return this.#sent;
  }

  /** Saves what is known now, and what is to be told because it is another than what was told. */
  async save(): Promise<void> {
    if (this.#changed.size === 0) return;
    const { tx } = this.#session;
    const messages: ReferralMessage[] = [];
    const states = new Map<string, ReferralState>();
    for (const [owner, { state, ...rest }] of this.#changed) {
      const news = newsOf(owner, state);
      states.set(owner, news.state);
      messages.push(...news.told.map((told) => ({ ...told, ...rest, revision: news.state.revision })));
    }
    await this.#tables.saveReferrals(tx.sql, states);
    if (messages.length > 0) await this.#tables.sendReferrals(tx.sql, messages, tx.now);
    this.#sent = messages.length;
  }

  /** What a registration says; nothing where the program in force then knew of no referrals. */
  async #registrationOf({ kind, event, cause }: CauseItem): Promise<Registration | undefined> {
    if (kind !== 'activity' || event.type !== REFERRAL_REGISTERED) return undefined;
    const referrer = event.data?.['referrer'];
    const program = await this.#session.programAt(event.program, cause.pinnedAt);
    if (program?.referral === undefined || typeof referrer !== 'string' || referrer === '') return undefined;
    return { at: cause.at, source: cause.source, id: cause.id, referrer, version: program.version };
  }

  async #decide(
    registration: Registration,
    before: Decision | undefined,
    made: RatingMade,
  ): Promise<Decision | 'look-again' | undefined> {
    if (!mayQualify(made)) return before;
    const cause = refereeCause(await this.#session.program(made.program, made.programVersion), made);
    if (cause === undefined) return before;
    const terms = await this.#session.program(made.program, registration.version);
    return decide(before, placeOfCause(cause), verdictOf(terms, registration, cause));
  }

  /** Looks at the last rating of every cause of the member. */
  async #decideAnew(owner: string, registration: Registration): Promise<Decision | undefined> {
    let decision: Decision | undefined;
    for await (const [, { made }] of this.#session.ratings.causesOf(owner)) {
      const next = await this.#decide(registration, decision, made);
      if (next !== 'look-again') decision = next;
    }
    return decision;
  }
}
