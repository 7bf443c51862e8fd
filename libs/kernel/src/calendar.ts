import { instantFromMillis, instantToMillis, parseInstant, type Instant } from './instant.ts';

export const DAY = 86_400_000;
const QUARTER_HOUR = 900_000;
const LAST_MILLIS = 253_402_300_799_999;
const MAX_REMEMBERED = 20_000;

export type Period = 'month' | 'quarter' | 'year';

/** Arithmetic on the wall clock of one IANA time zone. */
export interface Calendar {
  readonly timeZone: string;
  /** The same wall-clock time some days later. */
  addDays(from: Instant, days: number): Instant;
  /** The same wall-clock time some months later; a day that the month lacks becomes its last one (31 January + 1 = 28 February). */
  addMonths(from: Instant, months: number): Instant;
  /** The first instant after the month, quarter or year that the instant is in. */
  endOf(period: Period, from: Instant): Instant;
  /** The date that clocks show, `YYYY-MM-DD`. */
  dateOf(at: Instant): string;
  /** The first instant of a date `YYYY-MM-DD`; `undefined` if the text is no date. */
  startOf(date: string): Instant | undefined;
  /** What the clocks show, as milliseconds of a day and time in UTC. */
  wall(at: Instant): number;
  /** The instant at which the clocks show it. */
  fromWall(local: number): Instant;
}

/** `undefined` when the text names no time zone. */
export function createCalendar(timeZone: string): Calendar | undefined {
  const offset = offsets(timeZone);
  if (offset === undefined) return undefined;
  const wall = remembered((at: Instant) => {
    const millis = instantToMillis(at);
    return millis + offset(millis);
  });
  const back = (local: number): Instant => instantFromMillis(clamp(toUtc(local, offset)));
  return {
    timeZone,
    wall,
    fromWall: back,
    addDays: (from, days) => back(wall(from) + days * DAY),
    addMonths: (from, months) => back(plusMonths(wall(from), months)),
    endOf: (period, from) => {
      const date = new Date(wall(from));
      const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
      const next = period === 'month' ? month + 1 : period === 'quarter' ? month - (month % 3) + 3 : 12;
      return back(Date.UTC(year, next, 1));
    },
    dateOf: remembered((at) => new Date(wall(at)).toISOString().slice(0, 10)),
    startOf: (date) => {
      const midnight = parseInstant(`${date}T00:00:00Z`);
      return midnight === undefined ? undefined : back(instantToMillis(midnight));
    },
  };
}

/** All rules of a program ask for the same instant, one after another. */
function remembered<Value>(answer: (at: Instant) => Value): (at: Instant) => Value {
  let last: { readonly at: Instant; readonly value: Value } | undefined;
  return (at) => {
    if (last?.at !== at) last = { at, value: answer(at) };
    return last.value;
  };
}

const clamp = (millis: number): number => Math.min(Math.max(millis, 0), LAST_MILLIS);

function plusMonths(local: number, months: number): number {
  const date = new Date(local);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + months, date.getUTCDate()];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(day, lastDay)) + (local % DAY);
}

/**
 * The instant at which clocks show the time: the earlier one when they show it twice, and as much later as the clocks
 * jumped when they never show it.
 */
function toUtc(local: number, offset: (utc: number) => number): number {
  const before = offset(clamp(local - DAY));
  const after = offset(clamp(local + DAY));
  const shown = [local - before, local - after].filter((utc) => utc + offset(clamp(utc)) === local);
  return shown.length === 0 ? local - before : Math.min(...shown);
}

/** Difference of wall clock and UTC at an instant. Zones change only at quarters of an hour, so that one look-up serves all of it. */
function offsets(timeZone: string): ((utc: number) => number) | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  const known = new Map<number, number>();
  return (utc) => {
    const quarter = Math.floor(utc / QUARTER_HOUR);
    const remembered = known.get(quarter);
    if (remembered !== undefined) return remembered;
    const start = quarter * QUARTER_HOUR;
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(start)) part[type] = Number(value);
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = part;
    const difference = Date.UTC(year, month - 1, day, hour, minute, second) - start;
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(quarter, difference);
    return difference;
  };
}
