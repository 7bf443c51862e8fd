import { points } from '@jifen/kernel';
import { ladderOf, MAX_TIERS, stepOf } from './ladder.ts';
import { referenceDocument, referenceLadder } from './reference-ladder.ts';

const withTiers = (tiers: unknown): Readonly<Record<string, unknown>> => ({ ladder: { currency: 'points', tiers } });

describe('the ladder', () => {
  it.each([
    [-5, 'bronze'],
    [0, 'bronze'],
    [4_999, 'bronze'],
    [5_000, 'silver'],
    [19_999, 'silver'],
    [20_000, 'gold'],
    [49_999, 'gold'],
    [50_000, 'platinum'],
    [99_999, 'platinum'],
    [100_000, 'diamond'],
    [Number.MAX_SAFE_INTEGER, 'diamond'],
  ])('T01: %d lifetime points reach %s', (lifetime, code) => {
    expect(referenceLadder.tiers[stepOf(referenceLadder, points(lifetime))]?.code).toBe(code);
  });

  it('reads names, thresholds and multipliers, in ascending order', () => {
    const outcome = ladderOf(referenceDocument);
    expect(
      outcome.ok && outcome.value?.tiers.map((tier) => [tier.name['zh'], tier.threshold, tier.multiplier]),
    ).toEqual([
      ['青铜', 0, '1'],
      ['白银', 5_000, '1.2'],
      ['黄金', 20_000, '1.5'],
      ['铂金', 50_000, '2'],
      ['钻石', 100_000, '3'],
    ]);
  });

  it('a document without a ladder has none', () => {
    expect(ladderOf({ name: 'plain' })).toEqual({ ok: true, value: undefined });
  });

  it.each([
    ['no object', { ladder: 7 }],
    ['no currency', { ladder: { tiers: [{ code: 'a', threshold: 0 }] } }],
    ['another basis', { ladder: { currency: 'points', basis: 'spend', tiers: [{ code: 'a', threshold: 0 }] } }],
    ['no tiers', withTiers([])],
    ['too many tiers', withTiers(Array.from({ length: MAX_TIERS + 1 }, (_, i) => ({ code: `t${i}`, threshold: i })))],
    ['a first tier above 0', withTiers([{ code: 'a', threshold: 1 }])],
    ['a fraction of a point', withTiers([{ code: 'a', threshold: 0.5 }])],
    [
      'a shared threshold',
      withTiers([
        { code: 'a', threshold: 0 },
        { code: 'b', threshold: 0 },
      ]),
    ],
    [
      'a shared code',
      withTiers([
        { code: 'a', threshold: 0 },
        { code: 'a', threshold: 1 },
      ]),
    ],
    ['a multiplier that is no decimal', withTiers([{ code: 'a', threshold: 0, multiplier: '2x' }])],
    ['a tier that is none', withTiers(['a'])],
    ['a tier without a code', withTiers([{ threshold: 0 }])],
  ])('refuses a ladder with %s', (_, document) => {
    expect(ladderOf(document).ok).toBe(false);
  });
});
