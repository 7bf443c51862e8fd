import type { Origin, RatingMade } from '@jifen/contracts';
import {
  decide,
  isEarlier,
  placeOfCause,
  REFERRAL_REGISTERED,
  verdictOf,
  type CompiledProgram,
  type Decision,
  type Registration,
} from '@jifen/rules';
import { instant } from '@jifen/kernel';
import type { ReferralState } from '../application/ports.ts';
import { isPackedActivity } from '../application/make-rating.ts';
import { mayQualify, refereeCause } from '../application/referral/referee-cause.ts';
import { causeId, qualificationOf } from '../application/referral/referral-news.ts';
import { OWN_SOURCE, ratingStream } from '../application/rating-stream.ts';
import type { FoldedRating } from './member-fold.ts';

/** A referral as the ratings of the referee give it. */
export interface ReferralFound {
  /** With what both sides are to know, and the revision that the referee's own ratings tell; absent without a registration. */
  readonly state: ReferralState | undefined;
  /** A registration was rated by a version that did not keep who the referrer is. */
  readonly isIncomplete: boolean;
  /** Place in the activity log of a cause of the referee: what is told again comes from there. */
  readonly origin: Origin;
  /** Whoever was named as referrer, also those who were not the first. */
  readonly referrers: readonly string[];
}

type VersionOf = (program: string, version: number) => Promise<CompiledProgram>;

interface Told {
  readonly registration: Registration | undefined;
  readonly referrer: string | undefined;
}

export class ReferralFold {
  readonly #owner: string;
  readonly #ownStream: string;
  readonly #causes: RatingMade[] = [];
  #revision = 0;

  constructor(owner: string) {
    this.#owner = owner;
    this.#ownStream = ratingStream(owner, OWN_SOURCE, 'activity', causeId(refereeOf(owner)));
  }

  /** The last rating of a cause. */
  add({ stream, made }: FoldedRating): void {
    if (stream === this.#ownStream) this.#revision = made.cause.revision;
    else if (mayQualify(made)) this.#causes.push(made);
  }

  async found(versionOf: VersionOf): Promise<ReferralFound> {
    const told = await this.#told(versionOf);
    const referrers = [...new Set(told.flatMap(({ referrer }) => referrer ?? []))];
    const isIncomplete = told.some(({ referrer }) => referrer === undefined);
    const registration = told.reduce<Registration | undefined>(
      (first, { registration: own }) => (own !== undefined && isEarlier(own, first) ? own : first),
      undefined,
    );
    const origin = this.#causes.at(-1)?.origin ?? { partition: 0, position: 0 };
    if (registration === undefined) return { state: undefined, isIncomplete, origin, referrers };
    const decision = await this.#decision(versionOf, registration);
    const known = { revision: this.#revision, registration, ...(decision === undefined ? {} : { decision }) };
    const now = qualificationOf(known, refereeOf(this.#owner));
    return { state: { ...known, ...(now === undefined ? {} : { told: now }) }, isIncomplete, origin, referrers };
  }

  async #told(versionOf: VersionOf): Promise<readonly Told[]> {
    const told: Told[] = [];
    for (const { program, programVersion: version, inputs = {}, cause, occurredAt } of this.#causes) {
      if (!isPackedActivity(inputs) || inputs.a !== REFERRAL_REGISTERED) continue;
      if ((await versionOf(program, version)).referral === undefined) continue;
      const referrer = inputs.v?.['referrer'];
      const named = typeof referrer === 'string' ? referrer : undefined;
      const place = { at: instant(occurredAt), source: cause.source, id: cause.id };
      const registration = named === undefined || named === '' ? undefined : { ...place, referrer: named, version };
      told.push({ registration, referrer: named });
    }
    return told;
  }

  async #decision(versionOf: VersionOf, registration: Registration): Promise<Decision | undefined> {
    let decision: Decision | undefined;
    for (const made of this.#causes) {
      const cause = refereeCause(await versionOf(made.program, made.programVersion), made);
      if (cause === undefined) continue;
      const terms = await versionOf(made.program, registration.version);
      const next = decide(decision, placeOfCause(cause), verdictOf(terms, registration, cause));
      if (next !== 'look-again') decision = next;
    }
    return decision;
  }
}

export const refereeOf = (owner: string): string => owner.slice(owner.indexOf('/') + 1);
