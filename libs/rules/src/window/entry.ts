import type { Instant } from '@jifen/kernel';

/** Where a cause stands among those of its member: by the time it happened, then source, kind and id. */
export interface Place {
  readonly at: Instant;
  readonly source: string;
  readonly kind: 'order' | 'activity';
  readonly id: string;
}

/**
 * What a cause means to windows: what later causes and the windows that it is in need to know of it, resolved to the keys of
 * windows when it was rated. Small: members have many.
 */
export interface WindowPart {
  /** Bucket of a limit → points and times used of it. */
  readonly use?: Readonly<Record<string, readonly [points: number, count: number]>> | undefined;
  /** Rule → day and length of the run that the activity continues; only for the first of a day. */
  readonly run?: Readonly<Record<string, readonly [day: number, length: number]>> | undefined;
  /** Bucket of a target → metric, points that the rules in `of` gave, and the day if days are counted. */
  readonly counts?: Readonly<Record<string, readonly [metric: number, earned: number, day?: number]>> | undefined;
  /** 1: a program with a win-back looks for when the member was seen last. */
  readonly seen?: 1 | undefined;
  /** 1: other causes decided something about it, and may decide otherwise. */
  readonly cut?: 1 | undefined;
}

export interface Entry extends Place {
  readonly part: WindowPart;
}

export const comparePlaces = (a: Place, b: Place): number =>
  compare(a.at, b.at) || compare(a.source, b.source) || compare(a.kind, b.kind) || compare(a.id, b.id);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const isEmpty = ({ use, run, counts, seen, cut }: WindowPart): boolean =>
  use === undefined && run === undefined && counts === undefined && seen === undefined && cut === undefined;

/** What a rating took from the member's other causes: as much as decided something, so that it can be run again. */
export interface Past {
  /** Limit → what earlier causes left of it; a limit that is not named leaves enough. */
  readonly left?: Readonly<Record<string, number>> | undefined;
  /** Rule → length of the run with this day; 0: the day has its first already. */
  readonly run?: Readonly<Record<string, number>> | undefined;
  /** Rule → whole days of silence that this cause ended, where they are enough. */
  readonly away?: Readonly<Record<string, number>> | undefined;
}
