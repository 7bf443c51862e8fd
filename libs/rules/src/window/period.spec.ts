import { createCalendar, instant, present } from '@jifen/kernel';
import { windowAt, windowKeys, type CalendarPeriod } from './period.ts';

const shanghai = present(createCalendar('Asia/Shanghai'), 'a calendar');

describe('windows of an instant', () => {
  it.each<[string, CalendarPeriod, string, string, string]>([
    ['2026-12-31T15:59:59.999Z', 'day', '2026-12-31', '2026-12-30T16:00:00.000Z', '2026-12-31T16:00:00.000Z'],
    ['2026-12-31T16:00:00.000Z', 'day', '2027-01-01', '2026-12-31T16:00:00.000Z', '2027-01-01T16:00:00.000Z'],
    ['2027-01-03T00:00:00.000Z', 'week', 'week-2026-12-28', '2026-12-27T16:00:00.000Z', '2027-01-03T16:00:00.000Z'],
    ['2026-02-28T16:00:00.000Z', 'month', '2026-03', '2026-02-28T16:00:00.000Z', '2026-03-31T16:00:00.000Z'],
    ['2026-03-31T15:59:59.999Z', 'quarter', '2026-Q1', '2025-12-31T16:00:00.000Z', '2026-03-31T16:00:00.000Z'],
    ['2026-12-31T00:00:00.000Z', 'quarter', '2026-Q4', '2026-09-30T16:00:00.000Z', '2026-12-31T16:00:00.000Z'],
    ['2026-07-01T00:00:00.000Z', 'year', '2026', '2025-12-31T16:00:00.000Z', '2026-12-31T16:00:00.000Z'],
  ])('%s: the %s is %s', (at, per, key, start, end) => {
    expect(windowAt(shanghai, per, instant(at))).toEqual({ key, start, end });
    expect(windowKeys(shanghai, instant(at))[per]).toBe(key);
  });
});
