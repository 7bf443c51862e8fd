import type { OnceAward } from '@jifen/rules';
import { isFirst, onceAgain } from '../application/once-again.ts';
import type { FoldedRating, FoldedRow } from './member-fold.ts';

interface Dropped {
  readonly position: number;
  readonly award: OnceAward;
}

type Qualifying = Readonly<Record<string, OnceAward>>;

/** Which activities decide the rules that pay once: of those that qualify by their last rating, the first by time. */
export class OnceFold {
  readonly #owner: string;
  readonly #first = new Map<string, OnceAward>();
  /** What the last activity would have paid that ceased to qualify. */
  readonly #dropped = new Map<string, Dropped>();
  #qualifying: Qualifying = {};

  constructor(owner: string) {
    this.#owner = owner;
  }

  add(rating: FoldedRating): void {
    const now = rating.program === undefined ? {} : onceAgain(rating.program, rating.made);
    for (const [rule, award] of Object.entries(this.#qualifying)) {
      const { position } = rating;
      if (now[rule] === undefined && position > (this.#dropped.get(rule)?.position ?? 0))
        this.#dropped.set(rule, { position, award });
    }
    this.#qualifying = now;
  }

  /** The stream of an activity ends. */
  close(): void {
    for (const [rule, award] of Object.entries(this.#qualifying)) {
      if (isFirst(award, this.#first.get(rule))) this.#first.set(rule, award);
    }
    this.#qualifying = {};
  }

  rows(): readonly FoldedRow[] {
    const gone = [...this.#dropped].filter(([rule]) => !this.#first.has(rule));
    return [
      ...[...this.#first].map(([rule, award]) => this.#row(rule, award)),
      ...gone.map(([rule, { award }]) => this.#row(rule, { ...award, gone: true })),
    ];
  }

  #row(rule: string, award: OnceAward & { readonly gone?: true }): FoldedRow {
    const row = { owner: this.#owner, rule, award: JSON.stringify(award) };
    return { book: 'once_award', row, due: 'exactly' };
  }
}
