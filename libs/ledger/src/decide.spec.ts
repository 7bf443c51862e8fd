import type { Award } from '@jifen/contracts';
import { instant, points, type Instant } from '@jifen/kernel';
import { openAccount, type Account } from './account.ts';
import type { PostAward } from './commands.ts';
import { decide } from './decide.ts';
import { evolve, fold } from './evolve.ts';
import type { LedgerEvent } from './events.ts';
import { balanceAt } from './balance.ts';

const NOW = instant('2026-11-01T00:00:00Z');
const LATER = instant('2026-12-01T00:00:00Z');
const at = (text: string): Instant => instant(`${text}T00:00:00Z`);

const rated = (award: string, revision: number, target: number, more: Partial<Award> = {}): PostAward => ({
  kind: 'post-award',
  award: {
    currency: 'points',
    awardId: award,
    revision,
    target,
    ruleId: 'base',
    ruleVersion: 1,
    availableAt: NOW,
    ...more,
  },
  cause: { source: 'shop', id: award, revision },
  origin: { partition: 0, position: revision },
  earnedAt: NOW,
});

const step = (
  account: Account,
  command: Parameters<typeof decide>[1],
  now = NOW,
): [Account, readonly LedgerEvent[]] => {
  const events = decide(account, command, now);
  return [events.reduce(evolve, account), events];
};

const given = (...commands: readonly PostAward[]): Account =>
  commands.reduce((account, command) => step(account, command)[0], openAccount('demo', 'm', 'points'));

/** Spends from a lot, as the deciders of spending will. */
const spent = (account: Account, lot: string, amount: number): Account =>
  fold(account, {
    type: 'points.redeemed',
    at: NOW,
    occurredAt: NOW,
    effectiveAt: NOW,
    entry: {
      program: 'demo',
      member: 'm',
      currency: 'points',
      points: -amount,
      lots: [{ lot, points: -amount }],
      reason: 'redeem',
      balance: { available: 0, pending: 0, held: 0, debt: 0 },
    },
  });

const told = (events: readonly LedgerEvent[]) =>
  events.map(({ type, entry }) => [type, entry.points, entry.lots.map(({ lot, points }) => `${lot} ${points}`).join()]);

describe('an award that grows', () => {
  it('opens a lot for each positive difference', () => {
    const [first, earned] = step(openAccount('demo', 'm', 'points'), rated('a', 1, 100));
    expect(told(earned)).toEqual([['points.earned', 100, 'a#0 100']]);
    expect(earned[0]?.entry.balance).toEqual({ available: 100, pending: 0, held: 0, debt: 0 });
    const [second, again] = step(first, rated('a', 2, 130));
    expect(told(again)).toEqual([['points.earned', 30, 'a#1 30']]);
    expect(second).toMatchObject({ available: 130, net: 130, lifetime: 130, version: 2 });
  });

  it('U12, U16: the same rating again writes nothing', () => {
    expect(decide(given(rated('a', 1, 100)), rated('a', 1, 100), NOW)).toEqual([]);
    expect(decide(given(rated('a', 1, 100)), rated('a', 2, 100), NOW)).toEqual([]);
  });

  it('U12: the same total earned at another instant is posted without points, once', () => {
    const moved = (revision: number, earnedAt: Instant): PostAward => {
      const command = rated('m~base~shop~O-1', revision, 100);
      return { ...command, cause: { source: 'shop', id: 'O-1', revision }, earnedAt };
    };
    const [account, events] = step(given(moved(1, NOW)), moved(2, LATER));
    expect(told(events)).toEqual([['points.earned', 0, 'm~base~shop~O-1#0 0']]);
    expect(events[0]?.entry).toMatchObject({ granted: 100, earnedAt: LATER, reason: 're-rating' });
    expect(account).toMatchObject({ available: 100, lifetime: 100 });
    expect(decide(account, moved(2, LATER), NOW)).toEqual([]);
    expect(decide(account, moved(3, LATER), NOW)).toEqual([]);
    expect(told(step(account, moved(3, NOW))[1])).toEqual([['points.earned', 0, 'm~base~shop~O-1#0 0']]);
  });

  it('an award that several causes feed has no instant of its own', () => {
    const first = rated('m~sign-up~w~once', 1, 500);
    const second = { ...rated('m~sign-up~w~once', 2, 500), cause: { source: 'app', id: 'A-2', revision: 1 } };
    expect(decide(given(first), { ...second, earnedAt: LATER }, NOW)).toEqual([]);
  });

  it('ignores a stale revision', () => {
    expect(decide(given(rated('a', 5, 100)), rated('a', 4, 900), NOW)).toEqual([]);
  });

  it('writes nothing for an award that is due nothing', () => {
    expect(decide(given(), rated('a', 1, 0), NOW)).toEqual([]);
  });

  it('refuses points beyond what a number holds exactly, as a fault', () => {
    const rich = given(rated('a', 1, Number.MAX_SAFE_INTEGER));
    expect(() => decide(rich, rated('b', 2, 1), NOW)).toThrow('points out of range');
  });

  it('U45: a negative target is a fault and mints nothing', () => {
    expect(() => decide(given(), rated('a', 1, Number.NaN), NOW)).toThrow('target');
    expect(() => decide(given(), rated('a', 1, -5), NOW)).toThrow('target');
  });
});

