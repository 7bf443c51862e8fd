import type { EarnRule, Violation } from '@jifen/contracts';
import { present, type Calendar, type Instant } from '@jifen/kernel';
import type { ReasonWords } from '../explain/sentence.ts';
import { NONE, violation } from '../violation.ts';
import { longestWait } from './availability.ts';

const SHORTEST_MONTH = 28;

/** When points lapse, counted from the instant that the rule's cause counts at; `undefined`: never. */
export type Expiry = ((from: Instant) => Instant) | undefined;

export function compileExpiry({ expiry = 'never' }: EarnRule, calendar: Calendar): Expiry {
  if (expiry === 'never') return undefined;
  if ('on' in expiry) {
    const end = calendar.addDays(present(calendar.startOf(expiry.on), expiry.on), 1);
    return () => end;
  }
  if ('days' in expiry) return (from) => calendar.addDays(from, expiry.days);
  const { months, endOf } = expiry;
  if (endOf === undefined) return (from) => calendar.addMonths(from, months);
  return (from) => calendar.endOf(endOf, calendar.addMonths(from, months));
}

/** Points that lapse before they can be spent are none. */
export function expiryViolations(rule: EarnRule, calendar: Calendar, pointer: string): readonly Violation[] {
  const { expiry } = rule;
  if (expiry === undefined || expiry === 'never') return NONE;
  if ('on' in expiry)
    return calendar.startOf(expiry.on) === undefined
      ? [violation(`${pointer}/expiry/on`, 'must be a date, YYYY-MM-DD')]
      : NONE;
  const wait = longestWait(rule);
  const shortest = 'days' in expiry ? expiry.days : expiry.months * SHORTEST_MONTH;
  if ('months' in expiry && expiry.months === 0 && expiry.endOf === undefined)
    return [violation(`${pointer}/expiry/months`, 'must be at least 1, or endOf must say the end of what')];
  return shortest > wait || (wait === 0 && 'months' in expiry)
    ? NONE
    : [violation(`${pointer}/expiry`, `must be later than the availability after ${wait} days`)];
}

export const expiryReasons = {
  'lapses-first': { en: 'its points would lapse before they can be used', zh: '积分在生效前即已过期' },
} satisfies ReasonWords;
