import {
  assert,
  createCalendar,
  DAY,
  instantFromMillis,
  instantToMillis,
  present,
  type Calendar,
  type Instant,
} from '@jifen/kernel';
import { MONTHS_OF, type Ladder, type Window } from './ladder.ts';
import { BEGINNING } from './timeline.ts';

const zones = new Map<string, Calendar | undefined>();
/** More than there are. */
const MAX_ZONES = 1_000;

/** A zone's calendar, made once; `undefined` where there is no such zone. */
export function calendarOf(timeZone: string): Calendar | undefined {
  if (!zones.has(timeZone)) {
    if (zones.size >= MAX_ZONES) zones.clear();
    zones.set(timeZone, createCalendar(timeZone));
  }
  return zones.get(timeZone);
}

export const justBefore = (at: Instant): Instant => instantFromMillis(Math.max(0, instantToMillis(at) - 1));

export const justAfter = (at: Instant): Instant => instantFromMillis(instantToMillis(at) + 1);

/** West of Greenwich time begins within a day. */
const dayStart = (calendar: Calendar, at: Instant): Instant => calendar.startOf(calendar.dateOf(at)) ?? BEGINNING;

const nextDay = (calendar: Calendar, at: Instant): Instant => calendar.addDays(dayStart(calendar, at), 1);

/** The start of the calendar period of so many months that an instant is in. */
function periodStart(calendar: Calendar, months: number, at: Instant): Instant {
  const wall = new Date(calendar.wall(at));
  const month = wall.getUTCMonth();
  return calendar.fromWall(Date.UTC(wall.getUTCFullYear(), month - (month % months), 1));
}

/** The windows and the reviews of a ladder, in its zone. */
export interface Dates {
  /**
   * The first instant that counts together with `last`; `undefined`: all before it do. `changed` is the first instant of
   * the tier, or behind the review that it was last kept at.
   */
  windowStart(last: Instant, changed: Instant | undefined): Instant | undefined;
  /** The first review behind `after` of a tier reached at `anchor`, for a member that joined at `joined`; not of a rolling one. */
  nextReview(anchor: Instant, after: Instant, joined: Instant): Instant;
  addDays(from: Instant, days: number): Instant;
  /** The first start of a day behind `after`. */
  nextDay(after: Instant): Instant;
  /** The first day that begins when the rolling window no longer holds `at`. */
  dayWithout(at: Instant): Instant;
  /** The first instant behind `at` that a window may start at; `undefined` where none does, whatever changes the tier. */
  nextStart(at: Instant): Instant | undefined;
}

type DatedWindow = Exclude<Window, { readonly since: 'change' }>;

const starts = new Map<string, Map<number, Instant>>();
/** More than a century of days, and more windows than programs have that are in use at once. */
const MAX_DAYS = 40_000;
const MAX_WINDOWS = 1_000;

/** A window's starts by the day that it ends with, as far as anybody asked: a fold asks for each thing that counts. */
function startsOf(timeZone: string, window: DatedWindow): Map<number, Instant> {
  const name = `${timeZone} ${'per' in window ? window.per : window.months}`;
  const known = starts.get(name);
  if (known !== undefined && known.size < MAX_DAYS) return known;
  if (starts.size >= MAX_WINDOWS) starts.clear();
  const fresh = new Map<number, Instant>();
  starts.set(name, fresh);
  return fresh;
}

/** The first instant of the window that ends with `last`: the same for all of a day. */
function startOf(calendar: Calendar, window: DatedWindow, last: Instant): Instant {
  const byDay = startsOf(calendar.timeZone, window);
  const day = Math.floor(calendar.wall(last) / DAY);
  const known = byDay.get(day);
  if (known !== undefined) return known;
  const start =
    'per' in window
      ? periodStart(calendar, MONTHS_OF[window.per], last)
      : calendar.addDays(calendar.addMonths(dayStart(calendar, last), -window.months), 1);
  byDay.set(day, start);
  return start;
}

export function datesOf({ window, review, timeZone }: Ladder): Dates {
  const calendar = present(calendarOf(timeZone), timeZone);
  return {
    addDays: (from, days) => calendar.addDays(from, days),
    nextDay: (after) => nextDay(calendar, after),
    dayWithout: (at) => {
      assert(window !== undefined && 'months' in window, 'no rolling window');
      let day = nextDay(calendar, calendar.addMonths(dayStart(calendar, at), window.months));
      // The same date is not in every month.
      while (startOf(calendar, window, justBefore(day)) <= at) day = nextDay(calendar, day);
      return day;
    },
    nextStart: (at) => (window === undefined || 'since' in window ? undefined : nextDay(calendar, at)),
    windowStart: (last, changed) => {
      if (window === undefined) return undefined;
      return 'since' in window ? changed : startOf(calendar, window, last);
    },
    nextReview: (anchor, after, joined) => {
      const { clock, months } = present(review, 'a review');
      if (clock === 'calendar') return calendar.addMonths(periodStart(calendar, months, after), months);
      const from = clock === 'anniversary' ? dayStart(calendar, joined) : anchor;
      return nextOf(calendar, from, months, after);
    },
  };
}

/** The first of `from` + 1, 2, 3 … times the months that is behind `after`. */
function nextOf(calendar: Calendar, from: Instant, months: number, after: Instant): Instant {
  const [start, end] = [new Date(calendar.wall(from)), new Date(calendar.wall(after))];
  const between = (end.getUTCFullYear() - start.getUTCFullYear()) * 12 + end.getUTCMonth() - start.getUTCMonth();
  let times = Math.max(1, Math.floor(between / months));
  for (;;) {
    const next = calendar.addMonths(from, times * months);
    if (next > after) return next;
    times += 1;
  }
}