describe('an award that falls', () => {
  it('U01, U04: a full return takes all, a partial return its part', () => {
    const [part, some] = step(given(rated('a', 1, 100)), rated('a', 2, 60));
    expect(told(some)).toEqual([['points.reversed', -40, 'a#0 -40']]);
    const [none, rest] = step(part, rated('a', 3, 0));
    expect(told(rest)).toEqual([['points.reversed', -60, 'a#0 -60']]);
    expect(none).toMatchObject({ available: 0, debt: 0, net: 0, lifetime: 0 });
  });

  it('U06: cancel, then complete again, and the points are back', () => {
    const account = given(
      rated('a', 1, 100),
      rated('a', 2, 0),
      rated('a', 3, 100),
      rated('a', 4, 0),
      rated('a', 5, 100),
    );
    expect(account).toMatchObject({ available: 100, net: 100 });
  });

  it('U08: takes what was granted then, whatever the rule would grant now', () => {
    const account = given(rated('a', 1, 100, { ruleVersion: 1 }));
    const [after, events] = step(account, rated('a', 2, 0, { ruleVersion: 9 }));
    expect(events[0]?.entry.points).toBe(-100);
    expect(after.net).toBe(0);
  });

  it('takes from the newest lot first', () => {
    const [, events] = step(given(rated('a', 1, 100), rated('a', 2, 150)), rated('a', 3, 80));
    expect(told(events)).toEqual([['points.reversed', -70, 'a#1 -50,a#0 -20']]);
  });

  it('takes from a pending lot and leaves it no longer pending when empty', () => {
    const account = given(rated('a', 1, 100, { availableAt: LATER }));
    expect(account).toMatchObject({ pending: 100, available: 0 });
    const [after] = step(account, rated('a', 2, 0));
    expect(after.pending).toBe(0);
    expect(decide(after, { kind: 'book-activations' }, LATER)).toEqual([]);
  });

  it('takes what a lapsed lot still has in the books and charges nothing else', () => {
    const account = given(rated('a', 1, 100, { expiresAt: LATER }), rated('b', 2, 50));
    const [after, events] = step(account, rated('a', 3, 0), at('2027-01-01'));
    expect(told(events)).toEqual([['points.reversed', -100, 'a#0 -100']]);
    expect(balanceAt(after, at('2027-01-01'))).toMatchObject({ available: 50, lapsed: 0, debt: 0 });
  });
});

