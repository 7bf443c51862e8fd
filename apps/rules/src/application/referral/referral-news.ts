import { memberKey } from '@jifen/kernel';
import {
  REFERRAL_ACCEPTED,
  REFERRAL_QUALIFIED,
  REFERRAL_WITHDRAWN,
  refusedReferrer,
  type Decision,
} from '@jifen/rules';
import type { ReferralMessage, ReferralState, ReferralTold } from '../ports.ts';
import { OWN_SOURCE, sha256 } from '../rating-stream.ts';

const MAX_ID = 128;

export interface ReferralNews {
  /** With what is told from now on. */
  readonly state: ReferralState;
  readonly told: readonly Pick<ReferralMessage, 'owner' | 'event'>[];
}

/** What the two sides of a referral are to be told, as it differs from what they were told last. */
export function newsOf(owner: string, state: ReferralState): ReferralNews {
  const slash = owner.indexOf('/');
  const [program, referee] = [owner.slice(0, slash), owner.slice(slash + 1)];
  const { told: before } = state;
  const now = qualificationOf(state, referee);
  if (JSON.stringify(before) === JSON.stringify(now)) return { state, told: [] };
  const messages: Pick<ReferralMessage, 'owner' | 'event'>[] = [];
  const tell = (member: string, type: string, { at, ...data }: ReferralTold): void => {
    const event = { program, member, source: OWN_SOURCE, id: causeId(referee), type, occurredAt: at, data };
    messages.push({ owner: memberKey(program, member), event });
  };
  if (before !== undefined && before.referrer !== now?.referrer) tell(before.referrer, REFERRAL_WITHDRAWN, before);
  if (before !== undefined && now === undefined) tell(referee, REFERRAL_WITHDRAWN, before);
  if (now !== undefined) {
    tell(now.referrer, REFERRAL_QUALIFIED, now);
    tell(referee, REFERRAL_ACCEPTED, now);
  }
  const { told: _, ...rest } = state;
  const revision = state.revision + 1;
  return { state: { ...rest, revision, ...(now === undefined ? {} : { told: now }) }, told: messages };
}

/** That the referee qualified, as both sides are to know it; nothing while it did not, or where nobody can earn by it. */
export function qualificationOf({ registration, decision }: ReferralState, referee: string): ReferralTold | undefined {
  const { referrer } = registration;
  if (decision?.verdict !== 'qualified' || refusedReferrer(referrer, referee) !== undefined) return undefined;
  return qualification(referrer, referee, decision);
}

const qualification = (referrer: string, referee: string, { at, kind, source, id }: Decision): ReferralTold => ({
  at,
  referrer,
  referee,
  kind,
  source,
  id,
});

/** One cause a referee, the same for whoever is told; ids of causes are bounded. */
export const causeId = (referee: string): string => {
  const id = `referral:${referee}`;
  return id.length <= MAX_ID ? id : `referral:${sha256(referee)}`;
};
