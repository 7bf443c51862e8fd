import { instant, points, present, type Instant } from '@jifen/kernel';
import { openAccount, type Account } from './account.ts';
import { balanceAt } from './balance.ts';
import { assertBooks } from './books.ts';
import type { LedgerCommand } from './commands.ts';
import { decided, type Decided } from './decide.ts';
import { award, given, NOW, when } from './given.ts';
import { proRata } from './pro-rata.ts';

const at = (text: string): Instant => instant(`${text}T00:00:00Z`);
const p = points;
const told = ({ events }: Decided) => events.map(({ type, entry }) => `${type} ${entry.points}`);
const figures = ({ available, pending, held, debt, net }: Account) => ({ available, pending, held, debt, net });
const hold = (amount: number, expiresAt = at('2026-12-01')): LedgerCommand => ({
  kind: 'hold',
  id: 'H',
  points: p(amount),
  expiresAt,
});
const redeem = (amount: number, id = 'R'): LedgerCommand => ({ kind: 'redeem', id, points: p(amount) });
const reverse = (more = {}, id = 'V'): LedgerCommand => ({ kind: 'reverse-redemption', id, redemption: 'R', ...more });
const lotOf = (account: Account, id: string, n = 0) => account.lots.get(`m~base~shop~${id}#${n}`);

describe('holds (Q09, Q10)', () => {
  it('sets points aside, soonest expiry first, and nothing of them can be spent', () => {
    const account = given(award('a', 1, 100), award('b', 2, 50, { expiresAt: at('2027-01-01') }), hold(70));
    expect(figures(account)).toEqual({ available: 80, pending: 0, held: 70, debt: 0, net: 150 });
    expect(lotOf(account, 'b')).toMatchObject({ remaining: 50, held: 50 });
    expect(decided(account, redeem(81), NOW)).toMatchObject({ ok: false, refusal: { figures: { available: 80 } } });
  });

  it('a part is captured, the rest released or kept', () => {
    const account = given(award('a', 1, 100), hold(70));
    const released = when(account, { kind: 'capture', id: 'R', hold: 'H', points: p(30) });
    expect(told(released)).toEqual(['points.hold-captured -30', 'points.hold-released 0']);
    expect(figures(released.account)).toMatchObject({ available: 70, held: 0, net: 70 });
    const kept = when(account, { kind: 'capture', id: 'R', hold: 'H', points: p(30), rest: 'keep' });
    expect(figures(kept.account)).toMatchObject({ available: 30, held: 40, net: 70 });
    const again = when(kept.account, { kind: 'capture', id: 'R2', hold: 'H' });
    expect(figures(again.account)).toMatchObject({ available: 30, held: 0, net: 30 });
  });

  it('is over at its very instant, with nothing booked', () => {
    const account = given(award('a', 1, 100), hold(70));
    expect(balanceAt(account, instant('2026-11-30T23:59:59.999Z'))).toMatchObject({ available: 30, held: 70 });
    expect(balanceAt(account, at('2026-12-01'))).toMatchObject({ available: 100, held: 0 });
    const due = when(account, { kind: 'book-due' }, at('2026-12-05'));
    expect(due.events[0]).toMatchObject({ type: 'points.hold-released', effectiveAt: at('2026-12-01') });
    expect(told(when(due.account, { kind: 'book-due' }, at('2026-12-05')))).toEqual([]);
  });

  it('partial capture of a lot that lapsed while held: what is captured is spent, the rest goes', () => {
    const account = given(award('a', 1, 100, { expiresAt: at('2026-11-10') }), hold(70));
    const after = when(account, { kind: 'capture', id: 'R', hold: 'H', points: p(30) }, at('2026-11-20'));
    expect(told(after)).toEqual([
      'points.expired -30',
      'points.hold-captured -30',
      'points.hold-released 0',
      'points.expired -40',
    ]);
    expect(figures(after.account)).toEqual({ available: 0, pending: 0, held: 0, debt: 0, net: 0 });
    expect(after.account).toMatchObject({ spent: 30, expired: 70 });
  });

  it('a refund while points are held does not break the hold, and what is released pays for it', () => {
    const account = given(award('a', 1, 100), hold(70), award('a', 2, 0));
    expect(figures(account)).toEqual({ available: 0, pending: 0, held: 70, debt: 70, net: 0 });
    const released = when(account, { kind: 'release', id: 'L', hold: 'H' });
    expect(told(released)).toEqual(['points.hold-released 0', 'debt.repaid 0']);
    expect(figures(released.account)).toEqual({ available: 0, pending: 0, held: 0, debt: 0, net: 0 });
  });
});

