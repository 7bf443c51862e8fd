import { instant, points } from '@jifen/kernel';
import type { Contribution } from './grant.ts';
import type { Ladder } from './ladder.ts';
import { referenceLadder as ladder } from './reference-ladder.ts';
import { standingOf } from './standing.ts';
import { BEGINNING, sameTimeline, tierAt, type Timeline } from './timeline.ts';

const earned = (at: string, count: number): Contribution => ({ earnedAt: instant(at), points: points(count) });
const timelineOf = (under: Ladder, earnings: readonly Contribution[]): Timeline =>
  standingOf(under, { points: new Map([['points', earnings]]), purchases: [] }, BEGINNING).timeline;
const first = { tier: 'bronze', since: BEGINNING };
const march = '2026-03-01T08:00:00.000Z';
const april = '2026-04-01T08:00:00.000Z';
const may = '2026-05-01T08:00:00.000Z';

describe('the timeline of a member', () => {
  it.each<[string, readonly Contribution[], readonly { tier: string; since: string }[]]>([
    ['nothing earned', [], [first]],
    ['one below the threshold', [earned(march, 4_999)], [first]],
    ['exactly the threshold', [earned(march, 5_000)], [first, { tier: 'silver', since: march }]],
    ['two that reach it together', [earned(march, 4_999), earned(april, 1)], [first, { tier: 'silver', since: april }]],
    ['two at one instant', [earned(march, 2_500), earned(march, 2_500)], [first, { tier: 'silver', since: march }]],
    ['two steps at once', [earned(march, 20_000)], [first, { tier: 'gold', since: march }]],
    [
      'one step after the other',
      [earned(march, 5_000), earned(april, 15_000)],
      [first, { tier: 'silver', since: march }, { tier: 'gold', since: april }],
    ],
    [
      'a late one moves the crossing back',
      [earned(april, 4_000), earned(may, 1_000), earned(march, 1_000)],
      [first, { tier: 'silver', since: april }],
    ],
    ['a promotion that is gone with what it rested on', [earned(march, 4_999), earned(april, 0)], [first]],
  ])('%s', (_, contributions, expected) => {
    expect(timelineOf(ladder, contributions)).toEqual(expected);
    expect(timelineOf(ladder, [...contributions].reverse())).toEqual(expected);
  });

  it.each([
    ['just before the crossing', '2026-03-01T07:59:59.999Z', 'bronze'],
    ['at the crossing: an order is not multiplied by the tier that it earns', march, 'bronze'],
    ['just after it', '2026-03-01T08:00:00.001Z', 'silver'],
    ['at the next crossing', april, 'silver'],
    ['just after the next', '2026-04-01T08:00:00.001Z', 'gold'],
    ['long after', '2036-01-01T00:00:00.000Z', 'gold'],
  ])('%s', (_, at, tier) => {
    const timeline = timelineOf(ladder, [earned(march, 5_000), earned(april, 15_000)]);
    expect(tierAt(timeline, instant(at))?.tier).toBe(tier);
  });

  describe('under a new ladder', () => {
    const steps = (...tiers: readonly (readonly [string, number])[]): Ladder['tiers'] =>
      tiers.map(([code, threshold]) => ({ code, name: {}, threshold: points(threshold), multiplier: '1' }));
    const eve = '2026-04-01T07:59:59.999Z';
    const changed = (...tiers: readonly (readonly [string, number])[]): Ladder => ({
      ...ladder,
      tiers: steps(...tiers),
      before: { ladder, until: instant(april) },
    });
    const reached = [first, { tier: 'silver', since: march }];

    it('what was reached before it holds stays as it was', () => {
      const renamed = changed(['bronze', 0], ['argent', 6_000]);
      expect(timelineOf(renamed, [earned(march, 6_000)])).toEqual([...reached, { tier: 'argent', since: eve }]);
      expect(timelineOf(renamed, [earned(march, 5_000), earned(may, 1_000)])).toEqual([
        ...reached,
        { tier: 'bronze', since: eve },
        { tier: 'argent', since: may },
      ]);
    });

    it('it counts from its first instant on, and not before', () => {
      const timeline = timelineOf(changed(['bronze', 0], ['argent', 1]), [earned(eve, 5_000)]);
      expect(tierAt(timeline, instant(eve))?.tier).toBe('bronze');
      expect(tierAt(timeline, instant(april))?.tier).toBe('argent');
    });

    it('with the same step nothing changes', () => {
      expect(timelineOf(changed(['bronze', 0], ['silver', 4_000]), [earned(march, 5_000)])).toEqual(reached);
    });
  });

  it('timelines compare by what they say', () => {
    expect(sameTimeline([first], [{ ...first }])).toBe(true);
    expect(sameTimeline([first], [{ ...first, tier: 'silver' }])).toBe(false);
    expect(sameTimeline([first], [first, { tier: 'silver', since: instant(march) }])).toBe(false);
  });
});
