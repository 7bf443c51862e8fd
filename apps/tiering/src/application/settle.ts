import type { EventMeta, NewEvent } from '@jifen/event-store';
import { instantFromMillis, type Instant } from '@jifen/kernel';
import type { Outlook, Position, Review } from '@jifen/tiering';
import { newsOf, nearTo, type News } from './news.ts';
import type { LadderVersion, StandingRow } from './ports.ts';

/** What made a standing be looked at, and when that was. */
export interface Occasion {
  readonly occurredAt: Instant;
  readonly meta: EventMeta;
}

export const occasionOfNow = (now: number): Occasion => ({ occurredAt: instantFromMillis(now), meta: {} });

export interface Place {
  readonly owner: string;
  readonly program: string;
  readonly member: string;
  readonly partition: number;
}

export interface Look {
  readonly place: Place;
  readonly before: StandingRow | undefined;
  readonly position: Position;
  readonly ladder: LadderVersion | undefined;
  readonly occasion: Occasion;
  readonly now: number;
  /** A person's word, which is told before what it makes of the tier. */
  readonly word?: News;
}

export interface Settled {
  readonly row: StandingRow;
  /** To be appended with the row, in this order. */
  readonly events: readonly NewEvent[];
}

/** The row that replaces `before`, and what has to be told. A ladder that is gone has no tier to tell of. */
export function settle(look: Look): Settled {
  const { place, before, position, ladder, occasion } = look;
  const { owner, partition } = place;
  const { lifetime, latest, timeline, outlook, given } = position;
  const now = instantFromMillis(look.now);
  const version = before?.version ?? 0;
  const review = ladder?.ladder?.review;
  const warning = position.shown > position.step ? undefined : warningOf(outlook, review, before?.warned, now);
  const row: StandingRow = {
    ...{ owner, partition, lifetime, latest, timeline, version },
    ladderVersion: ladder?.sinceVersion ?? 0,
    near: nearTo(ladder?.ladder, position, before?.near),
    settledAt: review === undefined ? undefined : now,
    warned: warning?.reviewedAt ?? before?.warned,
    assigned: before?.assigned === true || look.word !== undefined,
    due: earlier(dueOf(outlook, now), given?.until),
  };
  if (ladder?.ladder === undefined || timeline.length === 0) return { row, events: [] };
  const told = newsOf(look, ladder, ladder.ladder, { near: row.near, warning });
  const news = look.word === undefined ? told : [look.word, ...told];
  const events = news.map((each, index) => eventOf(owner, version + 1 + index, each, occasion));
  return { row: { ...row, version: version + events.length }, events };
}

const eventOf = (owner: string, version: number, [type, data, effectiveAt]: News, occasion: Occasion): NewEvent => ({
  stream: owner,
  version,
  key: owner,
  type,
  schemaVersion: 1,
  data: JSON.stringify(data),
  content: data,
  meta: occasion.meta,
  occurredAt: occasion.occurredAt,
  effectiveAt,
});

/** The review that the member has to be warned of now: too little is there, it is near, and nobody said so. */
function warningOf(
  outlook: Outlook | undefined,
  review: Review | undefined,
  warned: Instant | undefined,
  now: Instant,
): Outlook | undefined {
  if (outlook === undefined || outlook.missing === 0 || now < outlook.noticeAt) return undefined;
  // All that comes puts a rolling review off by some days: one that is not much behind the last one is not told of again.
  const isTold =
    review?.clock === 'rolling' ? warned !== undefined && outlook.noticeAt <= warned : outlook.reviewedAt === warned;
  return isTold ? undefined : outlook;
}

const dueOf = (outlook: Outlook | undefined, now: Instant): Instant | undefined =>
  outlook !== undefined && now < outlook.noticeAt && outlook.noticeAt < outlook.decidedAt
    ? outlook.noticeAt
    : outlook?.decidedAt;

const earlier = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;
