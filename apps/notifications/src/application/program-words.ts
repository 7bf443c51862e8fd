import type { ProgramDocument } from '@jifen/contracts';
import { createCalendar, present, type Calendar } from '@jifen/kernel';
import type { ProgramWords } from '@jifen/notifications';

/** What messages take from a program document. */
export const wordsOf = ({ name, timeZone, moneyCurrency, currencies, ladder }: ProgramDocument): ProgramWords => ({
  name,
  timeZone,
  moneyCurrency,
  currencies: currencies.map((each) => ({
    code: each.code,
    decimals: each.decimals,
    ...(each.name === undefined ? {} : { name: each.name }),
  })),
  ...(ladder === undefined ? {} : { ladderCurrency: ladder.currency }),
  tiers: (ladder?.tiers ?? []).map(({ code, name: tierName }) => ({ code, name: tierName })),
});

/** Of a program that was never published: codes stand for themselves. */
export const wordsOfNone = (program: string): ProgramWords => ({
  name: { en: program, zh: program },
  timeZone: 'UTC',
  currencies: [],
  tiers: [],
});

const MAX_CALENDARS = 600;
const calendars = new Map<string, Calendar>();

/** Calendars remember what they looked up, so there is one a zone. A zone that this runtime does not know is UTC. */
export function calendarOf(timeZone: string): Calendar {
  const known = calendars.get(timeZone);
  if (known !== undefined) return known;
  const calendar = createCalendar(timeZone) ?? present(createCalendar('UTC'), 'UTC');
  if (calendars.size >= MAX_CALENDARS) calendars.clear();
  calendars.set(timeZone, calendar);
  return calendar;
}
