import type { LedgerEntry } from '@jifen/contracts';
import { contributionOf } from './contribution.ts';

const bare: LedgerEntry = {
  program: 'demo',
  member: 'm-1',
  currency: 'points',
  points: 100,
  lots: [],
  reason: 'earn',
  balance: { available: 100, pending: 0, held: 0, debt: 0 },
};
const award = 'm-1~spend~shop~A-1';
const entry = (change: Partial<LedgerEntry>): LedgerEntry => ({
  ...bare,
  award,
  earnedAt: '2026-03-01T08:00:00.000Z',
  ...change,
});
const at = '2026-03-05T00:00:00.000Z';

describe('what counts for a tier', () => {
  it('an award counts at the instant it was earned, not when it was posted', () => {
    expect(contributionOf('points.earned', entry({}), at)).toEqual({
      earnedAt: '2026-03-01T08:00:00.000Z',
      points: 100,
    });
  });

  it('an earning that does not say when it was earned counts when it occurred', () => {
    expect(contributionOf('points.earned', { ...bare, award }, at)).toEqual({ earnedAt: at, points: 100 });
  });

  it('other spellings of an instant are the same instant', () => {
    expect(contributionOf('points.earned', entry({ earnedAt: '2026-03-01T16:00:00+08:00' }), at)?.earnedAt).toBe(
      '2026-03-01T08:00:00.000Z',
    );
  });

  it('a clawback lowers it, also the part that became a debt', () => {
    expect(contributionOf('points.reversed', entry({ points: -60 }), at)?.points).toBe(-60);
    expect(contributionOf('debt.incurred', entry({ points: -40 }), at)?.points).toBe(-40);
  });

  it('a debt without an award is nobody’s earning', () => {
    expect(contributionOf('debt.incurred', { ...bare, points: -40 }, at)).toBeUndefined();
  });

  it.each([
    'points.held',
    'points.hold-captured',
    'points.hold-released',
    'points.redeemed',
    'points.redemption-reversed',
    'points.expired',
    'points.transferred-out',
    'points.transferred-in',
    'points.transfer-returned',
    'points.adjusted',
    'points.activated',
    'points.expiry-extended',
    'account.frozen',
  ])('U43, U44: %s never counts', (type) => {
    expect(contributionOf(type, entry({ points: -5_000 }), at)).toBeUndefined();
    expect(contributionOf(type, entry({ points: 5_000 }), at)).toBeUndefined();
  });
});
