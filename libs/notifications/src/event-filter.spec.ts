import { eventFilter, MAX_FILTERS, wants } from './event-filter.ts';

describe('an event filter', () => {
  it.each([
    [['*'], 'points.earned', true],
    [['points.*'], 'points.hold-captured', true],
    [['points.*'], 'pointsx.earned', false],
    [['points.earned'], 'points.earned', true],
    [['points.earned'], 'points.earned-twice', false],
    [['debt.*', 'tier.changed'], 'tier.changed', true],
    [['debt.*', 'tier.changed'], 'points.earned', false],
  ])('%j and %s: %s', (filter, type, expected) => {
    expect(wants(filter, type)).toBe(expected);
  });

  it('keeps each pattern once', () => {
    expect(eventFilter(['*', '*'])).toEqual({ ok: true, value: ['*'] });
  });

  it.each([[[]], [['points']], [['POINTS.*']], [['*.earned']], [['points.**']], [Array(MAX_FILTERS + 1).fill('*')]])(
    'refuses %j',
    (patterns) => {
      expect(eventFilter(patterns).ok).toBe(false);
    },
  );
});
