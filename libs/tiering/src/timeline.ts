import type { Instant } from '@jifen/kernel';

/** A tier that holds for every instant after `since`, until after the next entry's: never at `since` itself. */
export interface TierSince {
  readonly tier: string;
  readonly since: Instant;
}

/** Ascending in `since`, never the same tier twice in a row, never empty: before anything was earned the first tier holds. */
export type Timeline = readonly TierSince[];

/** Where every timeline starts. */
export const BEGINNING = '1970-01-01T00:00:00.000Z' as Instant;

/** Adds an entry at or after the last one; one at the same instant replaces it. */
export function enter(timeline: TierSince[], entry: TierSince): void {
  if (timeline.at(-1)?.since === entry.since) timeline.pop();
  if (timeline.at(-1)?.tier !== entry.tier) timeline.push(entry);
}

/** The tier in force at an instant: that of the last entry strictly before it. */
export function tierAt(timeline: Timeline, at: Instant): TierSince | undefined {
  let found: TierSince | undefined;
  for (const entry of timeline) {
    if (entry.since >= at) break;
    found = entry;
  }
  return found;
}

export const sameTimeline = (a: Timeline, b: Timeline): boolean =>
  a.length === b.length && a.every((entry, place) => entry.tier === b[place]?.tier && entry.since === b[place].since);
