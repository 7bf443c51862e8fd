import { instant, points } from '@jifen/kernel';
import type { Contribution } from './grant.ts';
import { referenceLadder as ladder } from './reference-ladder.ts';
import { BEGINNING, sameTimeline, tierAt, timelineOf } from './timeline.ts';

const earned = (at: string, count: number): Contribution => ({ earnedAt: instant(at), points: points(count) });
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

  it('timelines compare by what they say', () => {
    expect(sameTimeline([first], [{ ...first }])).toBe(true);
    expect(sameTimeline([first], [{ ...first, tier: 'silver' }])).toBe(false);
    expect(sameTimeline([first], [first, { tier: 'silver', since: instant(march) }])).toBe(false);
  });
});
