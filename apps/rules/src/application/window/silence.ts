import { DAY, instant, instantToMillis, type Instant } from '@jifen/kernel';
import { comparePlaces, type Place } from '@jifen/rules';
import { lastRating, type BatchSession } from '../batch-session.ts';
import { isPackedActivity } from '../make-rating.ts';
import type { Windowed } from './rate-in-windows.ts';
import { OWN_SOURCE, ratingsOf, ratingStream } from '../rating-stream.ts';

const CAUSES_PER_PAGE = 500;
const MAX_PAGES = 2_000;

/** Rule → whole days of silence that a cause ended, for the win-backs that it may pay; a first cause ends none. */
export async function awayOf<Sql>(
  session: BatchSession<Sql>,
  { owner, effective, input, moving }: Windowed,
  place: Place,
): Promise<Readonly<Record<string, number>> | undefined> {
  const { windows } = effective.program;
  const asked = (windows?.winBacks ?? []).filter(({ when }) =>
    'order' in when ? input.kind === 'order' : input.kind === 'activity' && input.type === when.activity,
  );
  if (asked.length === 0) return undefined;
  const known = session.windows.history(owner).before(place)?.at;
  const shortest = Math.min(...asked.map(({ days }) => days));
  const seen =
    known !== undefined && daysBetween(known, place.at) < shortest
      ? known
      : await lastSeen(session, owner, place, moving);
  if (seen === undefined) return undefined;
  const days = daysBetween(seen, place.at);
  const ended = asked.filter((winBack) => days >= winBack.days);
  return ended.length === 0 ? undefined : Object.fromEntries(ended.map(({ rule }) => [rule, days]));
}

const daysBetween = (from: Instant, to: Instant): number =>
  Math.floor((instantToMillis(to) - instantToMillis(from)) / DAY);

/** Every cause of the member has a rating, also those from before the rule was published. */
async function lastSeen<Sql>(
  session: BatchSession<Sql>,
  owner: string,
  place: Place,
  moving: string | undefined,
): Promise<Instant | undefined> {
  const own = ratingStream(owner, place.source, place.kind, place.id);
  let seen: Instant | undefined;
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const causes = await session.tx.lastOfPrefix(ratingsOf(owner), CAUSES_PER_PAGE, after);
    for (const event of causes) {
      const { cause, occurredAt, inputs } = lastRating(event).made;
      if (event.stream === own || event.stream === moving || cause.source === OWN_SOURCE) continue;
      const kind = inputs !== undefined && isPackedActivity(inputs) ? 'activity' : 'order';
      const at = instant(occurredAt);
      if (
        comparePlaces({ at, source: cause.source, kind, id: cause.id }, place) < 0 &&
        (seen === undefined || at > seen)
      )
        seen = at;
    }
    if (causes.length < CAUSES_PER_PAGE) return seen;
    after = causes.at(-1)?.stream;
  }
  throw new Error(`${owner} has more than ${CAUSES_PER_PAGE * MAX_PAGES} causes`);
}
