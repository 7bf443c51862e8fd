import fc from 'fast-check';
import { afterAttempt, DEFAULT_SCHEDULE, retryAfterMillis, type AttemptResult } from './attempt.ts';

const schedule = [100, 1_000];
const answered = (status: number, retryAfter?: number): AttemptResult => ({
  kind: 'answered',
  status,
  ...(retryAfter === undefined ? {} : { retryAfterMillis: retryAfter }),
});

describe('after an attempt', () => {
  it.each([
    ['200', 1, answered(200), { kind: 'delivered' }],
    ['204', 3, answered(204), { kind: 'delivered' }],
    ['410', 1, answered(410), { kind: 'gone', reason: 'answered 410 Gone' }],
    ['a redirect, which is not followed', 1, answered(302), { kind: 'retry', inMillis: 100, reason: 'answered 302' }],
    ['404', 1, answered(404), { kind: 'retry', inMillis: 100, reason: 'answered 404' }],
    ['500 the first time', 1, answered(500), { kind: 'retry', inMillis: 100, reason: 'answered 500' }],
    ['500 the second time', 2, answered(500), { kind: 'retry', inMillis: 1_000, reason: 'answered 500' }],
    ['500 the last time', 3, answered(500), { kind: 'dead', reason: 'answered 500' }],
    [
      'no answer',
      1,
      { kind: 'failed', error: 'timeout' } as const,
      { kind: 'retry', inMillis: 100, reason: 'timeout' },
    ],
    ['no answer the last time', 3, { kind: 'failed', error: 'timeout' } as const, { kind: 'dead', reason: 'timeout' }],
    ['what would end the same', 1, { kind: 'refused', error: 'no' } as const, { kind: 'dead', reason: 'no' }],
    ['429 with patience', 1, answered(429, 7_000), { kind: 'retry', inMillis: 7_000, reason: 'answered 429' }],
    ['503 with less', 2, answered(503, 5), { kind: 'retry', inMillis: 1_000, reason: 'answered 503' }],
    ['503 for a year', 1, answered(503, 3e10), { kind: 'retry', inMillis: 86_400_000, reason: 'answered 503' }],
  ])('%s', (_, attempts, result, expected) => {
    expect(afterAttempt(schedule, attempts, result, 0)).toEqual(expected);
  });

  it('every delivery ends, whatever is answered, and never waits shorter than the schedule says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 300, max: 599 }), { minLength: 8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (statuses, chance) => {
          const ends = statuses.map((status, place) =>
            afterAttempt(DEFAULT_SCHEDULE, place + 1, answered(status), chance),
          );
          expect(ends.some(({ kind }) => kind === 'dead' || kind === 'gone')).toBe(true);
          ends.forEach((end, place) => {
            if (end.kind === 'retry') expect(end.inMillis).toBeGreaterThanOrEqual(DEFAULT_SCHEDULE[place] ?? Infinity);
          });
        },
      ),
    );
  });

  it.each([
    [undefined, undefined],
    ['120', 120_000],
    ['Thu, 01 Jan 1970 00:00:10 GMT', 9_000],
    ['soon', undefined],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ])('Retry-After %s is %s ms', (header, expected) => {
    expect(retryAfterMillis(header, 1_000)).toBe(expected);
  });
});