describe('what has been spent (Q12)', () => {
  const account = spent(given(rated('a', 1, 100), rated('b', 2, 30)), 'a#0', 100);
  const falls = (clawback: NonNullable<Award['clawback']>) => step(account, rated('a', 3, 0, { clawback }));

  it.each([
    ['award-only', [['points.reversed', 0, '']], { available: 30, debt: 0, net: 30 }],
    ['within-balance', [['points.reversed', -30, 'b#0 -30']], { available: 0, debt: 0, net: 0 }],
    [
      'allow-debt',
      [
        ['points.reversed', -30, 'b#0 -30'],
        ['debt.incurred', -70, ''],
      ],
      { available: 0, debt: 70, net: -70 },
    ],
  ] as const)('%s', (policy, events, after) => {
    const [next, posted] = falls(policy);
    expect(told(posted)).toEqual(events);
    expect(next).toMatchObject(after);
  });

  it('allows debt when the award says nothing', () => {
    expect(step(account, rated('a', 3, 0))[0].debt).toBe(70);
  });

  it('Q13: new points pay debt first, pending ones too', () => {
    const [owing] = falls('allow-debt');
    const [paying, events] = step(owing, rated('c', 4, 50, { availableAt: LATER }));
    expect(told(events)).toEqual([
      ['points.earned', 50, 'c#0 50'],
      ['debt.repaid', 0, 'c#0 -50'],
    ]);
    expect(paying).toMatchObject({ debt: 20, pending: 0, net: -20 });
    const [free] = step(paying, rated('d', 5, 50));
    expect(free).toMatchObject({ debt: 0, available: 30, net: 30 });
  });

  it.each(['award-only', 'within-balance'] as const)('%s: what was forgiven is not paid again', (policy) => {
    const [forgiven] = falls(policy);
    const [back] = step(forgiven, rated('a', 4, 100, { clawback: policy }));
    // The member keeps what it spent (100) and what was left: 130 in all, as if nothing had happened.
    expect(back).toMatchObject({ available: 30, lifetime: 130 });
  });

  it('needs all open lots to take from others', () => {
    expect(() => decide({ ...account, complete: false }, rated('a', 3, 0), NOW)).toThrow('all open lots');
  });
});

describe('time', () => {
  const account = given(
    rated('a', 1, 100, { availableAt: at('2026-11-15'), expiresAt: at('2027-01-01') }),
    rated('b', 2, 30, { expiresAt: at('2027-01-01') }),
    rated('c', 3, 7),
  );

  it.each([
    ['2026-11-01', { available: 37, pending: 100, lapsed: 0, net: 137 }],
    ['2026-11-15', { available: 137, pending: 0, lapsed: 0, net: 137 }],
    ['2026-12-31', { available: 137, pending: 0, lapsed: 0, net: 137 }],
    ['2027-01-01', { available: 7, pending: 0, lapsed: 130, net: 7 }],
  ])('U25: at %s the balance is right with nothing booked', (day, expected) => {
    expect(balanceAt(account, at(day))).toMatchObject(expected);
  });

  it('U25: the next expiry sums all lots that go then', () => {
    expect(balanceAt(account, NOW).nextExpiry).toEqual({ at: at('2027-01-01'), points: points(130) });
    expect(balanceAt(account, at('2027-01-01')).nextExpiry).toBeUndefined();
  });

  it('books activation once, and knows when the next is due', () => {
    expect(account.activationDue).toBe(at('2026-11-15'));
    const [active, events] = step(account, { kind: 'book-activations' }, at('2026-11-20'));
    expect(events).toHaveLength(1);
    expect(events[0]?.entry).toMatchObject({ points: 0, moved: 100, lots: [{ lot: 'a#0', points: 0 }] });
    expect(active).toMatchObject({ pending: 0, available: 137, activationDue: undefined });
    expect(decide(active, { kind: 'book-activations' }, LATER)).toEqual([]);
  });
});

describe('evolve', () => {
  const [earned] = decide(given(), rated('a', 1, 100), NOW) as [LedgerEvent];

  it.each([
    ['another version', { ...earned, version: 2 }, 'does not follow'],
    [
      'another balance',
      { ...earned, entry: { ...earned.entry, balance: { available: 99, pending: 0, held: 0, debt: 0 } } },
      'states another balance',
    ],
    ['an unknown lot', { ...earned, entry: { ...earned.entry, lots: [{ lot: 'x#0', points: -1 }] } }, 'neither known'],
  ])('refuses %s', (_, event, message) => {
    expect(() => evolve(given(), event)).toThrow(message);
  });
});
