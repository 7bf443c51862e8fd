import type { Calendar, Instant } from '@jifen/kernel';
import type { ValueOf } from '../each.ts';
import type { Step } from '../trace.ts';
import { limitBucket, targetBucket } from './buckets.ts';
import type { CompiledLimit, StreakForm, WindowUse } from './compile-window.ts';
import type { Past, WindowPart } from './entry.ts';
import { dayNumber, windowKeys } from './period.ts';

interface Limited {
  readonly target: number;
  readonly steps: readonly Step[];
}

/** What one rating takes from the member's other causes, and what it leaves to them. */
export class WindowRun {
  /** Absent: nothing came before, and every limit is whole. Given: a limit that it does not name leaves enough. */
  readonly #past: Past | undefined;
  readonly #valueOf: ValueOf;
  readonly #taken = new Map<string, number>();
  /** By key: rules that share a limit add up. */
  readonly #use = new Map<string, { readonly limit: CompiledLimit; readonly used: readonly [number, number] }>();
  readonly #runs = new Map<string, number>();
  readonly #counts = new Map<string, readonly [number, number]>();
  readonly #left: Record<string, number> = {};
  readonly #run: Record<string, number> = {};
  readonly #away: Record<string, number> = {};

  constructor(past: Past | undefined, valueOf: ValueOf) {
    this.#past = past;
    this.#valueOf = valueOf;
  }

  /** What the limits leave of a target. */
  limit(limits: readonly CompiledLimit[], wished: number): Limited {
    let target = wished;
    const steps: Step[] = [];
    const cut = (limit: CompiledLimit, unit: 'points' | 'count', result: number, left: number): void => {
      const name = `${limit.key}:${unit}`;
      this.#left[name] = left + (this.#taken.get(name) ?? 0);
      const { each, key } = limit;
      const value = each === undefined ? undefined : this.#valueOf(each);
      steps.push({ each, left, limit: key, result, step: 'limit', unit, value, wished: target });
      target = result;
    };
    for (const limit of limits) {
      const points = this.#leftOf(limit, 'points');
      const count = this.#leftOf(limit, 'count');
      if (count < 1 && target > 0) cut(limit, 'count', 0, count);
      if (points < target) cut(limit, 'points', Math.max(0, points), points);
    }
    return { target, steps };
  }

  /** Each limit takes its part of what is granted. */
  use(limits: readonly CompiledLimit[], target: number): void {
    if (target === 0) return;
    for (const limit of limits) {
      const [points, count] = this.#use.get(limit.key)?.used ?? [0, 0];
      this.#use.set(limit.key, { limit, used: [points + target, count + 1] });
      this.#take(`${limit.key}:points`, target);
      this.#take(`${limit.key}:count`, 1);
    }
  }

  /** Length of the run with this day; 0: the day has its first already. */
  streak(rule: string): number {
    const length = this.#past?.run?.[rule] ?? 1;
    this.#run[rule] = length;
    if (length > 0) this.#runs.set(rule, length);
    return length;
  }

  /** Whole days of silence that the cause ended, where they are enough. */
  away(rule: string): number | undefined {
    const days = this.#past?.away?.[rule];
    if (days !== undefined) this.#away[rule] = days;
    return days;
  }

  count(rule: string, metric: number, earned: number): void {
    if (metric !== 0 || earned !== 0) this.#counts.set(rule, [metric, earned]);
  }

  /** As much of the past as decided something. */
  past(): Past | undefined {
    const parts = {
      ...(isEmpty(this.#left) ? {} : { left: this.#left }),
      ...(isEmpty(this.#run) ? {} : { run: this.#run }),
      ...(isEmpty(this.#away) ? {} : { away: this.#away }),
    };
    return isEmpty(parts) ? undefined : parts;
  }

  part(calendar: Calendar, windows: WindowUse, at: Instant): WindowPart {
    const day = dayNumber(calendar, at);
    const keys = windowKeys(calendar, at);
    const use = [...this.#use.values()].map(
      ({ limit, used }) => [limitBucket(limit, keys, this.#valueOf), used] as const,
    );
    const runs = [...this.#runs].map(([rule, length]) => [rule, [day, length]] as const);
    const counts = windows.targets.flatMap((target): (readonly [string, readonly [number, number, number?]])[] => {
      const [metric = 0, earned = 0] = this.#counts.get(target.rule) ?? [];
      if (metric === 0 && earned === 0) return [];
      const bucket = targetBucket(target, keys);
      return [[bucket, target.metric === 'days' && metric > 0 ? [metric, earned, day] : [metric, earned]]];
    });
    return {
      ...(use.length === 0 ? {} : { use: Object.fromEntries(use) }),
      ...(runs.length === 0 ? {} : { run: Object.fromEntries(runs) }),
      ...(counts.length === 0 ? {} : { counts: Object.fromEntries(counts) }),
      ...(windows.winBacks.length === 0 ? {} : { seen: 1 as const }),
      ...(this.past() === undefined ? {} : { cut: 1 as const }),
    };
  }

  #leftOf(limit: CompiledLimit, unit: 'points' | 'count'): number {
    const whole = limit[unit];
    if (whole === undefined) return Number.POSITIVE_INFINITY;
    const name = `${limit.key}:${unit}`;
    const before = this.#past === undefined ? whole : (this.#past.left?.[name] ?? Number.POSITIVE_INFINITY);
    return before - (this.#taken.get(name) ?? 0);
  }

  #take(name: string, amount: number): void {
    this.#taken.set(name, (this.#taken.get(name) ?? 0) + amount);
  }
}

const isEmpty = (record: object): boolean => Object.keys(record).length === 0;

/** Points of a day of the run; after the cycle it counts from 1 again. */
export function streakPoints({ points, bonuses, cycle }: StreakForm, length: number): { day: number; points: number } {
  const day = cycle === undefined ? length : ((length - 1) % cycle) + 1;
  return { day, points: points + (bonuses.get(day) ?? 0) };
}