describe('redemptions (Q14, U24, U47)', () => {
  it.each([
    ['equal expiries: the oldest first', { expiresAt: at('2027-01-01') }, { expiresAt: at('2027-01-01') }, 'a'],
    ['soonest expiry first', { expiresAt: at('2027-02-01') }, { expiresAt: at('2027-01-01') }, 'b'],
    ['never-expiring last', {}, { expiresAt: at('2027-01-01') }, 'b'],
  ])('Q03: %s', (_what, a, b, first) => {
    const account = given(award('a', 1, 10, a), award('b', 2, 10, b), redeem(10));
    expect(account.redemptions.get('R')?.lots).toEqual([{ lot: `m~base~shop~${first}#0`, points: 10, returned: 0 }]);
  });

  it.each([1, Number.MAX_SAFE_INTEGER])('%d points, all there are', (amount) => {
    const account = given(award('a', 1, amount), redeem(amount));
    expect(figures(account)).toMatchObject({ available: 0, net: 0 });
    expect(account.spent).toBe(amount);
    expect(figures(when(account, reverse()).account)).toMatchObject({ available: amount });
  });

  it('U10, Q01, Q02: points are usable from their very instant on', () => {
    const account = given(award('a', 1, 10, { availableAt: at('2026-11-15') }));
    expect(decided(account, redeem(10), instant('2026-11-14T23:59:59.999Z')).ok).toBe(false);
    expect(told(when(account, redeem(10), at('2026-11-15')))).toEqual(['points.activated 0', 'points.redeemed -10']);
  });

  it('U10: points that wait for the return window cannot be spent, so a return in it leaves no debt', () => {
    const fortnight = { availableAt: at('2026-11-15') };
    const account = given(award('a', 1, 100, fortnight), award('b', 2, 30));
    expect(decided(account, redeem(31), at('2026-11-14'))).toMatchObject({
      ok: false,
      refusal: { code: 'insufficient_points', figures: { available: 30, pending: 100 } },
    });
    const returned = when(account, award('a', 3, 0, fortnight), at('2026-11-14')).account;
    expect(figures(returned)).toEqual({ available: 30, pending: 0, held: 0, debt: 0, net: 30 });
    const kept = when(account, redeem(130), at('2026-11-15')).account;
    expect(figures(when(kept, award('a', 3, 0, fortnight), at('2026-11-16')).account)).toMatchObject({ debt: 100 });
  });

  it('U23, Q06: an expired lot takes its own remainder along, not what was spent of it', () => {
    const account = given(award('a', 1, 100, { expiresAt: at('2026-12-01') }), award('b', 2, 50), redeem(60));
    const later = when(account, { kind: 'book-due' }, at('2026-12-01')).account;
    expect(figures(later)).toMatchObject({ available: 50, net: 50 });
    expect(later).toMatchObject({ spent: 60, expired: 40 });
  });

  it('U47: an order that earns and burns keeps both', () => {
    const account = given(
      award('a', 1, 100),
      { ...redeem(40), reference: 'O-1' } as LedgerCommand,
      award('O-1', 2, 25),
    );
    expect(figures(account)).toMatchObject({ available: 85 });
    expect(account.redemptions.get('R')).toMatchObject({ reference: 'O-1', points: 40 });
    expect(account.standings.get('m~base~shop~O-1')).toMatchObject({ granted: 25 });
  });
});

describe('reversal of a redemption', () => {
  const three = given(award('a', 1, 3), award('b', 2, 3), award('c', 3, 4), redeem(10));

  it.each([
    [1, [0, 0, 1]],
    [5, [2, 1, 2]],
    [9, [3, 3, 3]],
  ])('U58: %d of 10 come back pro rata to the very lots, no point astray', (amount, parts) => {
    const after = when(three, reverse({ points: p(amount) })).account;
    expect(after.redemptions.get('R')?.lots.map(({ returned }) => returned)).toEqual(parts);
    expect(figures(after)).toMatchObject({ available: amount });
    const rest = when(after, reverse({}, 'V2')).account;
    expect(rest.redemptions.get('R')?.lots.map(({ returned }) => returned)).toEqual([3, 3, 4]);
    expect(rest.spent).toBe(0);
  });

  it('U02, U05: a refunded order gives back the points it was paid with, and takes back what it earned, once each', () => {
    const account = given(award('a', 1, 500), redeem(300), award('O', 2, 20));
    const refunded = given(award('a', 1, 500), redeem(300), award('O', 2, 20), award('O', 3, 0), reverse());
    expect(account.available).toBe(220);
    expect(figures(refunded)).toMatchObject({ available: 500, debt: 0 });
    expect(when(refunded, reverse())).toMatchObject({ events: [], repeated: true });
  });

  it('U57: the same reversal again gives nothing back', () => {
    const once = given(award('a', 1, 2000), redeem(400), reverse());
    expect(once.available).toBe(2000);
    expect(when(once, reverse())).toMatchObject({ events: [], repeated: true });
  });

  it.each([
    ['lapses', {}, { available: 0 }, 100],
    ['is good for the grace', { graceUntil: at('2027-01-01') }, { available: 100 }, 0],
  ])('a lot that has expired meanwhile %s', (_what, more, expected, expired) => {
    const spent = given(award('a', 1, 100, { expiresAt: at('2026-11-10') }), redeem(100));
    const { account } = when(spent, reverse(more), at('2026-11-20'));
    expect(figures(account)).toMatchObject(expected);
    expect(account).toMatchObject({ expired, spent: 0 });
    expect(lotOf(account, 'a')).toMatchObject({ granted: 100, expired });
  });

  it('Q13: pays debt first', () => {
    const account = given(award('a', 1, 100), redeem(100), award('a', 2, 30));
    expect(figures(account)).toMatchObject({ debt: 70, net: -70 });
    expect(figures(when(account, reverse()).account)).toMatchObject({ available: 30, debt: 0 });
  });
});

