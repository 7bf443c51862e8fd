import type { Calendar, Instant } from '@jifen/kernel';
import type { ValueOf } from '../each.ts';
import { dayBucket, limitBucket, targetBucket } from './buckets.ts';
import type { WindowUse } from './compile-window.ts';
import type { Entry } from './entry.ts';
import { dayNumber, windowKeys } from './period.ts';

export type Total = readonly [number, number];

const NOTHING: Total = [0, 0];

/** Sums of a member by bucket: what is too long ago to be looked at cause by cause. */
export class Totals {
  readonly #known: Map<string, Total>;
  readonly #changed = new Set<string>();

  constructor(known: Iterable<readonly [string, Total]> = []) {
    this.#known = new Map(known);
  }

  of(bucket: string): Total {
    return this.#known.get(bucket) ?? NOTHING;
  }

  has(bucket: string): boolean {
    return this.#known.has(bucket);
  }

  /** What the store holds; what was changed here since is newer. */
  learn(bucket: string, total: Total | undefined): void {
    if (!this.#known.has(bucket)) this.#known.set(bucket, total ?? NOTHING);
  }

  set(bucket: string, total: Total): void {
    this.#known.set(bucket, total);
    this.#changed.add(bucket);
  }

  add({ part }: Entry, sign: 1 | -1): void {
    for (const [bucket, [points, count]] of Object.entries(part.use ?? {})) this.#add(bucket, points, count, sign);
    for (const [bucket, [metric, earned, day]] of Object.entries(part.counts ?? {})) {
      if (day === undefined) {
        this.#add(bucket, metric, earned, sign);
        continue;
      }
      const place = dayBucket(bucket, day);
      const [before] = this.of(place);
      this.#add(place, 1, 0, sign);
      const turned = sign === 1 ? before === 0 : before === 1;
      this.#add(bucket, turned ? 1 : 0, earned, sign);
    }
  }

  changes(): readonly (readonly [string, Total])[] {
    return [...this.#changed].map((bucket) => [bucket, this.of(bucket)]);
  }

  #add(bucket: string, a: number, b: number, sign: number): void {
    const [x, y] = this.of(bucket);
    this.set(bucket, [x + sign * a, y + sign * b]);
  }
}

/**
 * Buckets that a rating of a cause at an instant may read or change, apart from those that its entry names. Without the values of
 * the cause, those of limits that count by one are left out.
 */
export function bucketsAt(calendar: Calendar, windows: WindowUse, at: Instant, valueOf?: ValueOf): readonly string[] {
  const keys = windowKeys(calendar, at);
  const limits = windows.limits.flatMap((limit) => {
    if (valueOf === undefined) return limit.each === undefined ? [limitBucket(limit, keys, () => undefined)] : [];
    return [limitBucket(limit, keys, valueOf)];
  });
  const targets = windows.targets.flatMap((target) => {
    const bucket = targetBucket(target, keys);
    return target.metric === 'days' ? [bucket, dayBucket(bucket, dayNumber(calendar, at))] : [bucket];
  });
  return [...limits, ...targets];
}

export const bucketsOf = ({ part }: Entry): readonly string[] => [
  ...Object.keys(part.use ?? {}),
  ...Object.entries(part.counts ?? {}).flatMap(([bucket, [, , day]]) =>
    day === undefined ? [bucket] : [bucket, dayBucket(bucket, day)],
  ),
];
