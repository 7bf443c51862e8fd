import { DAY, instant, instantToMillis, type Instant } from '@jifen/kernel';
import { comparePlaces, type Place } from '@jifen/rules';
import { causesOf, type BatchSession } from '../batch-session.ts';
import { isPackedActivity } from '../make-rating.ts';
import type { Windowed } from './rate-in-windows.ts';
import { OWN_SOURCE, ratingStream } from '../rating-stream.ts';

/** Rule → whole days of silence that a cause ended, for the win-backs that it may pay; a first cause ends none. */
export async function awayOf<Sql>(
  session: BatchSession<Sql>,
  { owner, program: { windows }, input, moving }: Windowed,
  place: Place,
): Promise<Readonly<Record<string, number>> | undefined> {
  const asked = (windows?.winBacks ?? []).filter(({ when }) =>
    'order' in when ? input.kind === 'order' : input.kind === 'activity' && input.type === when.activity,
  );
  if (asked.length === 0) return undefined;
  // A referral that pays is nothing that the member did.
  const known = session.windows.history(owner).before(place, ({ source }) => source !== OWN_SOURCE)?.at;
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
  for await (const [stream, { made }] of causesOf(session, owner)) {
    const { cause, occurredAt, inputs } = made;
    if (stream === own || stream === moving || cause.source === OWN_SOURCE) continue;
    const kind = inputs !== undefined && isPackedActivity(inputs) ? 'activity' : 'order';
    const at = instant(occurredAt);
    const isEarlier = comparePlaces({ at, source: cause.source, kind, id: cause.id }, place) < 0;
    if (isEarlier && (seen === undefined || at > seen)) seen = at;
  }
  return seen;
}
