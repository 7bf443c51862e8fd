import type { Problem, RatingMade } from '@jifen/contracts';
import { accept, memberKey, refuse, type Outcome } from '@jifen/kernel';
import { lastRating } from './last-ratings.ts';
import { noVersionAt, programOfRating, rulesInWords, type ExplainParts, type TraceInWords } from './explain-award.ts';
import { rateAgain } from './make-rating.ts';
import { ratingsOf } from './rating-stream.ts';

export const MAX_RATINGS = 200;

export interface RatingView {
  readonly cause: RatingMade['cause'];
  /** How often the cause was rated. */
  readonly ratings: number;
  /** 0 when none was in force. */
  readonly programVersion: number;
  readonly occurredAt: string;
  readonly tier?: string;
  readonly awards: RatingMade['awards'];
  /** What each rule gave, or why nothing; asked for with explain. Where no version was in force, the heading says so. */
  readonly explanation?: TraceInWords;
  /** Whether rating again from the stored inputs gives the same bytes; asked for with recompute. */
  readonly recomputed?: { readonly equal: boolean; readonly trace: string };
}

export interface RatingPage {
  readonly data: readonly RatingView[];
  readonly next?: string;
}

/** The standing rating of each cause of a member, in order of source, kind and id. */
export async function listRatings<Sql>(
  parts: ExplainParts<Sql>,
  request: {
    readonly program: string;
    readonly member: string;
    readonly limit: number;
    readonly cursor?: string | undefined;
    readonly explain?: boolean;
    readonly recompute?: boolean;
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
  const events = await parts.store.readStreams(prefix, request.limit, after);
  if (request.explain === true || request.recompute === true) await parts.catalog.refresh(parts.sql);
  const data: RatingView[] = [];
  for (const event of events) {
    const { version, made } = lastRating(event);
    const { cause, programVersion, occurredAt, tier, awards } = made;
    const view = {
      cause,
      ratings: version,
      programVersion,
      occurredAt,
      ...(tier === undefined ? {} : { tier }),
      awards,
    };
    data.push({ ...view, ...(await againOf(parts, request, made)) });
  }
  const last = events.length < request.limit ? undefined : events.at(-1);
  if (last === undefined) return accept({ data });
  return accept({ data, next: Buffer.from(last.stream.slice(prefix.length), 'utf8').toString('base64url') });
}

async function againOf<Sql>(
  parts: ExplainParts<Sql>,
  request: { readonly program: string; readonly explain?: boolean; readonly recompute?: boolean },
  made: RatingMade,
): Promise<Pick<RatingView, 'explanation' | 'recomputed'>> {
  const { explain = false, recompute = false, program } = request;
  if (made.trace === undefined) return explain ? { explanation: unrated(made) } : {};
  if (!explain && !recompute) return {};
  const compiled = await programOfRating(parts, program, made, made.awards[0]?.ruleVersion);
  const { rating, same } = rateAgain(compiled, made);
  return {
    ...(explain ? { explanation: rulesInWords(compiled, rating.trace) } : {}),
    ...(recompute ? { recomputed: { equal: same, trace: made.trace } } : {}),
  };
}

function unrated({ occurredAt }: RatingMade): TraceInWords {
  const { en, zh } = noVersionAt(occurredAt);
  return { heading: { en: [en], zh: [zh] }, words: [] };
}
