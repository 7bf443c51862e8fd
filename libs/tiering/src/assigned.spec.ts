import { instant, instantFromMillis, points, type Instant } from '@jifen/kernel';
import fc from 'fast-check';
import { spansOf, type Assignment } from './assigned.ts';
import { placeOf } from './ladder.ts';
import { referenceLadder as ladder } from './reference-ladder.ts';
import { standingOf } from './standing.ts';
import { tierAt } from './timeline.ts';

const day = (number: number): Instant => instantFromMillis(Date.UTC(2026, 0, 1 + number));
const now = day(100);
const earned = { earnedAt: day(10), points: points(5_000) };
const view = (assigned: readonly Assignment[], horizon = now) => {
  const facts = { points: new Map([['points', [earned]]]), purchases: [], assigned };
  return standingOf(ladder, facts, horizon);
};
const given = (at: number, tier?: string, until?: number): Assignment => ({
  at: day(at),
  tier,
  until: until === undefined ? undefined : day(until),
});

describe('a tier given by hand', () => {
  it.each<[string, readonly Assignment[], readonly (readonly [at: Instant, tier: string])[]]>([
    [
      'holds from its instant until its end, and what was earned is there after it',
      [given(5, 'gold', 20)],
      [
        [instant('2026-01-05T23:59:59.999Z'), 'bronze'],
        [day(5), 'gold'],
        [instant('2026-01-20T23:59:59.999Z'), 'gold'],
        [day(20), 'silver'],
      ],
    ],
    ['never takes a higher one that was earned', [given(12, 'bronze', 20)], [[day(15), 'silver']]],
    [
      'is replaced by the next one, and taken back by one that names none',
      [given(5, 'platinum', 50), given(20, 'gold'), given(30)],
      [
        [day(19), 'platinum'],
        [day(21), 'gold'],
        [day(31), 'silver'],
      ],
    ],
    ['that is on no ladder gives nothing', [given(5, 'onyx')], [[day(6), 'bronze']]],
  ])('%s', (_, assigned, expected) => {
    for (const order of [assigned, [...assigned].reverse()])
      expect(expected.map(([at]) => [at, tierAt(view(order).timeline, at)?.tier])).toEqual(expected);
  });

  it('that ends later is in force now, and its end is no entry before it came', () => {
    const position = view([given(5, 'gold', 200)]);
    expect(position).toMatchObject({ shown: 2, step: 1, given: { tier: 'gold', until: day(200) } });
    expect(position.timeline.at(-1)).toMatchObject({ tier: 'gold' });
    expect(view([given(5, 'gold', 200)], day(200)).timeline.at(-1)?.tier).toBe('silver');
  });

  it('leaves every instant one tier: the higher one of what was earned and what was given', () => {
    const assignment = fc.record({
      at: fc.integer({ min: 0, max: 90 }).map(day),
      tier: fc.constantFrom('bronze', 'silver', 'gold', undefined),
      until: fc.option(fc.integer({ min: 0, max: 120 }).map(day), { nil: undefined }),
    });
    const assignments = fc.uniqueArray(assignment, { maxLength: 6, selector: ({ at }) => at });
    fc.assert(
      fc.property(assignments, fc.integer({ min: 0, max: 99 }), (assigned, number) => {
        const at = day(number);
        const word = [...assigned].sort((a, b) => (a.at < b.at ? -1 : 1)).findLast((each) => each.at <= at);
        const hand = word?.until !== undefined && word.until <= at ? undefined : word?.tier;
        const own = number > 10 ? 'silver' : 'bronze';
        const expected = placeOf(ladder, hand) > placeOf(ladder, own) ? hand : own;
        const { timeline } = view(assigned);
        expect(tierAt(timeline, at)?.tier).toBe(expected);
        for (let place = 1; place < timeline.length; place++)
          expect((timeline[place]?.since ?? '') > (timeline[place - 1]?.since ?? '')).toBe(true);
        expect(spansOf(assigned).every(({ from, until }) => until === undefined || from < until)).toBe(true);
      }),
    );
  });
});
