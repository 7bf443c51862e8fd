import type { EarnRule, Violation } from '@jifen/contracts';
import type { Calendar, Instant } from '@jifen/kernel';
import { NONE, violation } from '../violation.ts';
import { windowAt } from '../window/period.ts';

/** When points can be spent, counted from the instant that the rule's cause counts at (Q01). */
export type Availability = (from: Instant) => Instant;

const DAYS_OF_WEEK = 7;

export function compileAvailability({ availability }: EarnRule, calendar: Calendar): Availability {
  if (availability === undefined || typeof availability === 'string') return (from) => from;
  const { days = 0, weeks = 0, months = 0, roundUpTo } = availability.after;
  const after = (from: Instant): Instant =>
    months > 0 ? calendar.addMonths(from, months) : calendar.addDays(from, days + weeks * DAYS_OF_WEEK);
  if (roundUpTo === undefined) return after;
  return (from) => {
    const at = after(from);
    const { start, end = at } = windowAt(calendar, roundUpTo, at);
    return start === at ? at : end;
  };
}

const LONGEST_MONTH = 31;

/** The most days that a rule's points can have to wait. */
export function longestWait({ availability }: EarnRule): number {
  if (availability === undefined || typeof availability === 'string') return 0;
  const { days = 0, weeks = 0, months = 0, roundUpTo } = availability.after;
  const rounded = roundUpTo === undefined ? 0 : { day: 1, week: DAYS_OF_WEEK, month: LONGEST_MONTH }[roundUpTo];
  return days + weeks * DAYS_OF_WEEK + months * LONGEST_MONTH + rounded;
}

export function availabilityViolations({ availability, when }: EarnRule, pointer: string): readonly Violation[] {
  if (availability === 'at-completion')
    return 'order' in when ? NONE : [violation(`${pointer}/availability`, 'at-completion is for orders')];
  if (availability === undefined || typeof availability === 'string') return NONE;
  const { days, weeks, months } = availability.after;
  const units = [days, weeks, months].filter((unit) => unit !== undefined);
  return units.length <= 1
    ? NONE
    : [violation(`${pointer}/availability/after`, 'must have one of days, weeks and months')];
}
