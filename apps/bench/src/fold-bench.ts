import { instant, instantFromMillis, points, present } from '@jifen/kernel';
import { ladderOf, NO_FACTS, standingOf, type Facts } from '@jifen/tiering';

export interface FoldResult {
  /** Awards that the member had, spread over three years. */
  readonly awards: number;
  readonly perSecond: number;
  readonly microseconds: number;
}

const SECONDS = 1;
const NOW = instant('2026-06-01T00:00:00Z');
const START = Date.UTC(2023, 5, 1);
const THREE_YEARS = 3 * 365 * 86_400_000;

const DOCUMENT = {
  timeZone: 'Asia/Shanghai',
  ladder: {
    currency: 'points',
    basis: 'points',
    window: { months: 12 },
    review: { clock: 'anniversary', graceDays: 30, noticeDays: 30 },
    tiers: [
      { code: 'bronze', threshold: 0 },
      { code: 'silver', threshold: 1_000, keep: 800 },
      { code: 'gold', threshold: 3_000, keep: 2_500 },
    ],
  },
};

const history = (awards: number): Facts => ({
  ...NO_FACTS,
  points: new Map([
    [
      'points',
      Array.from({ length: awards }, (_, place) => ({
        earnedAt: instantFromMillis(START + Math.floor((place * THREE_YEARS) / awards)),
        points: points(Math.ceil(6_000 / awards)),
      })),
    ],
  ]),
});

/** What a posting on a ladder of a rolling window costs besides the database: the member's course, from all its awards. */
export function measureFolds(counts: readonly number[]): readonly FoldResult[] {
  const parsed = ladderOf(DOCUMENT);
  const ladder = present(parsed.ok ? parsed.value : undefined, 'the ladder');
  return counts.map((awards) => {
    const facts = history(awards);
    standingOf(ladder, facts, NOW);
    const started = performance.now();
    let folds = 0;
    do {
      standingOf(ladder, facts, NOW);
      folds += 1;
    } while (performance.now() - started < SECONDS * 1_000);
    const perSecond = folds / ((performance.now() - started) / 1_000);
    return { awards, perSecond: Math.round(perSecond), microseconds: Math.round(1_000_000 / perSecond) };
  });
}
