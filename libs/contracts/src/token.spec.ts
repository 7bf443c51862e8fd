import { formatToken, parseToken, PROBLEMS } from './index.ts';

describe('a position token', () => {
  it.each<[string, ReadonlyMap<number, number>]>([
    ['activity:3-1234', new Map([[3, 1234]])],
    [
      'activity:0-1,7-88,15-9007199254740991',
      new Map([
        [0, 1],
        [7, 88],
        [15, 9007199254740991],
      ]),
    ],
  ])('%s reads as it was written', (text, positions) => {
    expect(formatToken({ log: 'activity', positions })).toBe(text);
    expect(parseToken(text)).toEqual({ log: 'activity', positions });
  });

  it('names partitions in order', () => {
    expect(
      formatToken({
        log: 'ledger',
        positions: new Map([
          [9, 1],
          [2, 5],
        ]),
      }),
    ).toBe('ledger:2-5,9-1');
  });

  it.each([
    '',
    'activity',
    'activity:',
    'activity:1',
    'activity:1-',
    'activity:a-1',
    'Activity:1-1',
    'activity:1-1,',
    'activity:1-9007199254740992',
    `activity:${Array.from({ length: 300 }, () => '1-1').join(',')}`,
  ])('is not %s', (text) => {
    expect(parseToken(text)).toBeUndefined();
  });
});

describe('problem codes', () => {
  it.each(Object.entries(PROBLEMS))('%s has a status and a title', (_code, { status, title }) => {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(title).not.toBe('');
  });
});