describe('expiry (Q03, Q05)', () => {
  const lapsing = given(award('a', 1, 100, { expiresAt: at('2026-12-01') }), redeem(20));
  const lapsed = when(lapsing, { kind: 'book-due' }, at('2026-12-03')).account;

  it('is posted once, as of its instant, and counts as taken back when the award falls', () => {
    expect(lapsed).toMatchObject({ available: 0, expired: 80 });
    expect(told(when(lapsed, award('a', 2, 20), at('2026-12-04')))).toEqual(['points.reversed 0']);
    expect(figures(when(lapsed, award('a', 2, 0), at('2026-12-04')).account)).toMatchObject({ debt: 20 });
  });

  it('U22: expiry takes only the lots that have lapsed', () => {
    const two = given(
      award('a', 1, 5, { expiresAt: at('2026-12-01') }),
      award('b', 2, 7, { expiresAt: at('2026-12-02') }),
    );
    expect(figures(when(two, { kind: 'book-due' }, at('2026-12-01')).account)).toMatchObject({ available: 7 });
  });

  it('goes in bounded batches, and says that there is more', () => {
    const many = given(
      ...Array.from({ length: 5 }, (_, n) => award(`a${n}`, n + 1, 1, { expiresAt: at(`2026-12-0${n + 1}`) })),
    );
    const first = when(many, { kind: 'book-due', limit: 2 }, at('2027-01-01'));
    expect(told(first)).toEqual(['points.expired -1', 'points.expired -1']);
    const rest = when(first.account, { kind: 'book-due' }, at('2027-01-01'));
    expect(told(rest)).toHaveLength(3);
  });

  it('expired points are reinstated to their lots, and a later rating does not shorten that', () => {
    const command: LedgerCommand = {
      kind: 'reinstate',
      id: 'N',
      points: p(50),
      expiresAt: at('2027-06-01'),
      actor: 'ops',
    };
    const { account } = when(lapsed, command, at('2026-12-05'));
    expect(account).toMatchObject({ available: 50, expired: 30 });
    expect(told(when(account, award('a', 2, 100, { expiresAt: at('2026-12-01') }), at('2026-12-06')))).toEqual([]);
  });

  it('an extension moves what would lapse before', () => {
    const command: LedgerCommand = { kind: 'extend-expiry', id: 'E', expiresAt: at('2027-06-01'), actor: 'ops' };
    const { account } = when(lapsing, command);
    expect(balanceAt(account, at('2027-05-31'))).toMatchObject({ available: 80 });
    expect(balanceAt(account, at('2027-06-01'))).toMatchObject({ available: 0, lapsed: 80 });
  });
});

describe('a re-rating that states other dates', () => {
  const early = award('a', 1, 100, { expiresAt: at('2026-12-01') });
  const late = award('a', 2, 100, { availableAt: at('2026-11-15'), expiresAt: at('2027-12-01') });

  it.each([
    ['in order', [early, late]],
    ['the later alone', [late]],
    ['with expiry booked in between', [early, { kind: 'book-due' } as LedgerCommand, late]],
  ])('the dates are those of the latest revision: %s', (_what, commands) => {
    const account = commands.reduce(
      (state, command) => when(state, command, at('2026-12-10')).account,
      openAccount('demo', 'm', 'points'),
    );
    expect(lotOf(account, 'a')).toMatchObject({ remaining: 100, expired: 0, expiresAt: at('2027-12-01') });
    expect(figures(account)).toMatchObject({ available: 100 });
  });

  it('moves points back to pending, and keeps what is held', () => {
    const account = given(early, hold(30), late);
    expect(figures(account)).toMatchObject({ available: 0, pending: 70, held: 30 });
    assertBooks(account);
  });
});

