import { createCalendar, instant, instantFromMillis, instantToMillis, present, type Calendar } from '@jifen/kernel';
import fc from 'fast-check';
import { clockMillis } from './quiet-hours.ts';
import { plusDays, reminderDay, remindersDue } from './reminders.ts';

const zone = (name: string): Calendar => present(createCalendar(name), name);
const shanghai = zone('Asia/Shanghai');
const NINE = instant('2026-11-28T01:00:00.000Z');

describe('reminders of points that end', () => {
  it('A09: 30, 7 and 1 days before the last day, each for what the next one does not cover', () => {
    const due = remindersDue(shanghai, [30, 7, 1], NINE);
    const days = (before: number): readonly string[] =>
      due.filter(({ daysBefore }) => daysBefore === before).map(({ lastDay }) => lastDay);
    expect(days(1)).toEqual(['2026-11-28', '2026-11-29']);
    expect([days(7)[0], days(7).at(-1)]).toEqual(['2026-11-30', '2026-12-05']);
    expect([days(30)[0], days(30).at(-1)]).toEqual(['2026-12-06', '2026-12-28']);
  });

  it('U28: an expiry at midnight ends the day before, in the program’s zone', () => {
    const day = remindersDue(shanghai, [30], NINE).find(({ lastDay }) => lastDay === '2026-11-30');
    expect(day).toMatchObject({ from: '2026-11-29T16:00:00.000Z', to: '2026-11-30T16:00:00.000Z' });
  });

  it('U28: never of what has ended', () => {
    expect(remindersDue(shanghai, [1], NINE)[0]?.from).toBe(NINE);
    expect(remindersDue(shanghai, [], NINE)).toEqual([]);
  });

  it.each([
    ['2026-11-28T01:59:59.999Z', undefined],
    ['2026-11-28T02:00:00.000Z', '2026-11-28'],
    ['2026-11-28T15:59:59.999Z', '2026-11-28'],
    ['2026-11-28T16:00:00.000Z', undefined],
  ])('at %s the day is %s', (at, day) => {
    expect(reminderDay(shanghai, clockMillis('10:00'), instant(at))).toBe(day);
  });

  it('each expiry is reminded of on exactly the days asked for, whatever the clocks do', () => {
    const zones = fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe');
    const reminders = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 4 });
    const hours = fc.integer({ min: 0, max: 365 * 24 });
    fc.assert(
      fc.property(zones, reminders, hours, (name, days, hour) => {
        const calendar = zone(name);
        const expiry = instantFromMillis(Date.UTC(2026, 1, 1) + hour * 3_600_000);
        const lastDay = calendar.dateOf(instantFromMillis(instantToMillis(expiry) - 1));
        const told = new Map<number, string>();
        for (let before = 45; before >= -2; before--) {
          const today = plusDays(lastDay, -before);
          const at = present(calendar.startOf(today), today);
          for (const each of remindersDue(calendar, days, at))
            if (expiry > each.from && expiry <= each.to && !told.has(each.daysBefore)) told.set(each.daysBefore, today);
        }
        expect(Object.fromEntries(told)).toEqual(
          Object.fromEntries(days.map((each) => [each, plusDays(lastDay, -each)])),
        );
      }),
      { numRuns: 20 },
    );
  });
});
