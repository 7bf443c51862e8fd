import { ConcurrencyError } from '@jifen/event-store';
import { present } from '@jifen/kernel';
import { allowed, type CompiledBudget, type Held, type PackedFunding } from '@jifen/rules';
import type { Book } from '../book.ts';
import type { BudgetDesk, Slice, SlicePlace } from './budget-desk.ts';

/** Where a cause takes from budgets. */
export interface Purse {
  readonly program: string;
  readonly partition: number;
}

interface Moved {
  readonly place: SlicePlace;
  used: number;
  revenue: number;
  readonly rules: Map<string, [granted: number, wished: number]>;
}

type Holding = Pick<PackedFunding, 'h' | 'r'>;

const keyOf = ({ program, partition }: Purse, bucket: string): string => `${partition} ${program} ${bucket}`;

/** The slices of a flush: read when an award first asks for them, saved with everything else. */
export class BudgetBook<Sql> implements Book {
  readonly #sql: Sql;
  readonly #desk: BudgetDesk<Sql>;
  readonly #partitions: readonly number[];
  readonly #slices = new Map<string, Slice>();
  readonly #moved = new Map<string, Moved>();
  /** Slices for which there is no more to draw. */
  readonly #dry = new Set<string>();
  readonly #drawn = new Set<string>();

  /** `partitions` of the flush: a window that one of them asks for is read for all. */
  constructor(sql: Sql, desk: BudgetDesk<Sql>, partitions: readonly number[]) {
    this.#sql = sql;
    this.#desk = desk;
    this.#partitions = partitions;
  }

  /** Reads slices that are not known yet. */
  async load(purse: Purse, buckets: readonly string[]): Promise<void> {
    const missing = buckets.filter((bucket) => !this.#slices.has(keyOf(purse, bucket)));
    if (missing.length === 0) return;
    const { program } = purse;
    const places = missing.flatMap((bucket) => this.#partitions.map((partition) => ({ program, bucket, partition })));
    for (const slice of await this.#desk.slicesOf(this.#sql, places))
      this.#slices.set(keyOf(slice, slice.bucket), slice);
  }

  /** What a slice has left; below 0 where revenue went back. `revenue` is what the cause itself adds to it. */
  left(purse: Purse, bucket: string, { share }: CompiledBudget, revenue: number): number {
    const key = keyOf(purse, bucket);
    const slice = present(this.#slices.get(key), `slice ${key}`);
    const moved = this.#moved.get(key);
    const quota = share === undefined ? slice.quota : allowed(share, slice.revenue + (moved?.revenue ?? 0) + revenue);
    return quota - slice.used - (moved?.used ?? 0);
  }

  /** Makes what a newer version says of a budget known before it is used. */
  async follow(purse: Purse, bucket: string, { points }: CompiledBudget, version: number): Promise<void> {
    const { central } = present(this.#slices.get(keyOf(purse, bucket)), `slice ${bucket}`);
    if (points !== undefined && central !== undefined && central.version < version)
      await this.#draw(purse, bucket, { total: points, version, need: 0 });
  }

  /** Draws what is missing in a slice; answers whether there is more in it than before. */
  async draw(
    purse: Purse,
    bucket: string,
    { points }: CompiledBudget,
    { version, need }: { readonly version: number; readonly need: number },
  ): Promise<boolean> {
    const key = keyOf(purse, bucket);
    const { central, elsewhere, quota } = present(this.#slices.get(key), `slice ${key}`);
    if (points === undefined || this.#dry.has(key)) return false;
    // Nobody queues for a row that has nothing to give.
    if (central !== undefined && central.free <= 0 && elsewhere <= 0) return false;
    const drawn = await this.#draw(purse, bucket, { total: points, version, need });
    if (drawn.quota - quota < need) this.#dry.add(key);
    return drawn.quota > quota;
  }

  async #draw(
    purse: Purse,
    bucket: string,
    wish: { readonly total: number; readonly version: number; readonly need: number },
  ): Promise<Slice> {
    const { program, partition } = purse;
    const key = keyOf(purse, bucket);
    const slice = present(this.#slices.get(key), `slice ${key}`);
    // Who is short uses up what is in the slice besides.
    const planned = wish.need === 0 ? (this.#moved.get(key)?.used ?? 0) : slice.quota - slice.used;
    const drawn = await this.#desk.draw(this.#sql, {
      program,
      bucket,
      partition,
      ...wish,
      planned: Math.max(0, planned),
    });
    this.#slices.set(key, drawn);
    this.#drawn.add(key);
    this.#movedOf({ program, partition, bucket });
    return drawn;
  }

  /** A rating or an award that pays once holds something else than before. */
  move({ program, partition }: Purse, before: Holding | undefined, after: Holding | undefined): void {
    if (before === undefined && after === undefined) return;
    for (const [sign, { h = {}, r = {} } = {}] of [
      [-1, before],
      [1, after],
    ] as const) {
      for (const [bucket, held] of Object.entries(h))
        for (const [rule, part] of Object.entries(held))
          this.#moveRule({ program, partition, bucket }, rule, part, sign);
      for (const [bucket, revenue] of Object.entries(r))
        this.#movedOf({ program, partition, bucket }).revenue += sign * revenue;
    }
  }

  #moveRule(place: SlicePlace, rule: string, [granted, wished]: Held[string], sign: number): void {
    const moved = this.#movedOf(place);
    moved.used += sign * granted;
    const [g, w] = moved.rules.get(rule) ?? [0, 0];
    moved.rules.set(rule, [g + sign * granted, w + sign * wished]);
  }

  #movedOf(place: SlicePlace): Moved {
    const key = keyOf(place, place.bucket);
    const known = this.#moved.get(key) ?? { place, used: 0, revenue: 0, rules: new Map() };
    this.#moved.set(key, known);
    return known;
  }

  async save(): Promise<void> {
    const moves = [...this.#moved.values()].flatMap(({ place, used, revenue, rules }) => {
      const changed = [...rules].filter(([, [granted, wished]]) => granted !== 0 || wished !== 0);
      // What was drawn and then not used is nobody's reserve any more.
      if (revenue === 0 && changed.length === 0 && !this.#drawn.has(keyOf(place, place.bucket))) return [];
      return [
        { ...place, used, revenue, rules: changed.map(([rule, [granted, wished]]) => ({ rule, granted, wished })) },
      ];
    });
    if (moves.length === 0) return;
    if (!(await this.#desk.save(this.#sql, moves)))
      throw new ConcurrencyError('another partition drew what a slice of a budget had left');
  }
}
