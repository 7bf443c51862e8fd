import type { System } from '@jifen/app-simulator';
import { percentile } from './percentile.ts';
import { createRedeemer, type Redeemer } from './redemptions.ts';

const GIVEN = 1_000_000;
const CONNECTIONS = 64;
const GIVERS = 8;
const SHOWN = 5;

export interface ShoppersOptions {
  readonly system: System;
  /** A key that may spend. */
  readonly till: string;
  readonly count: number;
}

/** Members who redeem all the time, each after the other, and look at once whether it is in their balance. */
export class Shoppers {
  readonly #milliseconds: number[] = [];
  readonly #wrong: string[] = [];
  #stopped = false;

  private constructor(
    private readonly redeemer: Redeemer,
    private readonly members: readonly string[],
  ) {}

  static async open({ system, till, count }: ShoppersOptions): Promise<Shoppers> {
    const redeemer = createRedeemer(system.targets.ledger, till, system.key, CONNECTIONS);
    const members = Array.from({ length: count }, (_, n) => `shopper-${n}`);
    const waiting = members.values();
    const giver = async (): Promise<void> => {
      for (const member of waiting) await redeemer.give(member, GIVEN);
    };
    await Promise.all(Array.from({ length: GIVERS }, giver));
    return new Shoppers(redeemer, members);
  }

  /** So many redemptions a second, whatever the earlier ones do, until stopped. */
  async go(perSecond: number): Promise<void> {
    const idle = [...this.members];
    const under = new Set<Promise<void>>();
    const started = performance.now();
    for (let n = 0; !this.#stopped; n++) {
      const wait = started + (n / perSecond) * 1_000 - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const member = idle.shift();
      // Everybody waits for an answer: that is told by the times.
      if (member === undefined) continue;
      const one = this.#shop(member).finally(() => {
        idle.push(member);
        under.delete(one);
      });
      under.add(one);
    }
    await Promise.all(under);
  }

  stop(): void {
    this.#stopped = true;
  }

  async #shop(member: string): Promise<void> {
    const sent = performance.now();
    try {
      await this.redeemer.redeem(member);
      this.#milliseconds.push(performance.now() - sent);
      await this.#check(member);
    } catch (error) {
      this.#wrong.push(`${member}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #check(member: string): Promise<void> {
    const spent = this.redeemer.spent(member);
    const left = await this.redeemer.left(member);
    if (spent + left !== GIVEN) this.#wrong.push(`${member}: ${spent} spent + ${left} left, ${GIVEN} given`);
  }

  /** What was refused or read wrongly, after a last look at every member; closes. */
  async wrong(): Promise<readonly string[]> {
    for (const member of this.members) await this.#check(member);
    this.redeemer.close();
    const more = this.#wrong.length - SHOWN;
    return more > 0 ? [...this.#wrong.slice(0, SHOWN), `and ${more} more`] : this.#wrong;
  }

  figures(): { readonly commands: number; readonly p50: number; readonly p99: number; readonly worst: number } {
    const at = (share: number): number => Math.round(percentile(this.#milliseconds, share));
    return { commands: this.#milliseconds.length, p50: at(0.5), p99: at(0.99), worst: at(1) };
  }
}
