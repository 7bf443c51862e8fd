import type { Arrival, GivenItem } from './given.ts';

export type ArrivalName = 'backwards' | 'twice' | 'twice-backwards';

type Reorder = (arrivals: readonly Arrival[]) => readonly GivenItem[];

/** Other orders in which the same may arrive, as ingestion would let it through. */
export const ARRIVALS: readonly (readonly [ArrivalName, Reorder])[] = [
  ['backwards', (arrivals) => withoutStale(backwards(arrivals))],
  ['twice', (arrivals) => withoutStale([...arrivals.map(({ item }) => item), ...causes(arrivals)])],
  ['twice-backwards', (arrivals) => withoutStale([...backwards(arrivals), ...causes(arrivals).toReversed()])],
];

/** Facts count from when they were told, and only what is known is decided: what stands between is turned around, they are not. */
function backwards(arrivals: readonly Arrival[]): readonly GivenItem[] {
  const turned: GivenItem[] = [];
  let segment: GivenItem[] = [];
  for (const { item, fence } of arrivals) {
    if (!fence) segment.unshift(item);
    else {
      turned.push(...segment, item);
      segment = [];
    }
  }
  return [...turned, ...segment];
}

const causes = (arrivals: readonly Arrival[]): readonly GivenItem[] =>
  arrivals.map(({ item }) => item).filter(({ kind }) => kind === 'order' || kind === 'activity');

/** A revision below the one that is known never reaches the rules; tiers arrive as tiering tells them, whole. */
function withoutStale(items: readonly GivenItem[]): readonly GivenItem[] {
  const newest = new Map<string, number>();
  const longest = new Map<string, number>();
  return items.filter((item) => {
    if (item.kind === 'tier') {
      if (item.event.timeline.length < (longest.get(item.owner) ?? 0)) return false;
      longest.set(item.owner, item.event.timeline.length);
    }
    if (item.kind !== 'order') return true;
    const { revision } = item.event.order;
    if (revision < (newest.get(item.cause.stream) ?? 0)) return false;
    newest.set(item.cause.stream, revision);
    return true;
  });
}
