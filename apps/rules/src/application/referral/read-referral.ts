import { formatToken, type Problem } from '@jifen/contracts';
import type { EventStore, StoredEvent } from '@jifen/event-store';
import { accept, instantFromMillis, memberKey, refuse, type Instant, type Outcome } from '@jifen/kernel';
import { refusedReferrer, type CompiledProgram, type RefusedReferrer } from '@jifen/rules';
import { lastRating } from '../last-ratings.ts';
import type { ReferralState, ReferralTables } from '../ports.ts';
import type { ProgramCatalog } from '../program-catalog.ts';
import { OWN_SOURCE, ratingStream } from '../rating-stream.ts';
import { causeId } from './referral-news.ts';

export interface ReferralParts<Sql> {
  /** The rating log. */
  readonly store: Pick<EventStore<unknown>, 'readStreams'>;
  readonly tables: ReferralTables<Sql>;
  readonly catalog: ProgramCatalog<Sql>;
  readonly sql: Sql;
}

export type ReferralStanding = 'waiting' | 'qualified' | 'refused' | 'lapsed';
export type ReferralReason = RefusedReferrer | 'not-new' | 'too-late';

/** Who referred a member, and what became of it. */
export interface ReferralView {
  readonly member: string;
  readonly referrer: string;
  readonly state: ReferralStanding;
  /** Of what is refused or lapsed. */
  readonly reason?: ReferralReason;
  readonly registration: { readonly source: string; readonly id: string; readonly at: Instant };
  /** The order or activity that decided it. */
  readonly decidedBy?: {
    readonly kind: 'order' | 'activity';
    readonly source: string;
    readonly id: string;
    readonly at: Instant;
  };
  /** Before when the member must qualify. */
  readonly until?: Instant;
  readonly programVersion: number;
  /** Where the referrer's points of it stand in the rating log, for `?after=` of its balance; absent until there are any. */
  readonly position?: string;
  readonly en: string;
  readonly zh: string;
}

/** `told`: whether the referrer's rating says what the referral says. */
export interface ReferralFound {
  readonly view: ReferralView;
  readonly told: boolean;
}

export async function readReferral<Sql>(
  { store, tables, catalog, sql }: ReferralParts<Sql>,
  { program, member, now }: { readonly program: string; readonly member: string; readonly now: number },
): Promise<Outcome<ReferralFound, Problem>> {
  await catalog.refresh(sql);
  const owner = memberKey(program, member);
  const state = (await tables.referralsOf(sql, [owner])).get(owner);
  if (state === undefined) return refuse({ code: 'not_found', detail: 'nobody is known to have referred the member' });
  const terms = await catalog.version(sql, program, state.registration.version);
  const view = viewOf(member, state, terms, instantFromMillis(now));
  if (state.revision === 0) return accept({ view, told: true });
  const event = await lastTold(store, program, member, (state.told ?? state.registration).referrer);
  if (event === undefined) return accept({ view, told: state.told === undefined });
  const position = formatToken({ log: 'rating', positions: new Map([[event.partition, event.position]]) });
  return accept({ view: { ...view, position }, told: lastRating(event).made.cause.revision >= state.revision });
}

/** The referrer's last rating of a referral. */
async function lastTold(
  store: ReferralParts<unknown>['store'],
  program: string,
  member: string,
  referrer: string,
): Promise<StoredEvent | undefined> {
  const stream = ratingStream(memberKey(program, referrer), OWN_SOURCE, 'activity', causeId(member));
  const [event] = await store.readStreams(stream, 1);
  return event?.stream === stream ? event : undefined;
}

function viewOf(member: string, state: ReferralState, program: CompiledProgram, now: Instant): ReferralView {
  const { referrer, source, id, at, version } = state.registration;
  const { decision } = state;
  const days = program.referral?.withinDays;
  const until = days === undefined ? undefined : program.calendar.addDays(at, days);
  const { standing, reason } = standingOf(member, state, until, now);
  const words = reason === undefined ? STANDINGS[standing] : REASONS[reason];
  return {
    member,
    referrer,
    state: standing,
    ...(reason === undefined ? {} : { reason }),
    registration: { source, id, at },
    ...(decision === undefined
      ? {}
      : { decidedBy: { kind: decision.kind, source: decision.source, id: decision.id, at: decision.at } }),
    ...(until === undefined ? {} : { until }),
    programVersion: version,
    ...words,
  };
}

function standingOf(
  member: string,
  { registration, decision }: ReferralState,
  until: Instant | undefined,
  now: Instant,
): { readonly standing: ReferralStanding; readonly reason?: ReferralReason } {
  const refused = refusedReferrer(registration.referrer, member);
  if (refused !== undefined) return { standing: 'refused', reason: refused };
  if (decision?.verdict === 'not-new') return { standing: 'refused', reason: 'not-new' };
  if (decision !== undefined) return { standing: 'qualified' };
  return until !== undefined && now >= until ? { standing: 'lapsed', reason: 'too-late' } : { standing: 'waiting' };
}

interface Words {
  readonly en: string;
  readonly zh: string;
}

const STANDINGS: Readonly<Record<ReferralStanding, Words>> = {
  waiting: { en: 'The member has not qualified yet.', zh: '被推荐人尚未达标。' },
  qualified: { en: 'The member has qualified.', zh: '被推荐人已达标。' },
  refused: { en: 'The referral does not count.', zh: '该推荐无效。' },
  lapsed: { en: 'The member did not qualify in time.', zh: '被推荐人未在期限内达标。' },
};

const REASONS: Readonly<Record<ReferralReason, Words>> = {
  'self-referral': { en: 'A member cannot refer itself.', zh: '会员不能推荐自己。' },
  'no-member-id': { en: 'What the registration names as referrer is no member id.', zh: '登记的推荐人不是会员编号。' },
  'not-new': { en: 'The member had bought before: it is no new customer.', zh: '该会员此前已有购买，不算新客户。' },
  'too-late': STANDINGS.lapsed,
};
