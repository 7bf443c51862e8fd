import { present } from './assert.ts';
import { createCalendar, type Period } from './calendar.ts';
import { instant } from './instant.ts';

const calendar = (zone: string) => present(createCalendar(zone), zone);
const at = (text: string) => instant(text);

describe('days', () => {
  it.each([
    ['Asia/Shanghai', '2026-11-01T02:00:00Z', 14, '2026-11-15T02:00:00.000Z'],
    ['America/New_York', '2026-03-07T17:00:00Z', 1, '2026-03-08T16:00:00.000Z'],
    ['America/New_York', '2026-10-31T16:00:00Z', 1, '2026-11-01T17:00:00.000Z'],
    // 02:30 is never shown on 8 March 2026: it becomes 03:30.
    ['America/New_York', '2026-03-07T07:30:00Z', 1, '2026-03-08T07:30:00.000Z'],
    // 01:30 is shown twice on 1 November 2026: the earlier one counts.
    ['America/New_York', '2026-10-31T05:30:00Z', 1, '2026-11-01T05:30:00.000Z'],
    // Midnight of 29 March 2026 is never shown in Beirut.
    ['Asia/Beirut', '2026-03-27T22:00:00Z', 1, '2026-03-28T22:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-10-03T01:00:00Z', 1, '2026-10-04T00:30:00.000Z'],
    ['UTC', '2028-02-28T12:00:00Z', 1, '2028-02-29T12:00:00.000Z'],
    ['UTC', '9999-12-31T00:00:00Z', 10, '9999-12-31T23:59:59.999Z'],
  ])('%s: %s and %d days are %s', (zone, from, days, expected) => {
    expect(calendar(zone).addDays(at(from), days)).toBe(expected);
  });
});

describe('months', () => {
  it.each([
    ['UTC', '2027-01-31T10:00:00Z', 1, '2027-02-28T10:00:00.000Z'],
    ['UTC', '2028-01-31T10:00:00Z', 1, '2028-02-29T10:00:00.000Z'],
    ['UTC', '2028-02-29T10:00:00Z', 12, '2029-02-28T10:00:00.000Z'],
    ['UTC', '2028-02-29T10:00:00Z', 48, '2032-02-29T10:00:00.000Z'],
    // 31 January 00:30 in Shanghai is still 30 January in UTC.
    ['Asia/Shanghai', '2027-01-30T16:30:00Z', 1, '2027-02-27T16:30:00.000Z'],
    ['America/New_York', '2026-02-08T17:00:00Z', 1, '2026-03-08T16:00:00.000Z'],
  ])('%s: %s and %d months are %s', (zone, from, months, expected) => {
    expect(calendar(zone).addMonths(at(from), months)).toBe(expected);
  });
});

describe('the end of', () => {
  it.each<[string, Period, string, string]>([
    ['Asia/Shanghai', 'month', '2026-11-30T15:59:59Z', '2026-11-30T16:00:00.000Z'],
    ['Asia/Shanghai', 'month', '2026-11-30T16:00:00Z', '2026-12-31T16:00:00.000Z'],
    ['Asia/Shanghai', 'quarter', '2026-11-02T00:00:00Z', '2026-12-31T16:00:00.000Z'],
    ['Asia/Shanghai', 'quarter', '2026-03-31T16:00:00Z', '2026-06-30T16:00:00.000Z'],
    ['Asia/Shanghai', 'year', '2026-01-01T00:00:00Z', '2026-12-31T16:00:00.000Z'],
    ['UTC', 'month', '2028-02-29T00:00:00Z', '2028-03-01T00:00:00.000Z'],
    ['America/New_York', 'month', '2026-03-31T12:00:00Z', '2026-04-01T04:00:00.000Z'],
  ])('%s: the %s of %s is %s', (zone, period, from, expected) => {
    expect(calendar(zone).endOf(period, at(from))).toBe(expected);
  });
});

describe('a date', () => {
  it.each([
    ['Asia/Shanghai', '2026-11-30', '2026-11-29T16:00:00.000Z'],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z'],
    ['America/New_York', '2026-03-09', '2026-03-09T04:00:00.000Z'],
    // Clocks went from midnight to one: the day began at one.
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z'],
    ['UTC', '2028-02-29', '2028-02-29T00:00:00.000Z'],
  ])('%s: %s starts at %s', (zone, date, start) => {
    expect(calendar(zone).startOf(date)).toBe(start);
    expect(calendar(zone).dateOf(at(start))).toBe(date);
  });

  it.each(['2027-02-29', '2026-13-01', '2026-1-1', '01.02.2026', ''])('%j is none', (text) => {
    expect(calendar('UTC').startOf(text)).toBeUndefined();
  });
});

it('knows no such zone', () => {
  expect(createCalendar('Mars/Olympus')).toBeUndefined();
});
