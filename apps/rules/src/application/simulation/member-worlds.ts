import { orderRevenue, ratedOrder, type RatedOrder } from '@jifen/rules';
import type { RulesItem } from '../cause.ts';
import type { MemoryWorld } from '../memory/memory-rules.ts';
import { knownItems, standingIn, type MemberInput, type MemberOutcome, type Standing } from './member-outcome.ts';
import type { ComparedPrograms } from './simulate-history.ts';

const NOTHING: Standing = { awards: [] };

/** One member under two programs, message by message. */
export class MemberWorlds {
  readonly #programs: ComparedPrograms;
  readonly #owner: string;
  readonly #candidate: MemoryWorld;
  readonly #baseline: MemoryWorld;
  readonly #causes = new Set<string>();
  readonly #orders = new Map<string, RatedOrder>();
  #standing = { candidate: NOTHING, baseline: NOTHING };

  private constructor(programs: ComparedPrograms, owner: string) {
    this.#programs = programs;
    this.#owner = owner;
    this.#candidate = programs.candidate.world();
    this.#baseline = programs.baseline.world();
  }

  static async open(programs: ComparedPrograms, known: Omit<MemberInput, 'items'>): Promise<MemberWorlds> {
    const worlds = new MemberWorlds(programs, known.owner);
    for (const item of knownItems(known)) await worlds.deliver(item);
    // What was known before is nothing that happened.
    worlds.#causes.clear();
    return worlds;
  }

  async deliver(item: RulesItem): Promise<void> {
    await this.#candidate.deliver([item]);
    await this.#baseline.deliver([item]);
    if (item.kind !== 'tier') this.#causes.add(item.cause.stream);
    if (item.kind === 'order') this.#orders.set(item.cause.stream, ratedOrder(item.event.order));
    this.#standing = { candidate: await standingIn(this.#candidate), baseline: await standingIn(this.#baseline) };
  }

  outcome(): MemberOutcome {
    const { moneyCurrency } = this.#programs;
    const revenue = [...this.#orders.values()].reduce((sum, order) => sum + orderRevenue(order, moneyCurrency), 0);
    const member = this.#owner.slice(this.#owner.indexOf('/') + 1);
    return { member, ...this.#standing, causes: this.#causes.size, revenue };
  }
}
