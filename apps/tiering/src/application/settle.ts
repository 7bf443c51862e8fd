import type { TierChanged, TierNearUpgrade } from '@jifen/contracts';
import type { EventMeta, NewEvent } from '@jifen/event-store';
import { assert, instantFromMillis, present, type Instant } from '@jifen/kernel';
import { BEGINNING, nextTier, sameTimeline, type Ladder, type Standing } from '@jifen/tiering';
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
  /** To be appended with the row, in this order. */
  readonly events: readonly NewEvent[];
}

export interface Place {
  readonly owner: string;
  readonly program: string;
  readonly member: string;
  readonly partition: number;
}

/**
 * The row that replaces `before`, and what has to be told: that the timeline says something else now, and that the next tier
 * came near. Nobody needs to be told that a newcomer stands on the first step; and a ladder that is gone has no tier to tell of.
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
  const near = nearTo(ladder?.ladder, standing, before?.near);
  const row = { owner, partition, ...standing, ladderVersion: ladder?.sinceVersion ?? 0, version, near };
  if (ladder?.ladder === undefined || standing.timeline.length === 0) return { row, events: [] };
  const told: News<object>[] = [];
  if (isNews(before, standing)) told.push(changed(place, before, standing, ladder, occasion));
  if (near !== undefined && near !== before?.near)
    told.push(cameNear(place, standing, ladder.version, ladder.ladder, occasion));
  const events = told.map(([type, data, effectiveAt], index): NewEvent => ({
    stream: owner,
    version: version + 1 + index,
    key: owner,
    type,
    schemaVersion: 1,
    data: JSON.stringify(data),
    content: data,
    meta: occasion.meta,
    occurredAt: occasion.occurredAt,
    effectiveAt,
  }));
  return { row: { ...row, version: version + events.length }, events };
}

type News<Data> = readonly [type: string, data: Data, effectiveAt: Instant];

/** Who was told of nothing yet stands on the first step as far as anybody knows. */
const isNews = (before: StandingRow | undefined, { timeline }: Standing): boolean =>
  before !== undefined && before.version > 0 ? !sameTimeline(before.timeline, timeline) : timeline.length > 1;

/** The tier that the member is near to; once told it stays so until another is the next one. */
function nearTo(ladder: Ladder | undefined, { lifetime }: Standing, told: string | undefined): string | undefined {
  if (ladder?.nearUpgrade === undefined) return told;
  const next = nextTier(ladder, lifetime);
  if (next === undefined) return undefined;
  return next.missing <= ladder.nearUpgrade || next.tier.code === told ? next.tier.code : undefined;
}

function cameNear(
  { program, member }: Place,
  { lifetime, timeline }: Standing,
  version: number,
  ladder: Ladder,
  { occurredAt }: Occasion,
): News<TierNearUpgrade> {
  const { tier: next, missing } = present(nextTier(ladder, lifetime), 'the next tier');
  const { tier } = present(timeline.at(-1), 'the last entry');
  const { code, threshold } = next;
  const data = {
    program,
    member,
    tier,
    next: code,
    threshold,
    lifetimePoints: lifetime,
    missing,
    programVersion: version,
  };
  return ['tier.near-upgrade', data, occurredAt];
}

function changed(
  { owner, program, member }: Place,
  before: StandingRow | undefined,
  { timeline, lifetime }: Standing,
  ladder: LadderVersion,
  { occurredAt }: Occasion,
): News<TierChanged> {
  assert(timeline.length <= MAX_TIMELINE, `the timeline of ${owner} has ${timeline.length} entries`);
  const { tier, since } = present(timeline.at(-1), 'the last entry');
  const previous = before?.timeline.at(-1)?.tier;
  const data: TierChanged = {
    program,
    member,
    tier,
    since,
    ...(previous === undefined || previous === tier ? {} : { previous }),
    lifetimePoints: lifetime,
    programVersion: ladder.version,
    timeline: timeline.map((entry) => ({ ...entry })),
  };
  return ['tier.changed', data, since === BEGINNING ? occurredAt : since];
}
