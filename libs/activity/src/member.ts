import type { MemberUpdated } from '@jifen/contracts';
import { canonicalJson } from '@jifen/kernel';

export const memberStream = (program: string, member: string): string => `${program}/member/${member}`;

export const MEMBER_UPDATED = 'member.updated';

export type MemberState = MemberUpdated | undefined;

/** The event that gives the member these facts; none if it has them. `facts` is the whole new set. */
export function decideFacts(state: MemberState, event: MemberUpdated): MemberUpdated | undefined {
  const known = state?.facts ?? {};
  return canonicalJson(known) === canonicalJson(event.facts) ? undefined : event;
}