describe('adjustments, import and freeze', () => {
  const debit = (amount: number, more = {}): LedgerCommand => ({
    kind: 'adjust',
    id: 'J',
    points: p(amount),
    reason: 'correction',
    actor: 'ops',
    ...more,
  });

  it('U45: a debit that comes with a validity takes points, and neither mints any nor moves a lot', () => {
    const account = given(award('a', 1, 100));
    const outcome = decided(account, debit(-30, { availableAt: at('2026-11-01'), expiresAt: at('2020-01-01') }), NOW);
    expect(outcome).toMatchObject({ ok: true });
    const after = when(
      account,
      debit(-30, { availableAt: at('2026-11-01'), expiresAt: at('2020-01-01') }),
      NOW,
    ).account;
    expect(figures(after)).toMatchObject({ available: 70, debt: 0 });
    expect(lotOf(after, 'a')).toMatchObject({ ...lotOf(account, 'a'), remaining: 70 });
  });

  it('a debit goes into debt only when it is asked to', () => {
    const account = given(award('a', 1, 100));
    expect(decided(account, debit(-130), NOW)).toMatchObject({ ok: false, refusal: { code: 'insufficient_points' } });
    const { account: after } = when(account, debit(-130, { beyond: 'debt' }));
    expect(figures(after)).toMatchObject({ available: 0, debt: 30, net: -30 });
    expect(figures(when(after, award('b', 2, 50)).account)).toMatchObject({ available: 20, debt: 0 });
  });

  it('carries reason and actor', () => {
    const [event] = when(given(), debit(5, { note: 'call 7' })).events;
    expect(event?.entry).toMatchObject({ reason: 'correction', actor: 'ops', note: 'call 7', points: 5 });
  });

  it('Q12: debt stops at the limit of the award, and the rest is forgiven', () => {
    const account = given(award('a', 1, 100), redeem(100), award('a', 2, 0, { debtLimit: 60 }));
    expect(figures(account)).toMatchObject({ debt: 60, net: -60 });
    expect(account.standings.get('m~base~shop~a')).toMatchObject({ granted: 0, forgiven: 40 });
  });

  it('an import keeps its dates and is done once', () => {
    const command: LedgerCommand = {
      kind: 'import',
      id: 'row-7',
      points: p(300),
      earnedOn: at('2025-06-01'),
      expiresAt: at('2027-06-01'),
      actor: 'ops',
    };
    const account = given(command);
    expect(account.lots.get('import~row-7#0')).toMatchObject({
      earnedAt: at('2025-06-01'),
      expiresAt: at('2027-06-01'),
    });
    expect(when(account, command)).toMatchObject({ events: [], repeated: true });
  });

  it('a freeze stops spending, not earning', () => {
    const frozen = given(
      award('a', 1, 100),
      { kind: 'freeze', id: 'F', reason: 'audit', actor: 'ops' },
      award('b', 2, 5),
    );
    expect(frozen.available).toBe(105);
    expect(decided(frozen, redeem(1), NOW)).toMatchObject({ ok: false, refusal: { code: 'account_frozen' } });
    const free = when(frozen, { kind: 'unfreeze', id: 'F2', reason: 'audit', actor: 'ops' }).account;
    expect(decided(free, redeem(1), NOW).ok).toBe(true);
  });
});

describe('the books', () => {
  const account = given(award('a', 1, 100), hold(30));
  const lot = present(lotOf(account, 'a'), 'the lot');
  const withLot = (change: object): Account => ({ ...account, lots: new Map([[lot.id, { ...lot, ...change }]]) });

  it.each([
    ['a negative lot', withLot({ remaining: p(-1) })],
    ['more held than is left', withLot({ held: p(101) })],
    ['more in a lot than it was opened with', withLot({ remaining: p(101) })],
    ['lots that are not the buckets', withLot({ remaining: p(99) })],
    ['a hold that the lots do not keep', { ...account, holds: new Map() }],
    ['a balance that is not its parts', { ...account, available: p(71) }],
  ])('N19: %s does not pass', (_what, broken) => {
    expect(() => assertBooks(broken)).toThrow();
  });

  it('pro rata is exact up to 2^53 − 1', () => {
    const most = Number.MAX_SAFE_INTEGER;
    const parts = proRata(p(most - 2), [p(most - 1), p(1)]);
    expect(parts.reduce((total, part) => total + part, 0)).toBe(most - 2);
  });
});
