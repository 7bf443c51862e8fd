import { points } from '@jifen/kernel';
import { stepOf } from './ladder.ts';
import { ladderOf, MAX_TIERS } from './parse-ladder.ts';
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

  it('T02, T05, T06: as many tiers as wanted, each with its own names, badge and benefits', () => {
    const of = (count: number) =>
      Array.from({ length: count }, (_, place) => ({
        code: `tier-${place}`,
        name: { en: `Tier ${place}`, zh: `${place} 级` },
        threshold: place * 1_000,
        multiplier: '1',
        badge: { colour: '#cd7f32', icon: `tiers/${place}` },
        benefits: [{ code: 'support', name: { en: 'Account manager', zh: '一对一客户经理' }, value: 'priority' }],
      }));
    for (const count of [1, 3, 5, MAX_TIERS]) {
      const outcome = ladderOf(withTiers(of(count)));
      expect(outcome.ok && outcome.value?.tiers).toEqual(of(count));
    }
  });

  it('a document without a ladder has none', () => {
    expect(ladderOf({ name: 'plain' })).toEqual({ ok: true, value: undefined });
  });

  const reviewed = (change: object, window: unknown = { months: 12 }): Readonly<Record<string, unknown>> => ({
    ladder: { currency: 'points', basis: 'points', window, review: change, tiers: [{ code: 'a', threshold: 0 }] },
  });

  it('reads a window and a review, and fills in what is not said', () => {
    const of = (document: Readonly<Record<string, unknown>>): unknown => {
      const outcome = ladderOf(document);
      return outcome.ok ? outcome.value?.review : outcome.refusal;
    };
    const rest = { fall: 'one-step', graceDays: 0, noticeDays: 0 };
    expect(of(reviewed({ clock: 'tier-start' }))).toEqual({ clock: 'tier-start', months: 12, ...rest });
    expect(of(reviewed({ clock: 'anniversary' }, { since: 'change' }))).toMatchObject({ months: 12 });
    expect(of(reviewed({ clock: 'calendar' }, { per: 'quarter' }))).toEqual({ clock: 'calendar', months: 3, ...rest });
  });

  it.each([
    ['a review without a clock', reviewed({})],
    ['a review every two months of the calendar', reviewed({ clock: 'calendar', months: 2 })],
    ['a review that is not at the end of what it counts', reviewed({ clock: 'anniversary' }, { per: 'year' })],
    ['a grace that the next review comes into', reviewed({ clock: 'calendar', months: 1, graceDays: 28 })],
    ['a fall to nowhere', reviewed({ clock: 'tier-start', fall: 'to-zero' })],
    ['a notice that is no number of days', reviewed({ clock: 'tier-start', noticeDays: -1 })],
    ['a rolling review of a calendar year', reviewed({ clock: 'rolling' }, { per: 'year' })],
    ['a rolling review of what came since the last change', reviewed({ clock: 'rolling' }, { since: 'change' })],
    ['a rolling review every month', reviewed({ clock: 'rolling', months: 1 })],
    ['a window that is none', reviewed({ clock: 'tier-start' }, { months: 0 })],
    [
      'points without a window',
      { ladder: { currency: 'points', basis: 'points', tiers: [{ code: 'a', threshold: 0 }] } },
    ],
    [
      'a review of what was ever counted',
      {
        ladder: {
          currency: 'points',
          basis: 'spend',
          review: { clock: 'anniversary' },
          tiers: [{ code: 'a', threshold: 0 }],
        },
      },
    ],
    ['a zone that is none', { ...withTiers([{ code: 'a', threshold: 0 }]), timeZone: 'Mars/Olympus' }],
    ['a tier that is harder to keep than to reach', withTiers([{ code: 'a', threshold: 0, keep: 1 }])],
  ])('refuses %s', (_, document) => {
    expect(ladderOf(document).ok).toBe(false);
  });

  it.each([
    ['no object', { ladder: 7 }],
    ['no currency', { ladder: { tiers: [{ code: 'a', threshold: 0 }] } }],
    ['another basis', { ladder: { currency: 'points', basis: 'balance', tiers: [{ code: 'a', threshold: 0 }] } }],
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
