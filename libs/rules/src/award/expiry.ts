import type { EarnRule, Violation } from '@jifen/contracts';
import type { Calendar, Instant } from '@jifen/kernel';
import { NONE, violation } from '../violation.ts';

const SHORTEST_MONTH = 28;

/** When points lapse, counted from the instant that the rule's cause counts at; `undefined`: never. */
export type Expiry = ((from: Instant) => Instant) | undefined;

export function compileExpiry({ expiry = 'never' }: EarnRule, calendar: Calendar): Expiry {
  if (expiry === 'never') return undefined;
  if ('days' in expiry) return (from) => calendar.addDays(from, expiry.days);
  const { months, endOf } = expiry;
  if (endOf === undefined) return (from) => calendar.addMonths(from, months);
  return (from) => calendar.endOf(endOf, calendar.addMonths(from, months));
}

/** Points that lapse before they can be spent are none. */
export function expiryViolations({ expiry, availability }: EarnRule, pointer: string): readonly Violation[] {
  if (expiry === undefined || expiry === 'never') return NONE;
  const wait = availability === undefined || availability === 'at-once' ? 0 : availability.after.days;
  const shortest = 'days' in expiry ? expiry.days : expiry.months * SHORTEST_MONTH;
  if ('months' in expiry && expiry.months === 0 && expiry.endOf === undefined)
    return [violation(`${pointer}/expiry/months`, 'must be at least 1, or endOf must say the end of what')];
  return shortest > wait || (wait === 0 && 'months' in expiry)
    ? NONE
    : [violation(`${pointer}/expiry`, `must be later than the availability after ${wait} days`)];
}
