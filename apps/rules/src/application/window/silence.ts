import { DAY, instant, instantToMillis, type Instant } from '@jifen/kernel';
import { comparePlaces, type Place, type WindowUse } from '@jifen/rules';
import type { BatchSession } from '../batch-session.ts';
import { isPackedActivity } from '../make-rating.ts';
import type { Windowed } from './rate-in-windows.ts';
import type { Arriving } from './read-ahead.ts';
import { OWN_SOURCE, ratingStream } from '../rating-stream.ts';

/** The win-backs that a cause may be paid by. */
const askedOf = (windows: WindowUse | undefined, kind: string, type: string | undefined): WindowUse['winBacks'] =>
  (windows?.winBacks ?? []).filter(({ when }) =>
    'order' in when ? kind === 'order' : kind === 'activity' && type === when.activity,
  );

const isOwn = ({ source }: Place): boolean => source === OWN_SOURCE;

/** When the member was last seen before a place, as far as that is known to be too lately for all of some win-backs. */
function seenLately<Sql>(
  { windows }: BatchSession<Sql>,
  owner: string,
  asked: WindowUse['winBacks'],
  place: Place,
): Instant | undefined {
  // A referral that pays is nothing that the member did.
  const known = windows.history(owner).before(place, (entry) => !isOwn(entry))?.at;
  const shortest = Math.min(...asked.map(({ days }) => days));
  return known !== undefined && daysBetween(known, place.at) < shortest ? known : undefined;
}

/** Whether a cause may end a silence, for all that is in memory of its member. */
export function mayEndSilence<Sql>(session: BatchSession<Sql>, { item, program }: Arriving): boolean {
  const { owner, kind, cause } = item;
  if (kind === 'member') return false;
  const asked = askedOf(program.windows, kind, kind === 'activity' ? item.event.type : undefined);
  return asked.length > 0 && seenLately(session, owner, asked, { ...cause, kind }) === undefined;
}

/** Rule → whole days of silence that a cause ended, for the win-backs that it may pay; a first cause ends none. */
export async function awayOf<Sql>(
  session: BatchSession<Sql>,
  { owner, program: { windows }, input, moving }: Windowed,
  place: Place,
): Promise<Readonly<Record<string, number>> | undefined> {
  const asked = askedOf(windows, input.kind, input.kind === 'activity' ? input.type : undefined);
  if (asked.length === 0) return undefined;
  const seen = seenLately(session, owner, asked, place) ?? (await lastSeen(session, owner, place, moving));
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
  for await (const [stream, { made }] of session.ratings.causesOf(owner)) {
    const { cause, occurredAt, inputs } = made;
    if (stream === own || stream === moving || cause.source === OWN_SOURCE) continue;
    const kind = inputs !== undefined && isPackedActivity(inputs) ? 'activity' : 'order';
    const at = instant(occurredAt);
    const isEarlier = comparePlaces({ at, source: cause.source, kind, id: cause.id }, place) < 0;
    if (isEarlier && (seen === undefined || at > seen)) seen = at;
  }
  return seen;
}
