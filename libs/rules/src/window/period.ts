import type { Period as DocumentPeriod } from '@jifen/contracts';
import { DAY, type Calendar, instant, instantToMillis, unreachable, type Instant } from '@jifen/kernel';

export type CalendarPeriod = Extract<DocumentPeriod, string>;

/** A part of time that awards are counted in. */
export interface Window {
  /** As it stands in ids of awards, e.g. `2026-Q4`. */
  readonly key: string;
  readonly start: Instant;
  /** The first instant after it; absent: it never ends. */
  readonly end?: Instant | undefined;
}

const EVER: Window = { key: 'ever', start: instant('1970-01-01T00:00:00.000Z') };
/** 1 January 1970 was a Thursday; weeks begin on Monday. */
const MONDAY = 3;
const dayText = (local: number): string => new Date(local).toISOString().slice(0, 10);

/** Days since 1970 on the wall clock. */
export const dayNumber = (calendar: Calendar, at: Instant): number => Math.floor(calendar.wall(at) / DAY);

/** Names of the windows that an instant is in: made once for all limits and targets, for they look at nothing else. */
export type WindowKeys = Readonly<Record<CalendarPeriod, string>>;

const mondayOf = (day: number): number => day - ((day + MONDAY) % 7);

export const windowKeys = (calendar: Calendar, at: Instant): WindowKeys => keysOf(dayNumber(calendar, at));

function keysOf(day: number): WindowKeys {
  const date = dayText(day * DAY);
  const [year, month] = [date.slice(0, 4), date.slice(0, 7)];
  return {
    day: date,
    week: `week-${dayText(mondayOf(day) * DAY)}`,
    month,
    quarter: `${year}-Q${Math.ceil(Number(month.slice(5)) / 3)}`,
    year,
    lifetime: EVER.key,
  };
}

/** The day, week, month, quarter or year that an instant is in, on the wall clock of the calendar. */
export function windowAt(calendar: Calendar, per: CalendarPeriod, at: Instant): Window {
  const day = dayNumber(calendar, at);
  const key = keysOf(day)[per];
  const between = (start: number, end: number): Window => ({
    key,
    start: calendar.fromWall(start),
    end: calendar.fromWall(end),
  });
  const date = new Date(day * DAY);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (per) {
    case 'day':
      return between(day * DAY, (day + 1) * DAY);
    case 'week':
      return between(mondayOf(day) * DAY, (mondayOf(day) + 7) * DAY);
    case 'month':
      return between(Date.UTC(year, month), Date.UTC(year, month + 1));
    case 'quarter':
      return between(Date.UTC(year, month - (month % 3)), Date.UTC(year, month - (month % 3) + 3));
    case 'year':
      return between(Date.UTC(year, 0), Date.UTC(year + 1, 0));
    case 'lifetime':
      return EVER;
    default:
      return unreachable(per);
  }
}

export const daysBefore = (at: Instant, days: number): Instant =>
  instant(new Date(Math.max(0, instantToMillis(at) - days * DAY)).toISOString());
