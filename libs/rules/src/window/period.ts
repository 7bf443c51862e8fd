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
const two = (value: number): string => String(value).padStart(2, '0');
const dayText = (local: number): string => new Date(local).toISOString().slice(0, 10);

/** Days since 1970 on the wall clock. */
export const dayNumber = (calendar: Calendar, at: Instant): number => Math.floor(calendar.wall(at) / DAY);

/** The day, week, month, quarter or year that an instant is in, on the wall clock of the calendar. */
export function windowAt(calendar: Calendar, per: CalendarPeriod, at: Instant): Window {
  const between = (key: string, start: number, end: number): Window => ({
    key,
    start: calendar.fromWall(start),
    end: calendar.fromWall(end),
  });
  const day = dayNumber(calendar, at);
  const date = new Date(day * DAY);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (per) {
    case 'day':
      return between(dayText(day * DAY), day * DAY, (day + 1) * DAY);
    case 'week': {
      const monday = day - ((day + MONDAY) % 7);
      return between(`week-${dayText(monday * DAY)}`, monday * DAY, (monday + 7) * DAY);
    }
    case 'month':
      return between(`${year}-${two(month + 1)}`, Date.UTC(year, month), Date.UTC(year, month + 1));
    case 'quarter': {
      const first = month - (month % 3);
      return between(`${year}-Q${first / 3 + 1}`, Date.UTC(year, first), Date.UTC(year, first + 3));
    }
    case 'year':
      return between(String(year), Date.UTC(year, 0), Date.UTC(year + 1, 0));
    case 'lifetime':
      return EVER;
    default:
      return unreachable(per);
  }
}

export const daysBefore = (at: Instant, days: number): Instant =>
  instant(new Date(Math.max(0, instantToMillis(at) - days * DAY)).toISOString());
