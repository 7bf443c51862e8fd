import type { Problem, RatingMade } from '@jifen/contracts';
import type { EventStore } from '@jifen/event-store';
import { accept, memberKey, refuse, type Outcome } from '@jifen/kernel';
import { lastRating } from './batch-session.ts';
import { ratingsOf } from './rating-stream.ts';

export const MAX_RATINGS = 200;

export interface RatingView {
  readonly cause: RatingMade['cause'];
  /** How often the cause was rated. */
  readonly ratings: number;
  readonly programVersion: number;
  readonly occurredAt: string;
  readonly tier?: string;
  readonly awards: RatingMade['awards'];
}

export interface RatingPage {
  readonly data: readonly RatingView[];
  readonly next?: string;
}

/** The standing rating of each cause of a member, in order of source, kind and id. */
export async function listRatings(
  store: Pick<EventStore<unknown>, 'readStreams'>,
  request: {
    readonly program: string;
    readonly member: string;
    readonly limit: number;
    readonly cursor?: string | undefined;
  },
): Promise<Outcome<RatingPage, Problem>> {
  const prefix = ratingsOf(memberKey(request.program, request.member));
  const after =
    request.cursor === undefined ? undefined : prefix + Buffer.from(request.cursor, 'base64url').toString('utf8');
  if (after?.includes('\0') === true)
    return refuse({
      code: 'invalid_request',
      detail: 'the cursor is none of ours',
      errors: [{ pointer: '/cursor', message: 'take it from next of the page before' }],
    });
  const events = await store.readStreams(prefix, request.limit, after);
  const data = events.map((event): RatingView => {
    const { version, made } = lastRating(event);
    const { cause, programVersion, occurredAt, tier, awards } = made;
    return { cause, ratings: version, programVersion, occurredAt, ...(tier === undefined ? {} : { tier }), awards };
  });
  const last = events.length < request.limit ? undefined : events.at(-1);
  if (last === undefined) return accept({ data });
  return accept({ data, next: Buffer.from(last.stream.slice(prefix.length), 'utf8').toString('base64url') });
}
