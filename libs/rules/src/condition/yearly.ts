const DATE = /^(?:(\d{4})-)?(\d{2})-(\d{2})(?:$|T)/;

interface Parts {
  readonly year: number | undefined;
  readonly month: number;
  readonly day: number;
}

function partsOf(text: string): Parts | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [month, day] = [Number(match[2]), Number(match[3])];
  const longest = month === 2 ? 29 : [4, 6, 9, 11].includes(month) ? 30 : 31;
  if (month < 1 || month > 12 || day < 1 || day > longest) return undefined;
  return { year: match[1] === undefined ? undefined : Number(match[1]), month, day };
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** The day of the month that a yearly date has in a year: 29 February is the 28th where there is none (U52). */
const dayIn = ({ month, day }: Parts, year: number): number => (month === 2 && day === 29 && !isLeap(year) ? 28 : day);

/** Whether a date `YYYY-MM-DD` is the day, or in the month, of a yearly one (`YYYY-MM-DD`, or `MM-DD`). */
export function fallsOn(yearly: string, date: string, span: 'day' | 'month'): boolean {
  const [from, on] = [partsOf(yearly), partsOf(date)];
  if (from === undefined || on?.year === undefined || from.month !== on.month) return false;
  return span === 'month' || dayIn(from, on.year) === on.day;
}

/** The year's number of a date's anniversary, by the calendar year; `undefined` when the date says no year. */
export function yearsSince(since: string, date: string): number | undefined {
  const [from, on] = [partsOf(since), partsOf(date)];
  return from?.year === undefined || on?.year === undefined ? undefined : on.year - from.year;
}
