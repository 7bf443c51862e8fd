import type { EarnRule } from '@jifen/contracts';
import type { Calendar, Instant } from '@jifen/kernel';

/** When points can be spent, counted from the instant that the rule's cause counts at. */
export type Availability = (from: Instant) => Instant;

export function compileAvailability({ availability }: EarnRule, calendar: Calendar): Availability {
  if (availability === undefined || availability === 'at-once') return (from) => from;
  const { days } = availability.after;
  return (from) => calendar.addDays(from, days);
}
