import type { BackoffLimits } from './backoff.ts';
import { backoffMillis } from './backoff.ts';

interface Trouble {
  readonly failures: number;
  readonly until: number;
  readonly error: Error;
}

/**
 * Which partitions rest after a failure. A batch of several partitions that fails is first taken apart: each partition is
 * tried alone, so that only the one that is to blame keeps resting, longer each time.
 */
export class Troubles {
  readonly #limits: BackoffLimits;
  readonly #chance: () => number;
  readonly #resting = new Map<number, Trouble>();
  readonly #suspects = new Set<number>();
  #general: Trouble | undefined;

  constructor(limits: BackoffLimits, chance: () => number) {
    this.#limits = limits;
    this.#chance = chance;
  }

  /** Of the batch's partitions; none when it failed before there was a batch. */
  failed(partitions: readonly number[], error: Error, now: number): void {
    const [alone] = partitions;
    if (alone !== undefined && partitions.length === 1) {
      this.#suspects.delete(alone);
      this.#resting.set(alone, this.#trouble(this.#resting.get(alone), error, now));
      return;
    }
    for (const partition of partitions) this.#suspects.add(partition);
    this.#general = this.#trouble(this.#general, error, now);
  }

  succeeded(partitions: readonly number[]): void {
    this.#general = undefined;
    for (const partition of partitions) this.forget(partition);
  }

  forget(partition: number): void {
    this.#resting.delete(partition);
    this.#suspects.delete(partition);
  }

  /** Everything was read and nothing is amiss. */
  clear(): void {
    this.#general = undefined;
  }

  /** Until when everything waits; in the past when nothing does. */
  get waitUntil(): number {
    return this.#general?.until ?? 0;
  }

  /** When the next partition has rested enough; never if none rests. */
  get restUntil(): number {
    return Math.min(...[...this.#resting.values()].map(({ until }) => until));
  }

  get anyRests(): boolean {
    return this.#resting.size > 0;
  }

  rests(partition: number, now: number): boolean {
    return (this.#resting.get(partition)?.until ?? 0) > now;
  }

  /** Partitions to take from together: one that is under suspicion alone, then everybody else. */
  among(partitions: readonly number[], now: number): readonly number[] {
    const awake = partitions.filter((partition) => !this.rests(partition, now));
    const suspect = awake.find((partition) => this.#suspects.has(partition) || this.#resting.has(partition));
    return suspect === undefined ? awake : [suspect];
  }

  suspects(partition: number): boolean {
    return this.#suspects.has(partition) || this.#resting.has(partition);
  }

  lastError(): Error | undefined {
    return this.#general?.error ?? [...this.#resting.values()].at(-1)?.error;
  }

  #trouble(before: Trouble | undefined, error: Error, now: number): Trouble {
    const failures = (before?.failures ?? 0) + 1;
    return { failures, error, until: now + backoffMillis(failures, this.#limits, this.#chance()) };
  }
}
