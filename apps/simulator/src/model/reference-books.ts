import type { Dates, Part, RefHold, RefLot } from './reference-types.ts';

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The lots, holds and debt of one member of the naive ledger, and what time does to them. */
export class RefBooks {
  readonly lots: RefLot[] = [];
  readonly holds: RefHold[] = [];
  debt = 0;

  constructor(
    readonly name: string,
    protected readonly clock: { now: number },
  ) {}

  held(lot: RefLot): number {
    const open = this.holds.filter(({ state }) => state === 'open').flatMap(({ parts }) => parts);
    return sum(open.filter((part) => part.lot === lot).map(({ points }) => points));
  }

  free(lot: RefLot): number {
    return lot.left - this.held(lot);
  }

  tick(): void {
    const { now } = this.clock;
    const ended = this.holds.filter((hold) => hold.state === 'open' && hold.until <= now);
    for (const hold of ended.sort((a, b) => a.until - b.until || (a.id < b.id ? -1 : 1))) {
      hold.state = 'lapsed';
      this.pay(hold.until);
    }
    for (const lot of this.lots) {
      if (lot.until > now) continue;
      const gone = this.free(lot);
      lot.left -= gone;
      lot.expired += gone;
    }
    this.pay(now);
  }

  private pay(at: number): void {
    for (const { lot, points } of this.pick(this.takeable(at), this.debt)) {
      lot.left -= points;
      this.debt -= points;
    }
  }

  usable(at = this.clock.now): RefLot[] {
    return this.sorted(({ from, until }) => from <= at && at < until);
  }

  pending(at = this.clock.now): RefLot[] {
    return this.sorted(({ from, until }) => from > at && at < until);
  }

  takeable(at = this.clock.now): RefLot[] {
    return [...this.usable(at), ...this.pending(at)];
  }

  summary() {
    const { now } = this.clock;
    const total = (lots: readonly RefLot[]): number => sum(lots.map((lot) => this.free(lot)));
    return {
      available: total(this.usable()),
      pending: total(this.pending()),
      held: sum(this.lots.map((lot) => this.held(lot))),
      debt: this.debt,
      gone: sum(this.lots.map((lot) => lot.expired + (lot.until <= now ? this.free(lot) : 0))),
    };
  }

  protected open(id: string, award: string, left: number, dates: Dates, source?: string): RefLot {
    const { from, until, earned } = dates;
    const named = source === undefined ? {} : { source };
    const lot: RefLot = { id, award, left, expired: 0, from, until, earned, extended: false, ...named };
    this.lots.push(lot);
    return lot;
  }

  protected sorted(of: (lot: RefLot) => boolean): RefLot[] {
    return this.lots
      .filter((lot) => lot.left > 0 && of(lot))
      .sort((a, b) => a.until - b.until || a.earned - b.earned || (a.id < b.id ? -1 : 1));
  }

  protected pick(lots: readonly RefLot[], amount: number): Part[] {
    const parts: Part[] = [];
    let left = amount;
    for (const lot of lots) {
      const points = Math.min(this.free(lot), left);
      if (points <= 0) continue;
      parts.push({ lot, points });
      left -= points;
    }
    return parts;
  }
}
