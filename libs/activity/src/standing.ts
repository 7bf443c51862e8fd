import type { MemberStanding, Problem } from '@jifen/contracts';
import { accept, refuse, type Outcome } from '@jifen/kernel';

export type Standing = MemberStanding['standing'];
export type StandingReason = MemberStanding['reason'];

export const STANDINGS = ['active', 'deactivated', 'anonymised', 'removed'] as const satisfies readonly Standing[];
export const STANDING_REASONS = [
  'request',
  'legal',
  'fraud',
  'dormant',
  'other',
] as const satisfies readonly StandingReason[];

export const STANDING_EVENTS = {
  active: 'member.reactivated',
  deactivated: 'member.deactivated',
  anonymised: 'member.anonymised',
  removed: 'member.removed',
} as const satisfies Readonly<Record<Standing, string>>;

/** Nobody knows any more who it was: there is no way back. */
export const isErased = (standing: Standing): boolean => standing === 'anonymised' || standing === 'removed';

export const inactive = (standing: Standing): Problem => ({
  code: 'member_inactive',
  detail: `the member is ${standing}`,
  figures: { standing },
});

/** The event that gives the member this standing; none if it has it. Who was anonymised can only be removed as well. */
export function decideStanding(
  before: Standing,
  event: MemberStanding,
): Outcome<{ readonly event?: MemberStanding }, Problem> {
  if (event.standing === before) return accept({});
  if (before === 'removed' || (before === 'anonymised' && event.standing !== 'removed'))
    return refuse(inactive(before));
  return accept({ event });
}
