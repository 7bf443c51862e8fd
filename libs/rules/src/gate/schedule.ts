import type { EarnRule, ProgramDocument, Schedule, Violation } from '@jifen/contracts';
import { createCalendar, DAY, instant, parseInstant, present, type Calendar, type Instant } from '@jifen/kernel';
import type { RuleContext } from '../compile.ts';
import type { ReasonWords, StepWords } from '../explain/sentence.ts';
import { NONE, violation } from '../violation.ts';
import type { Gate } from './gate.ts';

export interface WhenStep {
  /** On the wall clock of the schedule. */
  readonly at: string;
  readonly step: 'when';
}

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const MINUTE = 60_000;
/** 1 January 1970 was a Thursday. */
const THURSDAY = 3;

/** Only what happened when the schedule says earns (E20, E22). */
export function compileSchedule({ schedule }: EarnRule, { document, calendar: own }: RuleContext): Gate | undefined {
  if (schedule === undefined) return undefined;
  const calendar = calendarOf(schedule, own);
  const { start: from, end: to } = scheduleSpan(schedule, own);
  const isDay = dayCheck(schedule, document);
  const isHour = hourCheck(schedule);
  return (run, steps) => {
    const at = run.at();
    const wall = calendar.wall(at);
    steps.push({ at: new Date(wall).toISOString().slice(0, 16).replace('T', ' '), step: 'when' });
    if (from !== undefined && at < from) return 'not-begun';
    if (to !== undefined && at >= to) return 'over';
    if (!isDay(wall)) return 'other-day';
    return isHour(wall) ? undefined : 'other-hour';
  };
}

const calendarOf = ({ timeZone }: Schedule, own: Calendar): Calendar =>
  timeZone === undefined ? own : present(createCalendar(timeZone), timeZone);

/** The first instant of a schedule, and the first one after it. */
export function scheduleSpan(schedule: Schedule, own: Calendar): { readonly start?: Instant; readonly end?: Instant } {
  const calendar = calendarOf(schedule, own);
  return {
    ...(schedule.from === undefined ? {} : { start: startOf(calendar, schedule.from) }),
    ...(schedule.to === undefined ? {} : { end: endOf(calendar, schedule.to) }),
  };
}

const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

const startOf = (calendar: Calendar, text: string): Instant =>
  isDate(text) ? present(calendar.startOf(text), text) : instant(text);

/** A date is meant with all of its day. */
const endOf = (calendar: Calendar, text: string): Instant =>
  isDate(text) ? calendar.addDays(present(calendar.startOf(text), text), 1) : instant(text);

function dayCheck(
  { weekdays, daysOfMonth, dates, holidays }: Schedule,
  document: ProgramDocument,
): (wall: number) => boolean {
  if (weekdays === undefined && daysOfMonth === undefined && dates === undefined && holidays === undefined)
    return () => true;
  const lists = (document.holidays ?? []).filter(({ id }) => holidays?.includes(id));
  const named = new Set([...(dates ?? []), ...lists.flatMap((list) => list.dates)]);
  return (wall) => {
    const day = Math.floor(wall / DAY);
    const date = new Date(day * DAY);
    const text = date.toISOString().slice(0, 10);
    const last = new Date((day + 1) * DAY).getUTCDate() === 1;
    const weekday = WEEKDAYS[(day + THURSDAY) % WEEKDAYS.length];
    return (
      (weekday !== undefined && weekdays?.includes(weekday) === true) ||
      daysOfMonth?.includes(date.getUTCDate()) === true ||
      (last && daysOfMonth?.includes(-1) === true) ||
      named.has(text) ||
      named.has(text.slice(5))
    );
  };
}

function hourCheck({ hours }: Schedule): (wall: number) => boolean {
  if (hours === undefined) return () => true;
  const spans = hours.map(({ from, to }) => [minuteOf(from), minuteOf(to)] as const);
  return (wall) => {
    const minute = Math.floor((wall % DAY) / MINUTE);
    return spans.some(([from, to]) => (from < to ? minute >= from && minute < to : minute >= from || minute < to));
  };
}

const minuteOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

export function scheduleViolations(
  { schedule }: EarnRule,
  document: ProgramDocument,
  pointer: string,
): readonly Violation[] {
  if (schedule === undefined) return NONE;
  const place = `${pointer}/schedule`;
  const calendar = createCalendar(schedule.timeZone ?? document.timeZone);
  if (calendar === undefined)
    return schedule.timeZone === undefined
      ? NONE
      : [violation(`${place}/timeZone`, 'must be a time zone of the IANA database, e.g. Asia/Shanghai')];
  const isTime = (text: string): boolean =>
    isDate(text) ? calendar.startOf(text) !== undefined : parseInstant(text) !== undefined;
  const wrong = (['from', 'to'] as const).filter((field) => !isTime(schedule[field] ?? '2026-01-01'));
  const lists = new Set((document.holidays ?? []).map(({ id }) => id));
  return [
    ...wrong.map((field) =>
      violation(`${place}/${field}`, 'must be a date (YYYY-MM-DD) or a date-time with an offset'),
    ),
    ...(wrong.length === 0 && schedule.from !== undefined && schedule.to !== undefined
      ? startOf(calendar, schedule.from) < endOf(calendar, schedule.to)
        ? NONE
        : [violation(`${place}/to`, 'must not be before from')]
      : NONE),
    ...(schedule.holidays ?? []).flatMap((id, index) =>
      lists.has(id) ? NONE : [violation(`${place}/holidays/${index}`, `"${id}" is no holiday list of this program`)],
    ),
    ...(schedule.hours ?? []).flatMap(({ from, to }, index) =>
      from === to ? [violation(`${place}/hours/${index}`, 'must not be empty: from and to are the same')] : NONE,
    ),
  ];
}

export const scheduleWords: { readonly when: StepWords<WhenStep> } = {
  when: { en: ({ at }) => `It happened at ${at}.`, zh: ({ at }) => `发生于 ${at}。` },
};

export const scheduleReasons = {
  'not-begun': { en: 'it had not begun yet', zh: '活动尚未开始' },
  over: { en: 'it was over', zh: '活动已结束' },
  'other-day': { en: 'it is for other days', zh: '不在适用日期' },
  'other-hour': { en: 'it is for other hours', zh: '不在适用时段' },
} satisfies ReasonWords;
