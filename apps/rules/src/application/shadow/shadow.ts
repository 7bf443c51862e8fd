import type { RulesItem } from '../cause.ts';
import { isSampled } from '../simulation/history.ts';
import type { MemberInput } from '../simulation/member-outcome.ts';
import { MemberWorlds } from '../simulation/member-worlds.ts';
import { compared, type Comparison, type ComparedPrograms } from '../simulation/simulate-history.ts';
import { Tally, type TallyState } from '../simulation/tally.ts';

/** Items that may wait; what comes when it is full is dropped and counted. */
export const MAX_QUEUE = 5_000;
/** Members followed by a process; further ones are counted as not followed. */
const MAX_MEMBERS = 5_000;
/** Orders and activities of a member and of all of them that are kept in memory; further ones are dropped and counted. */
export const MAX_MEMBER_CAUSES = 1_000;
const MAX_CAUSES = 100_000;
/** A flush as large as this means that the service is busy: the shadow lets it pass. */
const BUSY_FLUSH = 200;

export interface ShadowCounts {
  /** Items of live traffic that were rated under both programs. */
  readonly rated: number;
  /** Items that were let pass because the service was busy, or the queue or the memory of the shadow full. */
  readonly dropped: number;
  readonly membersNotFollowed: number;
}

/** What the service knows of a member besides what it does. */
export type KnownOf = (owner: string) => Promise<Omit<MemberInput, 'items'>>;

export type ShadowPart = ShadowCounts & { readonly tally: TallyState };

/**
 * A draft beside the version in force, on live traffic, in one process. Both rate in memory from when it began; the live rating is not
 * asked and not touched, and is never waited for.
 */
export class Shadow {
  readonly #comparison: Comparison;
  readonly #programs: ComparedPrograms;
  readonly #percent: number;
  readonly #members = new Map<string, MemberWorlds>();
  readonly #notFollowed = new Set<string>();
  #queue: RulesItem[] = [];
  #causes = 0;
  #rated = 0;
  #dropped = 0;

  constructor(program: string, comparison: Comparison, percent: number) {
    this.#comparison = comparison;
    this.#programs = compared(program, comparison);
    this.#percent = percent;
  }

  /** From the live path: never waits, never throws. */
  offer(items: readonly RulesItem[], flush: number): void {
    const room = flush >= BUSY_FLUSH ? 0 : MAX_QUEUE - this.#queue.length;
    const wanted = items.filter(({ owner }) => isSampled(owner, this.#percent));
    this.#queue.push(...wanted.slice(0, Math.max(0, room)));
    this.#dropped += Math.max(0, wanted.length - room);
  }

  waiting(): number {
    return this.#queue.length;
  }

  /** Rates what waits, item by item; `pause` lets others work in between. */
  async work(knownOf: KnownOf, pause: () => Promise<void>): Promise<void> {
    const taken = this.#queue;
    this.#queue = [];
    for (const item of taken) {
      const worlds = await this.#worldsOf(item.owner, knownOf);
      if (worlds === undefined) continue;
      if (!this.#hasRoom(worlds, item)) {
        this.#dropped += 1;
        continue;
      }
      const before = worlds.causes;
      await worlds.deliver(item);
      this.#causes += worlds.causes - before;
      this.#rated += 1;
      await pause();
    }
  }

  /** What is known already changes without growing. */
  #hasRoom(worlds: MemberWorlds, item: RulesItem): boolean {
    if (item.kind === 'tier' || worlds.knows(item.cause.stream)) return true;
    return worlds.causes < MAX_MEMBER_CAUSES && this.#causes < MAX_CAUSES;
  }

  part(): ShadowPart {
    const tally = new Tally(this.#comparison.candidate.document, this.#comparison.baseline.document);
    for (const worlds of this.#members.values()) tally.add(worlds.outcome());
    const counts = { rated: this.#rated, dropped: this.#dropped, membersNotFollowed: this.#notFollowed.size };
    return { ...counts, tally: tally.state() };
  }

  async #worldsOf(owner: string, knownOf: KnownOf): Promise<MemberWorlds | undefined> {
    const known = this.#members.get(owner);
    if (known !== undefined) return known;
    if (this.#members.size >= MAX_MEMBERS) {
      if (this.#notFollowed.size < MAX_MEMBERS) this.#notFollowed.add(owner);
      return undefined;
    }
    const worlds = await MemberWorlds.open(this.#programs, await knownOf(owner));
    this.#members.set(owner, worlds);
    return worlds;
  }
}
