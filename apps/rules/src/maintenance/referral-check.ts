import type { RatingMade } from '@jifen/contracts';
import { canonicalJson, memberKey } from '@jifen/kernel';
import { REFERRAL_ACCEPTED, REFERRAL_QUALIFIED, refusedReferrer } from '@jifen/rules';
import type { ClientBase } from 'pg';
import { isPackedActivity } from '../application/make-rating.ts';
import type { ReferralMessage, ReferralState, ReferralTold } from '../application/ports.ts';
import { causeId, newsOf } from '../application/referral/referral-news.ts';
import { OWN_SOURCE, ratingStream } from '../application/rating-stream.ts';
import type { FoldedRow, MemberRows } from './member-fold.ts';
import { refereeOf, type ReferralFound } from './referral-fold.ts';
import { LOG } from './session.ts';

/** What a side of a referral was told last, or is to be told: `owner` → by revision the newest. */
interface Heard {
  readonly revision: number;
  readonly type: string | undefined;
  readonly at: string;
  /** Of what waits in the queue; a rating keeps only as much as its rules look at. */
  readonly data: unknown;
}

type HeardBy = ReadonlyMap<string, Heard>;

/**
 * Rows of referrals, and of messages that got lost: what one side should know was neither rated nor waits in the queue. It is told
 * again under a new revision, as if it had just become known.
 */
export async function referralRows(client: ClientBase, members: readonly MemberRows[]): Promise<readonly FoldedRow[]> {
  const referring = members.flatMap(({ owner, referral: found }) =>
    found === undefined || (found.state === undefined && !found.isIncomplete) ? [] : [{ owner, found }],
  );
  const heard = await heardBy(client, referring);
  return referring.flatMap(({ owner, found }) => rowsOf(owner, found, heard));
}

function rowsOf(owner: string, { state, isIncomplete, referrers, origin }: ReferralFound, all: HeardBy): FoldedRow[] {
  if (isIncomplete || state === undefined) return [{ book: 'referral', row: { owner, state: '' }, due: 'as-it-is' }];
  const id = causeId(refereeOf(owner));
  const heard = (side: string): Heard | undefined => all.get(`${side} ${id}`);
  const own = heard(owner);
  const sides = sidesOf(owner, referrers);
  const revision = Math.max(state.revision, ...sides.map((side) => heard(side)?.revision ?? 0));
  const paid = sides.filter((side) => side !== owner && heard(side)?.type === REFERRAL_QUALIFIED);
  const known = { ...state, revision, told: toldBefore(owner, state, paid, heard, own?.type === REFERRAL_ACCEPTED) };
  const news = newsOf(owner, known);
  const row = { owner, state: JSON.stringify(news.state) };
  return [
    { book: 'referral', row, due: 'exactly' },
    ...news.told.map((told) => messageRow({ ...told, revision: news.state.revision, origin, meta: {} })),
  ];
}

/** Before every clock. */
const AT_ONCE = '1970-01-01T00:00:00.000Z';

const messageRow = (message: ReferralMessage): FoldedRow => ({
  book: 'referral_message',
  row: {
    owner: message.owner,
    id: message.event.id,
    revision: message.revision,
    due: AT_ONCE,
    message: JSON.stringify(message),
  },
  due: 'exactly',
});

/** What both sides know together; nothing, where they do not know the same and have to be told anew. */
function toldBefore(
  owner: string,
  { told: now, registration }: ReferralState,
  paid: readonly string[],
  heard: (side: string) => Heard | undefined,
  isAccepted: boolean,
): ReferralTold | undefined {
  const referrer = now && memberKey(owner.slice(0, owner.indexOf('/')), now.referrer);
  const other = paid.find((side) => side !== referrer);
  const { at, source, id } = registration;
  const past = { at, referee: refereeOf(owner), kind: 'activity', source, id } as const;
  if (other !== undefined) return { ...(now ?? past), referrer: refereeOf(other) };
  if (now === undefined || referrer === undefined)
    return isAccepted ? { ...past, referrer: registration.referrer } : undefined;
  const isRight = (one: Heard | undefined, type: string): boolean => {
    const { at: instant, ...data } = now;
    if (one?.type !== type || one.at !== instant) return false;
    return one.data === undefined || canonicalJson(one.data) === canonicalJson(data);
  };
  const isKnown = isRight(heard(referrer), REFERRAL_QUALIFIED) && isRight(heard(owner), REFERRAL_ACCEPTED);
  return isKnown ? now : undefined;
}

const sidesOf = (owner: string, referrers: readonly string[]): readonly string[] => {
  const [program, referee] = [owner.slice(0, owner.indexOf('/')), refereeOf(owner)];
  const others = referrers.filter((referrer) => refusedReferrer(referrer, referee) === undefined);
  return [owner, ...others.map((referrer) => memberKey(program, referrer))];
};

async function heardBy(
  client: ClientBase,
  referring: readonly { readonly owner: string; readonly found: ReferralFound }[],
): Promise<HeardBy> {
  const sides = referring.flatMap(({ owner, found }) =>
    sidesOf(owner, found.referrers).map((side) => ({ side, id: causeId(refereeOf(owner)) })),
  );
  if (sides.length === 0) return new Map();
  const heard = new Map<string, Heard>();
  const note = (key: string, one: Heard): void => {
    if (one.revision > (heard.get(key)?.revision ?? 0)) heard.set(key, one);
  };
  // What waits first: who takes it from there has rated it before.
  const waiting = await client.query<{ owner: string; id: string; revision: number; message: string }>(
    `SELECT m.owner, m.id, m.revision, m.message FROM referral_message m
       JOIN (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS w (owner, id)) AS w USING (owner, id)`,
    [sides.map(({ side }) => side), sides.map(({ id }) => id)],
  );
  for (const { owner, id, revision, message } of waiting.rows) {
    const { event } = JSON.parse(message) as Partial<Pick<ReferralMessage, 'event'>>;
    note(`${owner} ${id}`, { revision, type: event?.type, at: event?.occurredAt ?? '', data: event?.data ?? {} });
  }
  const streams = new Map(
    sides.map(({ side, id }) => [ratingStream(side, OWN_SOURCE, 'activity', id), `${side} ${id}`]),
  );
  const rated = await client.query<{ stream: string; data: string }>(
    `SELECT DISTINCT ON (stream) stream, data FROM event WHERE log = '${LOG}' AND stream = ANY ($1::text[])
      ORDER BY stream, version DESC`,
    [[...streams.keys()]],
  );
  for (const { stream, data } of rated.rows) {
    const { cause, occurredAt: at, inputs } = JSON.parse(data) as RatingMade;
    const type = inputs !== undefined && isPackedActivity(inputs) ? inputs.a : undefined;
    note(streams.get(stream) ?? '', { revision: cause.revision, type, at, data: undefined });
  }
  return heard;
}
