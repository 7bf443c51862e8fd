import type { LedgerEntry } from '@jifen/contracts';
import { grantOf } from './grant.ts';

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
  granted: 100,
  earnedAt: '2026-03-01T08:00:00.000Z',
  ...change,
});
const at = '2026-03-05T00:00:00.000Z';

describe('what counts for a tier', () => {
  it('an award counts at the instant it was earned, not when it was posted', () => {
    expect(grantOf('points.earned', entry({}), at)).toEqual({
      award,
      currency: 'points',
      earnedAt: '2026-03-01T08:00:00.000Z',
      points: 100,
      first: true,
    });
  });

  it('an earning that does not say when it was earned counts when it occurred', () => {
    expect(grantOf('points.earned', { ...bare, award, granted: 100 }, at)?.earnedAt).toBe(at);
  });

  it('other spellings of an instant are the same instant', () => {
    expect(grantOf('points.earned', entry({ earnedAt: '2026-03-01T16:00:00+08:00' }), at)?.earnedAt).toBe(
      '2026-03-01T08:00:00.000Z',
    );
  });

  it('U43: a clawback counts in full, however much of it had been spent and became a debt or was forgiven', () => {
    const reversed = { reason: 're-rating', granted: 20 };
    for (const taken of [-80, -30, 0])
      expect(grantOf('points.reversed', entry({ ...reversed, points: taken }), at)).toMatchObject({
        points: 20,
        first: false,
      });
    expect(grantOf('debt.incurred', { ...bare, award, points: -50, reason: 'debt' }, at)).toBeUndefined();
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
    'debt.repaid',
    'account.frozen',
  ])('U43, U44: %s never counts', (type) => {
    expect(grantOf(type, entry({ points: -5_000 }), at)).toBeUndefined();
    expect(grantOf(type, entry({ points: 5_000 }), at)).toBeUndefined();
  });
});
