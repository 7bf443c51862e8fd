import { createCalendar, instant, present, type Instant } from '@jifen/kernel';
import { openAccount } from './account.ts';
import { AsOf } from './as-of.ts';
import v2 from './corpus/v2.json' with { type: 'json' };
import { posted } from './decide.ts';
import type { LedgerEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { balanceAt } from './balance.ts';

interface Earned {
  readonly order: string;
  readonly points: number;
  readonly earnedAt: Instant;
  readonly recordedAt: Instant;
  readonly availableAt?: Instant;
  readonly expiresAt?: Instant;
}

const stream = (...orders: readonly Earned[]): readonly LedgerEvent[] => {
  let account = openAccount('p', 'm', 'points');
  return orders.flatMap(({ order, points, earnedAt, recordedAt, availableAt, expiresAt }, index) => {
    const award = {
      currency: 'points',
      awardId: `m~base~s~${order}`,
      revision: index + 1,
      target: points,
      ruleId: 'base',
      ruleVersion: 1,
      availableAt: availableAt ?? earnedAt,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
    const cause = { source: 's', id: order, revision: index + 1 };
    const origin = { partition: 0, position: index + 1 };
    const decision = posted(account, { kind: 'post-award', award, cause, origin, earnedAt }, recordedAt);
    account = decision.account;
    return decision.events;
  });
};

const balance = (events: readonly LedgerEvent[], asOf: string, knownAt: string) => {
  const fold = new AsOf(openAccount('p', 'm', 'points'), { asOf: instant(asOf), knownAt: instant(knownAt) });
  for (const event of events) if (!fold.take(event)) break;
  const { available, pending, lapsed } = balanceAt(fold.account(), instant(asOf));
  return [available, pending, lapsed];
};

describe('N01, U54: one time basis for every answer', () => {
  const late = stream(
    { order: 'A', points: 100, earnedAt: instant('2026-10-01T08:00:00Z'), recordedAt: instant('2026-10-01T08:00:05Z') },
    { order: 'B', points: 40, earnedAt: instant('2026-10-03T08:00:00Z'), recordedAt: instant('2026-11-15T00:00:00Z') },
    { order: 'A', points: 70, earnedAt: instant('2026-10-01T08:00:00Z'), recordedAt: instant('2026-11-20T00:00:00Z') },
  );
  it.each([
    ['before anything', '2026-09-30T00:00:00Z', '2026-12-01T00:00:00Z', [0, 0, 0]],
    ['at the very instant of the order', '2026-10-01T08:00:00Z', '2026-12-01T00:00:00Z', [100, 0, 0]],
    ['a late order counts from its own day', '2026-10-20T00:00:00Z', '2026-12-01T00:00:00Z', [140, 0, 0]],
    ['but was not known then', '2026-10-20T00:00:00Z', '2026-10-20T00:00:00Z', [100, 0, 0]],
    ['known at the instant of its record', '2026-10-20T00:00:00Z', '2026-11-15T00:00:00Z', [140, 0, 0]],
    ['a refund counts from when it was booked', '2026-11-20T00:00:00Z', '2026-12-01T00:00:00Z', [110, 0, 0]],
    ['and not a moment before', '2026-11-19T23:59:59.999Z', '2026-12-01T00:00:00Z', [140, 0, 0]],
  ])('%s', (_, asOf, knownAt, expected) => {
    expect(balance(late, asOf, knownAt)).toEqual(expected);
  });

  const zone = (name: string) => present(createCalendar(name), name);
  it.each([
    // 29 February 2028 in Shanghai ends at 16:00 UTC; a year later there is no such day.
    ['Asia/Shanghai', '2028-02-29', 12, '2029-02-28'],
    // The night of 8 March 2026 has 23 hours in New York, that of 1 November 25.
    ['America/New_York', '2026-02-08', 1, '2026-03-08'],
    ['America/New_York', '2026-10-01', 1, '2026-11-01'],
  ])('U26: in %s points of %s for %d months are there through %s, to the millisecond', (name, from, months, last) => {
    const { startOf, addMonths, addDays } = zone(name);
    const earnedAt = present(startOf(from), from);
    const expiresAt = addDays(addMonths(earnedAt, months), 1);
    expect(zone(name).dateOf(addMonths(earnedAt, months))).toBe(last);
    const events = stream({ order: 'A', points: 10, earnedAt, recordedAt: earnedAt, expiresAt });
    const before = new Date(Date.parse(expiresAt) - 1).toISOString();
    expect(zone(name).dateOf(instant(before))).toBe(last);
    expect(balance(events, before, before)).toEqual([10, 0, 0]);
    expect(balance(events, expiresAt, expiresAt)).toEqual([0, 0, 10]);
  });
});

it('N01: shows every kind of movement as it was shown at each of its moments', () => {
  const events = JSON.parse(JSON.stringify(v2.events)) as readonly LedgerEvent[];
  for (const { at } of events) {
    const fold = new AsOf(openAccount('demo', 'm-1', 'points'), { asOf: at, knownAt: at });
    for (const event of events) if (!fold.take(event)) break;
    const shown = fold.account();
    const then = events.filter((event) => event.at <= at).reduce(evolve, openAccount('demo', 'm-1', 'points'));
    expect(balanceAt(shown, at)).toEqual(balanceAt(then, at));
    expect([shown.version, shown.spent, shown.expired, shown.inFlight, shown.frozen, shown.merged]).toEqual([
      then.version,
      then.spent,
      then.expired,
      then.inFlight,
      then.frozen,
      then.merged,
    ]);
    expect(new Map(shown.lots)).toEqual(new Map(then.lots));
  }
});
