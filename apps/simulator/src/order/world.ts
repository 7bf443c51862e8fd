import { decideOrder, type OrderState } from '@jifen/activity';
import type { Award, LedgerEntry, OrderRecorded, OrderRefund, RecordedOrder } from '@jifen/contracts';
import { instantFromMillis, present } from '@jifen/kernel';
import { decide, evolve, openAccount, type Account, type LedgerEvent } from '@jifen/ledger';
import { compileProgram, orderInstant, rate, ratedOrder, tierAt, withEarlier, type RatedAward } from '@jifen/rules';
import {
  BEGINNING,
  grantOf,
  ladderOf,
  newcomer,
  standingOf,
  type Grant,
  type Ladder,
  type Timeline,
} from '@jifen/tiering';
import { PROOF_PROGRAM } from '../program.ts';
import type { Random } from '../random.ts';
import type { Submission } from '../workload.ts';

const PROGRAM = 'proof';
const NOW = instantFromMillis(Date.UTC(2026, 11, 31));
const COMPILED = compileProgram(PROOF_PROGRAM, 1);
const LADDER = proofLadder();

interface Rated {
  readonly order: RecordedOrder;
  readonly tier: string | undefined;
  readonly awards: readonly RatedAward[];
}

/**
 * All deciders of the five services with nothing between them but queues: what is delivered, and which service moves next, is
 * chance. One member; no I/O.
 */
export class World {
  private readonly orders = new Map<string, OrderState>();
  private readonly waiting = new Map<string, OrderRefund[]>();
  private readonly activities: OrderRecorded[] = [];
  private readonly ratings: { readonly orderId: string; readonly at: string; readonly awards: readonly Award[] }[] = [];
  private readonly postings: LedgerEvent[] = [];
  private readonly timelines: Timeline[] = [];
  private readonly rated = new Map<string, Rated>();
  private readonly grants = new Map<string, Grant>();
  private known: Timeline = [];
  private published: Timeline = newcomer(LADDER).timeline;
  private revision = 0;
  private account: Account;

  constructor(private readonly member: string) {
    this.account = openAccount(PROGRAM, member, 'points');
  }

  get balance(): Pick<Account, 'available' | 'debt' | 'net'> {
    const { available, debt, net } = this.account;
    return { available, debt, net };
  }

  /** Granted per award, without those that came to nothing. */
  get awards(): ReadonlyMap<string, number> {
    const granted = [...this.account.standings].map(([award, standing]) => [award, Number(standing.granted)] as const);
    return new Map(granted.filter(([, points]) => points > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  submit({ kind, body }: Submission): void {
    const { orderId } = body;
    const state = this.orders.get(orderId);
    if (kind === 'order') {
      const { member: _member, identity: _identity, program: _program, ...order } = body;
      this.accept(orderId, decideOrder(state, { type: 'snapshot', program: PROGRAM, member: this.member, order }));
      for (const notice of this.waiting.get(orderId) ?? []) this.submit({ kind: 'order-refund', body: notice });
      return;
    }
    const { source: _source, orderId: _order, program: _program, ...notice } = body;
    if (this.accept(orderId, decideOrder(state, { type: 'refund', notice })) === 'waiting') {
      this.waiting.set(orderId, [...(this.waiting.get(orderId) ?? []), body]);
    }
  }

  /** Lets services move, in an order of chance, until nothing is left to do. */
  settle(random: Random, atMost = Number.POSITIVE_INFINITY): void {
    for (let steps = 0; steps < atMost; steps++) {
      const ready = [
        ...(this.activities.length > 0 ? [() => this.rateNext()] : []),
        ...(this.ratings.length > 0 ? [() => this.postNext()] : []),
        ...(this.postings.length > 0 ? [() => this.standNext()] : []),
        ...(this.timelines.length > 0 ? [() => this.feedBack()] : []),
      ];
      if (ready.length === 0) return;
      random.pick(ready)();
    }
  }

  private accept(orderId: string, answer: ReturnType<typeof decideOrder>): string {
    if (!answer.ok) throw new Error(`${answer.refusal.code}: ${answer.refusal.detail}`);
    if (answer.value.outcome === 'recorded') {
      this.orders.set(orderId, answer.value.event);
      this.activities.push(answer.value.event);
    }
    return answer.value.outcome;
  }

  private rateNext(): void {
    this.rate(present(this.activities.shift(), 'an activity').order);
  }

  private rate(order: RecordedOrder): void {
    const at = orderInstant(order);
    const tier = tierAt(this.known, at, COMPILED);
    const { awards } = rate(COMPILED, {
      kind: 'order',
      member: this.member,
      source: order.source,
      id: order.orderId,
      tier,
      order: ratedOrder(order),
    });
    const all = withEarlier(awards, this.rated.get(order.orderId)?.awards ?? []);
    this.rated.set(order.orderId, { order, tier, awards: all });
    const revision = ++this.revision;
    this.ratings.push({ orderId: order.orderId, at, awards: all.map((award) => ({ ...award, revision })) });
  }

  private postNext(): void {
    const { orderId, at, awards } = present(this.ratings.shift(), 'a rating');
    for (const award of awards) {
      const cause = { source: 'shop', id: orderId, revision: award.revision };
      const command = {
        kind: 'post-award',
        award,
        cause,
        origin: { partition: 0, position: award.revision },
        earnedAt: instantOf(at),
      } as const;
      const events = decide(this.account, command, NOW);
      for (const event of events) this.account = evolve(this.account, event);
      if (decide(this.account, command, NOW).length > 0) throw new Error('the same rating again posted something');
      this.postings.push(...events);
    }
  }

  private standNext(): void {
    const event = present(this.postings.shift(), 'a posting');
    const entry: LedgerEntry = event.entry;
    const grant = grantOf(event.type, entry, event.occurredAt);
    if (grant === undefined) return;
    this.grants.set(grant.award, grant);
    const facts = { points: new Map([[LADDER.currency, [...this.grants.values()]]]), purchases: [] };
    const { timeline } = standingOf(LADDER, facts, BEGINNING);
    if (JSON.stringify(timeline) === JSON.stringify(this.published)) return;
    this.published = timeline;
    this.timelines.push(timeline);
  }

  private feedBack(): void {
    this.known = present(this.timelines.shift(), 'a timeline');
    for (const { order, tier } of [...this.rated.values()]) {
      if (tierAt(this.known, orderInstant(order), COMPILED) !== tier) this.rate(order);
    }
  }
}

function proofLadder(): Ladder {
  const answer = ladderOf({ ...PROOF_PROGRAM });
  if (!answer.ok) throw new Error(answer.refusal);
  return present(answer.value, 'the ladder');
}

const instantOf = (text: string) => instantFromMillis(Date.parse(text));
