import { addPoints, instantFromMillis, points, ZERO, type Points } from '@jifen/kernel';
import fc from 'fast-check';
import type { Contribution } from './contribution.ts';
import { stepOf } from './ladder.ts';
import { referenceLadder as ladder } from './reference-ladder.ts';
import { advance, newcomer, standingOf, type Standing } from './standing.ts';
import { codeOf, tierAt, timelineOf } from './timeline.ts';

const START = Date.UTC(2026, 0, 1);
/** Few instants and round numbers, so that thresholds are hit exactly and instants are shared. */
const contribution = (least: number): fc.Arbitrary<Contribution> =>
  fc.record({
    earnedAt: fc.integer({ min: 0, max: 12 }).map((day) => instantFromMillis(START + day * 86_400_000)),
    points: fc.integer({ min: least, max: 60 }).map((hundreds) => points(hundreds * 500)),
  });
const anyHistory = fc.array(contribution(-20), { maxLength: 25 });
const shuffled = anyHistory.chain((history) =>
  fc.tuple(fc.constant(history), fc.shuffledSubarray(history, { minLength: history.length })),
);

/** What the house does with every posting: the short way where it is exact, all contributions where it is not. */
function fold(history: readonly Contribution[]): Standing {
  let standing = newcomer(ladder);
  history.forEach((change, place) => {
    standing = advance(ladder, standing, change) ?? standingOf(ladder, history.slice(0, place + 1));
  });
  return standing;
}

const totalBefore = (history: readonly Contribution[], at: string): Points =>
  history.filter(({ earnedAt }) => earnedAt < at).reduce((sum, { points: more }) => addPoints(sum, more), ZERO);

describe('the standing', () => {
  it('is the same in any order of arrival', () => {
    fc.assert(
      fc.property(shuffled, ([history, other]) => {
        expect(timelineOf(ladder, other)).toEqual(timelineOf(ladder, history));
        expect(fold(other).timeline).toEqual(timelineOf(ladder, history));
      }),
      { numRuns: 1_000 },
    );
  });

  it('taken step by step is the one computed from scratch', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const { lifetime, timeline } = standingOf(ladder, history);
        expect(fold(history)).toMatchObject({ lifetime, timeline });
      }),
      { numRuns: 1_000 },
    );
  });

  it('needs the old contributions only for what is late or taken back', () => {
    const inOrder = fc
      .array(contribution(1), { maxLength: 25 })
      .map((history) => [...history].sort((a, b) => (a.earnedAt < b.earnedAt ? -1 : 1)));
    fc.assert(
      fc.property(inOrder, (history) => {
        let standing: Standing | undefined = newcomer(ladder);
        for (const change of history) standing = standing && advance(ladder, standing, change);
        expect(standing?.timeline).toEqual(timelineOf(ladder, history));
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives every instant exactly one tier: that of what was earned before it', () => {
    fc.assert(
      fc.property(anyHistory, fc.integer({ min: -1, max: 13 * 24 }), (history, hour) => {
        const at = instantFromMillis(START + hour * 3_600_000);
        const timeline = timelineOf(ladder, history);
        expect(tierAt(timeline, at)?.tier).toBe(codeOf(ladder, stepOf(ladder, totalBefore(history, at))));
        for (let place = 1; place < timeline.length; place++) {
          expect((timeline[place]?.since ?? '') > (timeline[place - 1]?.since ?? '')).toBe(true);
          expect(timeline[place]?.tier).not.toBe(timeline[place - 1]?.tier);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('never falls while nothing is taken back', () => {
    fc.assert(
      fc.property(fc.array(contribution(0), { maxLength: 25 }), contribution(1), (history, more) => {
        const before = standingOf(ladder, history).timeline;
        const after = standingOf(ladder, [...history, more]).timeline;
        const rank = (code: string | undefined): number => ladder.tiers.findIndex((tier) => tier.code === code);
        for (let day = 0; day < 14; day++) {
          const at = instantFromMillis(START + day * 86_400_000);
          expect(rank(tierAt(after, at)?.tier)).toBeGreaterThanOrEqual(rank(tierAt(before, at)?.tier));
        }
      }),
    );
  });
});
