import type { TierChanged } from '@jifen/contracts';
import type { EventMeta, NewEvent } from '@jifen/event-store';
import { assert, instantFromMillis, present, type Instant } from '@jifen/kernel';
import { BEGINNING, sameTimeline, type Standing } from '@jifen/tiering';
import type { LadderVersion, StandingRow } from './ports.ts';

/** What the contract allows a timeline to hold; more means that contributions are not what they should be. */
const MAX_TIMELINE = 1_000;

/** What made a standing be looked at, and when that was. */
export interface Occasion {
  readonly occurredAt: Instant;
  readonly meta: EventMeta;
}

export const occasionOfNow = (now: number): Occasion => ({ occurredAt: instantFromMillis(now), meta: {} });

export interface Settled {
  readonly row: StandingRow;
  /** To be appended with the row. */
  readonly event: NewEvent | undefined;
}

export interface Place {
  readonly owner: string;
  readonly program: string;
  readonly member: string;
  readonly partition: number;
}

/**
 * The row that replaces `before`, and the event if the timeline says something else now. Nobody needs to be told that a
 * newcomer stands on the first step; and a ladder that is gone has no tier to tell of.
 */
export function settle(
  place: Place,
  before: StandingRow | undefined,
  standing: Standing,
  ladder: LadderVersion | undefined,
  occasion: Occasion,
): Settled {
  const { owner, partition } = place;
  const version = before?.version ?? 0;
  const row = { owner, partition, ...standing, ladderVersion: ladder?.sinceVersion ?? 0, version };
  const { timeline } = standing;
  const told = version > 0;
  const news = told ? !sameTimeline(before?.timeline ?? [], timeline) : timeline.length > 1;
  if (ladder === undefined || timeline.length === 0 || !news) return { row, event: undefined };
  assert(timeline.length <= MAX_TIMELINE, `the timeline of ${owner} has ${timeline.length} entries`);
  const { tier, since } = present(timeline.at(-1), 'the last entry');
  const previous = before?.timeline.at(-1)?.tier;
  const data: TierChanged = {
    program: place.program,
    member: place.member,
    tier,
    since,
    ...(previous === undefined || previous === tier ? {} : { previous }),
    lifetimePoints: standing.lifetime,
    programVersion: ladder.version,
    timeline: timeline.map((entry) => ({ ...entry })),
  };
  const event: NewEvent = {
    stream: owner,
    version: version + 1,
    key: owner,
    type: 'tier.changed',
    schemaVersion: 1,
    data: JSON.stringify(data),
    content: data,
    meta: occasion.meta,
    occurredAt: occasion.occurredAt,
    effectiveAt: since === BEGINNING ? occasion.occurredAt : since,
  };
  return { row: { ...row, version: version + 1 }, event };
}
