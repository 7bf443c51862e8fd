import { DAY, instantToMillis, type Instant } from '@jifen/kernel';
import type { CompiledProgram } from '../compile.ts';
import type { ValueOf } from '../each.ts';
import { dayBucket, limitBucket } from './buckets.ts';
import type { CompiledLimit } from './compile-window.ts';
import { comparePlaces, type Entry, type Past, type Place } from './entry.ts';
import { dayNumber, windowKeys } from './period.ts';
import type { Totals } from './totals.ts';

export interface WindowSum {
  readonly metric: number;
  readonly earned: number;
  /** When the last cause in it happened. */
  readonly last: Instant | undefined;
}

/**
 * A member's causes that windows know of, in the order of time, from some instant on; what came before it stands in totals. A
 * cause is rated by what came before it, however late that became known.
 */
export class History {
  readonly #entries: Entry[];
  readonly totals: Totals;

  constructor(entries: readonly Entry[], totals: Totals) {
    this.#entries = [...entries].sort(comparePlaces);
    this.totals = totals;
  }

  entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Earlier causes, read later; those that are known stay as they are. */
  extend(earlier: readonly Entry[]): void {
    for (const entry of earlier) if (this.find(entry) === undefined) this.#entries.splice(this.#from(entry), 0, entry);
  }

  find(place: Place): Entry | undefined {
    const found = this.#entries[this.#from(place)];
    return found !== undefined && comparePlaces(found, place) === 0 ? found : undefined;
  }

  remove(entry: Entry): void {
    const index = this.#from(entry);
    if (this.#entries[index] !== undefined && comparePlaces(this.#entries[index], entry) === 0)
      this.#entries.splice(index, 1);
    this.totals.add(entry, -1);
  }

  insert(entry: Entry): void {
    this.#entries.splice(this.#from(entry), 0, entry);
    this.totals.add(entry, 1);
  }

  /** The causes after a place, in order. */
  after(place: Place): readonly Entry[] {
    const index = this.#from(place);
    const own = this.#entries[index];
    return this.#entries.slice(own !== undefined && comparePlaces(own, place) === 0 ? index + 1 : index);
  }

  /** The last cause before a place, of those that count. */
  before(place: Place, counts: (entry: Entry) => boolean): Entry | undefined {
    return this.#entries.slice(0, this.#from(place)).findLast(counts);
  }

  /** What came before a cause, for the limits and runs of its program. */
  past({ calendar, windows }: CompiledProgram, place: Place, valueOf: ValueOf): Past {
    if (windows === undefined) return {};
    const index = this.#from(place);
    const left: Record<string, number> = {};
    const keys = windowKeys(calendar, place.at);
    for (const limit of windows.limits) {
      const [points, count] = this.#used(limit, limitBucket(limit, keys, valueOf), index, place.at);
      if (limit.points !== undefined) left[`${limit.key}:points`] = Math.max(0, limit.points - points);
      if (limit.count !== undefined) left[`${limit.key}:count`] = Math.max(0, limit.count - count);
    }
    const run: Record<string, number> = {};
    const today = dayNumber(calendar, place.at);
    for (const rule of windows.streaks) run[rule] = this.#run(rule, today, index);
    return { left, run };
  }

  /** Metric and points of the causes from an instant to before another: for windows that begin with an enrolment. */
  sum(bucket: string, start: Instant, end: Instant): WindowSum {
    let [metric, earned] = [0, 0];
    let last: Instant | undefined;
    const days = new Set<number>();
    for (const { part, at } of this.#entries) {
      const counted = part.counts?.[bucket];
      if (counted === undefined || at < start || at >= end) continue;
      const [own, points, day] = counted;
      if (day === undefined) metric += own;
      else days.add(day);
      earned += points;
      last = at;
    }
    return { metric: metric + days.size, earned, last };
  }

  /**
   * When a window's sum passed, of causes of an instant on and before another; `undefined`: before everything in memory, or
   * never. Sums only grow, so that there is one such instant, whatever arrived first.
   */
  passedAt(bucket: string, passes: (sum: number) => boolean, start?: Instant, end?: Instant): Instant | undefined {
    const counted = this.#entries.filter(
      ({ at, part }) =>
        part.counts?.[bucket] !== undefined && (start === undefined || at >= start) && (end === undefined || at < end),
    );
    const inMemory = new Map<number, number>();
    for (const [, , day] of counted.map(({ part }) => part.counts?.[bucket] ?? [0, 0]))
      if (day !== undefined) inMemory.set(day, (inMemory.get(day) ?? 0) + 1);
    const isFirst = (day: number): boolean =>
      start !== undefined || this.totals.of(dayBucket(bucket, day))[0] <= (inMemory.get(day) ?? 0);
    const own = counted.reduce(
      (sum, { part }) => {
        const [metric = 0, , day] = part.counts?.[bucket] ?? [];
        return sum + (day === undefined ? metric : 0);
      },
      [...inMemory.keys()].filter(isFirst).length,
    );
    let sum = start === undefined ? this.totals.of(bucket)[0] - own : 0;
    if (passes(sum)) return undefined;
    const seen = new Set<number>();
    for (const { at, part } of counted) {
      const [metric = 0, , day] = part.counts?.[bucket] ?? [];
      if (day === undefined) sum += metric;
      else if (!seen.has(day) && isFirst(day)) sum += 1;
      if (day !== undefined) seen.add(day);
      if (passes(sum)) return at;
    }
    return undefined;
  }

  /** Totals of the days that causes in memory count in a window. */
  daysIn(bucket: string): readonly string[] {
    return this.#entries.flatMap(({ part }) => {
      const day = part.counts?.[bucket]?.[2];
      return day === undefined ? [] : [dayBucket(bucket, day)];
    });
  }

  /** Instant of the last cause in memory that counts in a window. */
  lastIn(bucket: string): Instant | undefined {
    return this.#entries.findLast(({ part }) => part.counts?.[bucket] !== undefined)?.at;
  }

  #used(limit: CompiledLimit, bucket: string, index: number, at: Instant): readonly [number, number] {
    let [points, count] = [0, 0];
    const add = (entry: Entry, sign: number): void => {
      const used = entry.part.use?.[bucket];
      if (used !== undefined) [points, count] = [points + sign * used[0], count + sign * used[1]];
    };
    const { per } = limit;
    if (typeof per === 'object') {
      const from = instantToMillis(at) - per.days * DAY;
      for (let n = index - 1; n >= 0; n--) {
        const entry = this.#entries[n];
        if (entry === undefined || instantToMillis(entry.at) <= from) break;
        add(entry, 1);
      }
      return [points, count];
    }
    [points, count] = this.totals.of(bucket);
    for (const entry of this.#entries.slice(index)) add(entry, -1);
    return [points, count];
  }

  #run(rule: string, today: number, index: number): number {
    for (let n = index - 1; n >= 0; n--) {
      const run = this.#entries[n]?.part.run?.[rule];
      if (run === undefined) continue;
      const [day, length] = run;
      return day === today ? 0 : day === today - 1 ? length + 1 : 1;
    }
    return 1;
  }

  #from(place: Place): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#entries[middle];
      if (entry !== undefined && comparePlaces(entry, place) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
