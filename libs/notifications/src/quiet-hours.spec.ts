import { createCalendar, instant, instantFromMillis, present, type Calendar } from '@jifen/kernel';
import fc from 'fast-check';
import { quietUntil } from './quiet-hours.ts';

const zone = (name: string): Calendar => present(createCalendar(name), name);
const NIGHT = { from: '22:00', to: '08:00' };

describe('quiet hours', () => {
  it.each([
    ['before them', 'Asia/Shanghai', NIGHT, '2026-11-28T13:59:59.999Z', undefined],
    ['at their beginning', 'Asia/Shanghai', NIGHT, '2026-11-28T14:00:00.000Z', '2026-11-29T00:00:00.000Z'],
    ['after midnight', 'Asia/Shanghai', NIGHT, '2026-11-28T17:30:00.000Z', '2026-11-29T00:00:00.000Z'],
    ['at their end', 'Asia/Shanghai', NIGHT, '2026-11-29T00:00:00.000Z', undefined],
    ['of a lunch', 'UTC', { from: '12:00', to: '13:00' }, '2026-11-29T12:30:00.000Z', '2026-11-29T13:00:00.000Z'],
    ['without length', 'UTC', { from: '12:00', to: '12:00' }, '2026-11-29T12:00:00.000Z', undefined],
    // 29 March 2026, 02:00 jumps to 03:00: the night is an hour shorter.
    ['of the night that is short', 'Europe/Berlin', NIGHT, '2026-03-28T22:00:00.000Z', '2026-03-29T06:00:00.000Z'],
    [
      'that end in the jump',
      'Europe/Berlin',
      { from: '22:00', to: '02:30' },
      '2026-03-28T22:00:00.000Z',
      '2026-03-29T01:30:00.000Z',
    ],
    // 25 October 2026, 03:00 is set back to 02:00: the night is an hour longer.
    ['of the night that is long', 'Europe/Berlin', NIGHT, '2026-10-24T22:00:00.000Z', '2026-10-25T07:00:00.000Z'],
    [
      'that end in the hour shown twice, the first time',
      'Europe/Berlin',
      { from: '22:00', to: '02:30' },
      '2026-10-25T00:10:00.000Z',
      '2026-10-25T00:30:00.000Z',
    ],
    [
      '… and the second time',
      'Europe/Berlin',
      { from: '22:00', to: '02:30' },
      '2026-10-25T01:10:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ],
  ])('%s', (_, name, quiet, at, until) => {
    expect(quietUntil(zone(name), quiet, instant(at))).toBe(until);
  });

  it('always end, within a day and a bit, and waiting for the end gets out of them', () => {
    const minutes = fc.integer({ min: 0, max: 1_439 });
    const clock = (minute: number): string =>
      `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    const zones = fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC');
    const from2026 = Date.UTC(2026, 0, 1);
    fc.assert(
      fc.property(zones, minutes, minutes, fc.integer({ min: 0, max: 365 * 1_440 }), (name, from, to, minute) => {
        const at = instantFromMillis(from2026 + minute * 60_000);
        const quiet = { from: clock(from), to: clock(to) };
        let until = quietUntil(zone(name), quiet, at);
        if (until === undefined) return;
        expect(until > at).toBe(true);
        expect(Date.parse(until) - Date.parse(at)).toBeLessThanOrEqual(25 * 3_600_000);
        // An hour that is shown twice may hold the beginning again; once more is enough.
        for (let again = 0; again < 2 && until !== undefined; again++) until = quietUntil(zone(name), quiet, until);
        expect(until).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});
