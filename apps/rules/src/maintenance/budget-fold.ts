import type { RatingMade } from '@jifen/contracts';
import type { PackedFunding } from '@jifen/rules';
import { heldBy } from '../application/budget/held-by.ts';

/** What the ratings of a partition hold of a window of a budget. */
export interface HeldSlice {
  readonly program: string;
  readonly bucket: string;
  readonly partition: number;
  used: number;
  revenue: number;
  readonly rules: Map<string, [granted: number, wished: number]>;
}

/** Partition → position in the log. */
export type Places = ReadonlyMap<number, number>;

/**
 * What all last ratings together hold of budgets, as the log was at some places: what was granted is taken from the ratings and never
 * decided again. Sums are of all members of a partition, so that they are compared at one place of its log, and moved on to it.
 */
export class BudgetFold {
  readonly places: Places;
  readonly #slices = new Map<string, HeldSlice>();
  /** Window of a budget → the newest version of the program that gave something of it. */
  readonly #versions = new Map<string, number>();
  #last: { readonly stream: string; readonly partition: number; readonly made: RatingMade } | undefined;

  constructor(places: Places) {
    this.places = places;
  }

  /** Ratings stream by stream, each in its order; those behind the places are left for `move`. */
  add(partition: number, position: number, stream: string, made: RatingMade): void {
    if (position > (this.places.get(partition) ?? 0)) return;
    this.#note(made);
    if (this.#last !== undefined && this.#last.stream !== stream) this.close();
    this.#last = { stream, partition, made };
  }

  /** The last stream ends. */
  close(): void {
    if (this.#last !== undefined) this.#take(this.#last.partition, this.#last.made, 1);
    this.#last = undefined;
  }

  /** A later rating of a cause in the place of the one before it, if any. */
  move(partition: number, before: RatingMade | undefined, after: RatingMade): void {
    this.#note(after);
    if (before !== undefined) this.#take(partition, before, -1);
    this.#take(partition, after, 1);
  }

  /** The sums of a partition by themselves: they can be moved on and these stay. */
  copyOf(partition: number): BudgetFold {
    const copy = new BudgetFold(this.places);
    for (const [key, slice] of this.#slices)
      if (slice.partition === partition) copy.#slices.set(key, { ...slice, rules: new Map(slice.rules) });
    return copy;
  }

  slicesOf(partition: number): readonly HeldSlice[] {
    return [...this.#slices.values()].filter((slice) => slice.partition === partition);
  }

  versionOf(program: string, bucket: string): number | undefined {
    return this.#versions.get(`${program} ${bucket}`);
  }

  #note(made: RatingMade): void {
    const { h = {}, r = {} }: PackedFunding = heldBy(made) ?? {};
    for (const bucket of [...Object.keys(h), ...Object.keys(r)]) {
      const key = `${made.program} ${bucket}`;
      this.#versions.set(key, Math.max(made.programVersion, this.#versions.get(key) ?? 0));
    }
  }

  #take(partition: number, made: RatingMade, sign: 1 | -1): void {
    const { h = {}, r = {} }: PackedFunding = heldBy(made) ?? {};
    for (const [bucket, rules] of Object.entries(h)) {
      const slice = this.#slice(made.program, bucket, partition);
      for (const [rule, [granted, wished]] of Object.entries(rules)) {
        const [g, w] = slice.rules.get(rule) ?? [0, 0];
        slice.used += sign * granted;
        slice.rules.set(rule, [g + sign * granted, w + sign * wished]);
      }
    }
    for (const [bucket, revenue] of Object.entries(r))
      this.#slice(made.program, bucket, partition).revenue += sign * revenue;
  }

  #slice(program: string, bucket: string, partition: number): HeldSlice {
    const key = `${partition} ${program} ${bucket}`;
    const known = this.#slices.get(key) ?? { program, bucket, partition, used: 0, revenue: 0, rules: new Map() };
    this.#slices.set(key, known);
    return known;
  }
}
