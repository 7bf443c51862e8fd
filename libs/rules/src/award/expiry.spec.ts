import type { EarnRule } from '@jifen/contracts';
import { createCalendar, instant, instantFromMillis, instantToMillis, present } from '@jifen/kernel';
import { compileAvailability } from './availability.ts';
import { compileExpiry } from './expiry.ts';

const calendar = (zone: string) => present(createCalendar(zone), zone);
const rule = (part: Pick<EarnRule, 'expiry' | 'availability'>): EarnRule => ({
  id: 'spend',
  when: { order: 'paid' },
  earn: { form: 'rate', points: '1', per: '1.00' },
  currency: 'points',
  ...part,
});
type Policy = NonNullable<EarnRule['expiry']>;

const ENDS_OF: readonly [string, string, Policy, string, string][] = [
  ['after N days', 'Asia/Shanghai', { days: 30 }, '2026-11-01T02:00:00Z', '2026-12-01T02:00:00.000Z'],
  ['after days of 23 hours', 'America/New_York', { days: 1 }, '2026-03-07T17:00:00Z', '2026-03-08T16:00:00.000Z'],
  ['after days of 25 hours', 'America/New_York', { days: 1 }, '2026-10-31T16:00:00Z', '2026-11-01T17:00:00.000Z'],
  ['after 12 months from 29 February', 'UTC', { months: 12 }, '2028-02-29T10:00:00Z', '2029-02-28T10:00:00.000Z'],
  ['after 48 months from 29 February', 'UTC', { months: 48 }, '2028-02-29T10:00:00Z', '2032-02-29T10:00:00.000Z'],
  ['a month from 31 January', 'UTC', { months: 1 }, '2028-01-31T10:00:00Z', '2028-02-29T10:00:00.000Z'],
  [
    'at the end of its month',
    'Asia/Shanghai',
    { months: 0, endOf: 'month' },
    '2026-11-30T15:59:59.999Z',
    '2026-11-30T16:00:00.000Z',
  ],
  [
    'at the end of the next, there',
    'Asia/Shanghai',
    { months: 0, endOf: 'month' },
    '2026-11-30T16:00:00Z',
    '2026-12-31T16:00:00.000Z',
  ],
  [
    'at the end of February of a leap year',
    'Asia/Shanghai',
    { months: 0, endOf: 'month' },
    '2028-02-10T00:00:00Z',
    '2028-02-29T16:00:00.000Z',
  ],
  [
    'of the quarter',
    'Asia/Shanghai',
    { months: 0, endOf: 'quarter' },
    '2026-11-02T00:00:00Z',
    '2026-12-31T16:00:00.000Z',
  ],
  [
    'of the quarter after next, by three months',
    'Asia/Shanghai',
    { months: 3, endOf: 'quarter' },
    '2026-11-02T00:00:00Z',
    '2027-03-31T16:00:00.000Z',
  ],
  ['of the year', 'Asia/Shanghai', { months: 0, endOf: 'year' }, '2026-01-01T00:00:00Z', '2026-12-31T16:00:00.000Z'],
  [
    'of the year, which has begun there',
    'Asia/Shanghai',
    { months: 0, endOf: 'year' },
    '2026-12-31T16:00:00Z',
    '2027-12-31T16:00:00.000Z',
  ],
  ['of next year', 'Asia/Shanghai', { months: 12, endOf: 'year' }, '2026-11-29T00:00:00Z', '2027-12-31T16:00:00.000Z'],
  [
    'of the month after P12M',
    'Asia/Shanghai',
    { months: 12, endOf: 'month' },
    '2026-11-29T00:00:00Z',
    '2027-11-30T16:00:00.000Z',
  ],
  [
    'of the month after P12M from 29 February',
    'Asia/Shanghai',
    { months: 12, endOf: 'month' },
    '2028-02-29T01:00:00Z',
    '2029-02-28T16:00:00.000Z',
  ],
  [
    'of a month in which the clocks went forward',
    'America/New_York',
    { months: 0, endOf: 'month' },
    '2026-03-01T12:00:00Z',
    '2026-04-01T04:00:00.000Z',
  ],
  [
    'of a month in which they went back',
    'America/New_York',
    { months: 0, endOf: 'month' },
    '2026-11-01T04:30:00Z',
    '2026-12-01T05:00:00.000Z',
  ],
  [
    'with a fixed date, through it',
    'America/New_York',
    { on: '2026-11-01' },
    '2026-01-05T00:00:00Z',
    '2026-11-02T05:00:00.000Z',
  ],
];

describe('Q04: points expire', () => {
  it.each(ENDS_OF)('%s: in %s %j from %s is %s', (_, zone, expiry, from, expected) => {
    const ends = present(compileExpiry(rule({ expiry }), calendar(zone)), 'an end');
    expect(ends(instant(from))).toBe(expected);
    // Good through the last moment of a day, there: what is rounded ends at midnight.
    if (typeof expiry === 'object' && ('endOf' in expiry || 'on' in expiry)) {
      const [last, next] = [instantFromMillis(instantToMillis(instant(expected)) - 1), instant(expected)];
      expect(calendar(zone).dateOf(last)).not.toBe(calendar(zone).dateOf(next));
      expect(calendar(zone).startOf(calendar(zone).dateOf(next))).toBe(expected);
    }
  });

  it.each([undefined, 'never'] as const)('never, where the policy is %j', (expiry) => {
    expect(compileExpiry(rule(expiry === undefined ? {} : { expiry }), calendar('UTC'))).toBeUndefined();
  });

  it.each([
    ['Asia/Shanghai', '2026-11-29T02:00:00Z', '2026-12-13T02:00:00.000Z'],
    ['America/New_York', '2026-10-25T16:00:00Z', '2026-11-08T17:00:00.000Z'],
  ])('U10: the 14 days of a return window are 14 days of %s', (zone, from, expected) => {
    const usable = compileAvailability(rule({ availability: { after: { days: 14 } } }), calendar(zone));
    expect(usable(instant(from))).toBe(expected);
  });
});
