import type { LedgerEntry } from '@jifen/contracts';
import { instant, instantFromMillis, present } from '@jifen/kernel';
import fc from 'fast-check';
import { grantOf, type Grant } from './grant.ts';
import { placeOf, type Ladder } from './ladder.ts';
import { ladderOf } from './parse-ladder.ts';
import { referenceLadder } from './reference-ladder.ts';
import { standingOf, type Position } from './standing.ts';

const START = Date.UTC(2026, 0, 1);
const NOW = instant('2026-07-01T00:00:00Z');

const tiers = [0, 5_000, 20_000].map((threshold, place) => ({ code: `t${place}`, threshold }));
const windowed = (review?: object): Ladder => {
  const outcome = ladderOf({ ladder: { currency: 'points', basis: 'points', window: { months: 12 }, review, tiers } });
  return present(outcome.ok ? outcome.value : undefined, 'a ladder');
};

const SPENDING = [
  ...['points.redeemed', 'points.held', 'points.hold-captured', 'points.hold-released', 'points.expired'],
  ...['points.transferred-out', 'points.transferred-in', 'points.adjusted', 'debt.incurred', 'debt.repaid'],
] as const;

interface Entry {
  readonly type: string;
  readonly entry: LedgerEntry;
  readonly at: string;
}

const anyEntry = (type: fc.Arbitrary<string>): fc.Arbitrary<Entry> =>
  fc
    .record({ type, award: fc.nat({ max: 8 }), day: fc.nat({ max: 150 }), points: fc.nat({ max: 9_000 }) })
    .map(({ type: said, award, day, points }) => {
      const at = instantFromMillis(START + day * 86_400_000);
      const isGrant = said === 'points.earned';
      const entry: LedgerEntry = {
        ...{ program: 'demo', member: 'm', currency: 'points', points, lots: [], reason: isGrant ? 'earn' : 'spend' },
        ...{ award: `m~a${award}`, granted: points, earnedAt: at },
        balance: { available: 0, pending: 0, held: 0, debt: isGrant ? 0 : points },
      };
      return { type: said, entry, at };
    });

function positionOf(ladder: Ladder, entries: readonly Entry[]): Position {
  const grants = new Map<string, Grant>();
  for (const { type, entry, at } of entries) {
    const grant = grantOf(type, entry, at);
    if (grant !== undefined) grants.set(grant.award, grant);
  }
  return standingOf(ladder, { points: new Map([['points', [...grants.values()]]]), purchases: [] }, NOW);
}

describe.each([
  ['lifetime points', referenceLadder],
  ['a window', windowed()],
  ['a rolling review', windowed({ clock: 'rolling' })],
  ['reviews of the tier', windowed({ clock: 'tier-start', months: 3, fall: 'to-fit' })],
])('U43, U44: on a ladder of %s', (_, ladder) => {
  it('nothing that is spent, held, given away, lapsed or owed changes where a member stands, whenever it is', () => {
    const mixed = fc.array(anyEntry(fc.constantFrom('points.earned', ...SPENDING)), { maxLength: 40 });
    fc.assert(
      fc.property(mixed, (entries) => {
        const earned = positionOf(
          ladder,
          entries.filter(({ type }) => type === 'points.earned'),
        );
        expect(positionOf(ladder, entries)).toEqual(earned);
      }),
    );
  });

  it('a member that earned nothing and spent all stands on the first step', () => {
    fc.assert(
      fc.property(fc.array(anyEntry(fc.constantFrom(...SPENDING)), { maxLength: 20 }), (entries) => {
        const { timeline } = positionOf(ladder, entries);
        expect(timeline.map(({ tier }) => placeOf(ladder, tier))).toEqual([0]);
      }),
    );
  });
});
