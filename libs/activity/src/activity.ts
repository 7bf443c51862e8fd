import type { Activity, ActivityRecorded, Problem, Violation } from '@jifen/contracts';
import { accept, canonicalJson, refuse, type Outcome } from '@jifen/kernel';
import { readInstant } from './instant-field.ts';

export const activityStream = (program: string, source: string, id: string): string =>
  `${program}/${source}/activity/${id}`;

export const ACTIVITY_RECORDED = 'activity.recorded';

export type ActivityState = ActivityRecorded | undefined;

/** An activity in its normal form, but for who did it. */
export type CheckedActivity = Omit<ActivityRecorded, 'program' | 'member'>;

export type ActivityDecision =
  { readonly outcome: 'recorded'; readonly event: ActivityRecorded } | { readonly outcome: 'duplicate' };

export function checkActivity(activity: Activity, now: number): Outcome<CheckedActivity, readonly Violation[]> {
  const violations: Violation[] = [];
  const checked: CheckedActivity = {
    source: activity.source,
    id: activity.id,
    type: activity.type,
    occurredAt: readInstant(activity.occurredAt, now, '/occurredAt', violations),
  };
  if (activity.data !== undefined && Object.keys(activity.data).length > 0) checked.data = activity.data;
  return violations.length === 0 ? accept(checked) : refuse(violations);
}

/** An activity happens once: the same again changes nothing, another one under the same id is refused. */
export function decideActivity(state: ActivityState, event: ActivityRecorded): Outcome<ActivityDecision, Problem> {
  if (state === undefined) return accept({ outcome: 'recorded', event });
  if (state.member !== event.member) {
    return refuse({ code: 'member_changed', detail: `activity ${event.id} is known with another member` });
  }
  if (canonicalJson(state) === canonicalJson(event)) return accept({ outcome: 'duplicate' });
  return refuse({ code: 'content_conflict', detail: `activity ${event.id} is known with other content` });
}
