import { dueOf, orderRevenue, ratedOrder } from '@jifen/rules';
import type { RulesItem } from '../cause.ts';
import type { MemoryRules, MemoryWorld } from '../memory/memory-rules.ts';
import {
  knownItems,
  type MemberInput,
  type MemberOutcome,
  type Standing,
  type StandingAward,
} from './member-outcome.ts';
import type { ComparedPrograms } from './simulate-history.ts';

/** One member under two programs, message by message. */
export class MemberWorlds {
  readonly #moneyCurrency: string;
  readonly #owner: string;
  readonly #candidate: FollowedWorld;
  readonly #baseline: FollowedWorld;
  readonly #causes = new Set<string>();
  /** Stream of an order → what it brought in. */
  readonly #revenues = new Map<string, number>();
  #revenue = 0;

  private constructor({ candidate, baseline, moneyCurrency }: ComparedPrograms, owner: string) {
    this.#moneyCurrency = moneyCurrency;
    this.#owner = owner;
    this.#candidate = new FollowedWorld(candidate);
    this.#baseline = new FollowedWorld(baseline);
  }

  static async open(programs: ComparedPrograms, known: Omit<MemberInput, 'items'>): Promise<MemberWorlds> {
    const worlds = new MemberWorlds(programs, known.owner);
    for (const item of knownItems(known)) await worlds.deliver(item);
    // What was known before is nothing that happened.
    worlds.#causes.clear();
    return worlds;
  }

  /** Orders and activities that it was told of. */
  get causes(): number {
    return this.#causes.size;
  }

  knows(stream: string): boolean {
    return this.#causes.has(stream);
  }

  async deliver(item: RulesItem): Promise<void> {
    await this.#candidate.deliver(item);
    await this.#baseline.deliver(item);
    if (item.kind === 'tier') return;
    const { stream } = item.cause;
    this.#causes.add(stream);
    if (item.kind !== 'order') return;
    const revenue = orderRevenue(ratedOrder(item.event.order), this.#moneyCurrency);
    this.#revenue += revenue - (this.#revenues.get(stream) ?? 0);
    this.#revenues.set(stream, revenue);
  }

  outcome(): MemberOutcome {
    return {
      member: this.#owner.slice(this.#owner.indexOf('/') + 1),
      candidate: this.#candidate.standing(),
      baseline: this.#baseline.standing(),
      causes: this.#causes.size,
      revenue: this.#revenue,
    };
  }
}

/** A world and what its member has in it, as far as it is another after each message. */
class FollowedWorld {
  readonly #world: MemoryWorld;
  readonly #awards = new Map<string, StandingAward>();
  /** By rule, currency and tier: members have many awards. */
  readonly #sums = new Map<string, StandingAward>();
  #seen = 0;

  constructor(rules: MemoryRules) {
    this.#world = rules.world();
  }

  async deliver(item: RulesItem): Promise<void> {
    await this.#world.deliver([item]);
    for (const made of await this.#world.ratings(this.#seen)) {
      this.#seen += 1;
      for (const award of made.awards) {
        const { awardId, ruleId: rule, currency } = award;
        const before = this.#awards.get(awardId);
        if (before !== undefined) this.#add(before, -1);
        const now = { rule, currency, target: dueOf(award), tier: made.tier };
        this.#awards.set(awardId, now);
        this.#add(now, 1);
      }
    }
  }

  standing(): Standing {
    return { awards: [...this.#sums.values()] };
  }

  #add(award: StandingAward, sign: 1 | -1): void {
    const key = [award.rule, award.currency, award.tier].join('\n');
    const target = (this.#sums.get(key)?.target ?? 0) + sign * award.target;
    this.#sums.set(key, { ...award, target });
  }
}
