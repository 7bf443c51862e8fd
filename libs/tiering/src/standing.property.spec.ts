import { addPoints, instantFromMillis, points, ZERO, type Points } from '@jifen/kernel';
import fc from 'fast-check';
import type { Contribution } from './grant.ts';
import { stepOf, type Ladder } from './ladder.ts';
import { referenceLadder } from './reference-ladder.ts';
import { advance, standingOf as positionOf, type Standing } from './standing.ts';
import { codeOf } from './walk.ts';
import { BEGINNING, tierAt } from './timeline.ts';

const START = Date.UTC(2026, 0, 1);
const AWARDS = 6;

/** A posting of an award: few instants and round numbers, so that thresholds are hit exactly and instants are shared. */
interface Posting extends Contribution {
  readonly award: number;
}

const standingOf = (ladder: Ladder, earnings: readonly Contribution[]): Standing => {
  const { lifetime, latest, timeline } = positionOf(
    ladder,
    { points: new Map([['points', earnings]]), purchases: [] },
    BEGINNING,
  );
  return { lifetime, latest, timeline };
};
const fresh = (ladder: Ladder): Standing => standingOf(ladder, []);

/** In force from the sixth day on, with other codes and lower thresholds. */
const changedLadder: Ladder = {
  ...referenceLadder,
  tiers: referenceLadder.tiers.map((tier) => ({
    ...tier,
    code: `${tier.code}-2`,
    threshold: points(tier.threshold / 2),
  })),
  before: { ladder: referenceLadder, until: instantFromMillis(START + 6 * 86_400_000) },
};

const posting: fc.Arbitrary<Posting> = fc.record({
  award: fc.integer({ min: 1, max: AWARDS }),
  earnedAt: fc.integer({ min: 0, max: 12 }).map((day) => instantFromMillis(START + day * 86_400_000)),
  points: fc.integer({ min: 0, max: 60 }).map((hundreds) => points(hundreds * 500)),
});
const anyHistory = fc.array(posting, { maxLength: 25 });

/** Another interleaving in which the postings of each award keep their order, as the ledger guarantees. */
const interleaved = anyHistory.chain((history) =>
  fc.tuple(fc.constant(history), fc.array(fc.nat(), { minLength: 25, maxLength: 25 })).map(([postings, chances]) => {
    const waiting = Array.from({ length: AWARDS }, (_, place) => postings.filter(({ award }) => award === place + 1));
    const other: Posting[] = [];
    for (const chance of chances.slice(0, postings.length)) {
      const open = waiting.filter((queue) => queue.length > 0);
      const next = open[chance % open.length]?.shift();
      if (next !== undefined) other.push(next);
    }
    return [history, other] as const;
  }),
);

/** What the awards have granted in the end. */
const granted = (history: readonly Posting[]): readonly Contribution[] => [
  ...new Map(history.map((each) => [each.award, each])).values(),
];

/** What the house does with every posting: the short way for an award's first, all contributions where that is not exact. */
function fold(ladder: Ladder, history: readonly Posting[]): Standing {
  let standing = fresh(ladder);
  history.forEach((each, place) => {
    const before = history.slice(0, place);
    const first = !before.some(({ award }) => award === each.award);
    const next = first ? advance(ladder, standing, each) : undefined;
    standing = next ?? standingOf(ladder, granted([...before, each]));
  });
  return standing;
}

const totalBefore = (history: readonly Contribution[], at: string): Points =>
  history.filter(({ earnedAt }) => earnedAt < at).reduce((sum, { points: more }) => addPoints(sum, more), ZERO);

const inForce = (ladder: Ladder, at: string): Ladder =>
  ladder.before !== undefined && at < ladder.before.until ? ladder.before.ladder : ladder;

describe.each([
  ['one ladder', referenceLadder],
  ['a ladder that took another one’s place', changedLadder],
])('the standing under %s', (_, ladder) => {
  it('is the same in any order of arrival', () => {
    fc.assert(
      fc.property(interleaved, ([history, other]) => {
        expect(other).toHaveLength(history.length);
        expect(fold(ladder, other)).toEqual(fold(ladder, history));
      }),
      { numRuns: 1_000 },
    );
  });

  it('taken step by step is the one computed from scratch', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        expect(fold(ladder, history)).toEqual(standingOf(ladder, granted(history)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('needs the old contributions only for what is late', () => {
    const inOrder = fc
      .array(posting, { maxLength: 25 })
      .map((history) => [...history].sort((a, b) => (a.earnedAt < b.earnedAt ? -1 : 1)))
      .map((history) => history.filter(({ earnedAt }) => inForce(ladder, earnedAt) === ladder));
    fc.assert(
      fc.property(inOrder, (history) => {
        let standing: Standing | undefined = fresh(ladder);
        for (const each of history) standing = standing && advance(ladder, standing, each);
        expect(standing).toEqual(standingOf(ladder, history));
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives every instant exactly one tier: that of what was earned before it', () => {
    fc.assert(
      fc.property(anyHistory, fc.integer({ min: -1, max: 13 * 24 }), (history, hour) => {
        const at = instantFromMillis(START + hour * 3_600_000);
        const timeline = standingOf(ladder, granted(history)).timeline;
        const then = inForce(ladder, at);
        expect(tierAt(timeline, at)?.tier).toBe(codeOf(then, stepOf(then, totalBefore(granted(history), at))));
        for (let place = 1; place < timeline.length; place++) {
          expect((timeline[place]?.since ?? '') > (timeline[place - 1]?.since ?? '')).toBe(true);
          expect(timeline[place]?.tier).not.toBe(timeline[place - 1]?.tier);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the standing', () => {
  it('only rises along time, and only rises when more is earned', () => {
    const rank = (code: string | undefined): number => referenceLadder.tiers.findIndex((tier) => tier.code === code);
    fc.assert(
      fc.property(fc.array(posting, { maxLength: 25 }), posting, (history, more) => {
        const before = standingOf(referenceLadder, history).timeline;
        const after = standingOf(referenceLadder, [...history, more]).timeline;
        let highest = -1;
        for (let day = 0; day < 14; day++) {
          const at = instantFromMillis(START + day * 86_400_000);
          const step = rank(tierAt(after, at)?.tier);
          expect(step).toBeGreaterThanOrEqual(Math.max(highest, rank(tierAt(before, at)?.tier)));
          highest = step;
        }
      }),
    );
  });
});
