import { createCalendar, instant, points, present, ZERO, type Instant } from '@jifen/kernel';
import { openAccount, type Account, type Lot } from './account.ts';
import { posted } from './decide.ts';
import { liabilityChanges, liabilityTable, NEVER, type LiabilitySum } from './liability.ts';

const NOW = instant('2026-11-15T00:00:00Z');
const zone = (name: string) => present(createCalendar(name), name);

const earn = (account: Account, order: string, target: number, earnedAt: Instant, expiresAt?: string): Account => {
  const award = {
    currency: 'points',
    awardId: `m~base~s~${order}`,
    revision: 1 + account.version,
    target,
    ruleId: 'base',
    ruleVersion: 1,
    availableAt: earnedAt,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
  const cause = { source: 's', id: order, revision: 1 };
  const origin = { partition: 0, position: 1 };
  return posted(account, { kind: 'post-award', award, cause, origin, earnedAt }, NOW).account;
};

const sumsOf = (before: Account, after: Account): readonly LiabilitySum[] =>
  liabilityChanges(before, after).map((cell) => ({ ...cell, points: BigInt(cell.points), debt: BigInt(cell.debt) }));

describe('N13: what is owed', () => {
  const empty = openAccount('p', 'm', 'points');

  it.each([
    // The end of November: in Shanghai 16:00 UTC, in New York five hours into the first of December.
    ['Asia/Shanghai', '2026-11-30T16:00:00.000Z', '2026-11'],
    ['America/New_York', '2026-12-01T05:00:00.000Z', '2026-11'],
    ['UTC', '2026-12-01T00:00:00.000Z', '2026-11'],
    ['UTC', '2026-12-01T00:00:00.001Z', '2026-12'],
    ['Asia/Shanghai', '2028-02-29T16:00:00.000Z', '2028-02'],
  ])('in %s, what expires at %s belongs to %s', (name, expiresAt, month) => {
    const table = liabilityTable(sumsOf(empty, earn(empty, 'A', 70, NOW, expiresAt)), zone(name), NOW);
    expect(table.byExpiry).toEqual([{ month, points: 70n }]);
  });

  it('is in when it can still be used, and lapsed from the instant of its expiry', () => {
    const sums = sumsOf(empty, earn(empty, 'A', 70, NOW, '2026-11-30T16:00:00.000Z'));
    const at = (now: string) => {
      const { outstanding, lapsed } = liabilityTable(sums, zone('Asia/Shanghai'), instant(now));
      return [outstanding, lapsed];
    };
    expect(at('2026-11-30T15:59:59.999Z')).toEqual([70n, 0n]);
    expect(at('2026-11-30T16:00:00.000Z')).toEqual([0n, 70n]);
  });

  it.each([
    ['2026-11-15', [5n, 0n, 0n, 0n, 0n, 0n]],
    ['2026-08-15', [5n, 0n, 0n, 0n, 0n, 0n]],
    ['2026-08-14', [0n, 5n, 0n, 0n, 0n, 0n]],
    ['2026-05-14', [0n, 0n, 5n, 0n, 0n, 0n]],
    ['2025-11-14', [0n, 0n, 0n, 5n, 0n, 0n]],
    ['2024-11-14', [0n, 0n, 0n, 0n, 5n, 0n]],
    ['2019-01-01', [0n, 0n, 0n, 0n, 0n, 5n]],
  ])('earned on %s it is of the age %j', (day, byAge) => {
    const sums = sumsOf(empty, earn(empty, 'A', 5, instant(`${day}T12:00:00Z`)));
    expect(liabilityTable(sums, zone('UTC'), NOW)).toMatchObject({
      byAge,
      byExpiry: [{ month: undefined, points: 5n }],
    });
  });

  it('follows every change: a fall, another instant, another expiry, debt', () => {
    const first = earn(empty, 'A', 100, NOW);
    const fallen = earn(first, 'A', 60, NOW);
    expect(liabilityChanges(first, fallen)).toMatchObject([{ expires: NEVER, points: -40, debt: 0 }]);
    const moved = earn(fallen, 'A', 60, instant('2026-01-01T00:00:00Z'));
    expect(liabilityChanges(fallen, moved).map((cell) => cell.points)).toEqual([-60, 60]);
    const [lot] = [...moved.lots.values()] as [Lot];
    const later = { ...moved, lots: new Map([[lot.id, { ...lot, expiresAt: NOW }]]), debt: points(9) };
    expect(liabilityChanges(moved, later).map(({ points: change, debt }) => [change, debt])).toEqual([
      [-60, 0],
      [60, 0],
      [0, 9],
    ]);
    expect(liabilityChanges(later, { ...later, net: ZERO })).toEqual([]);
  });
});
