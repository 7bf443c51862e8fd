import type { Award } from '@jifen/contracts';
import { instant } from '@jifen/kernel';
import fc from 'fast-check';
import { bookedBalance, openAccount, type Account } from './account.ts';
import { decide } from './decide.ts';
import { evolve, fold } from './evolve.ts';
import { spendingOrder } from './time.ts';

const NOW = instant('2026-01-01T00:00:00Z');
const SOON = instant('2026-02-01T00:00:00Z');

type Step =
  | { readonly kind: 'rate'; readonly award: number; readonly target: number; readonly pending: boolean }
  | { readonly kind: 'spend'; readonly points: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('rate' as const),
    award: fc.nat({ max: 3 }),
    target: fc.nat({ max: 100 }),
    pending: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('spend' as const), points: fc.integer({ min: 1, max: 150 }) }),
);

/** Takes from the lots as a redemption will; nothing when there is not enough. */
function spend(account: Account, amount: number): Account {
  if (amount > account.available) return account;
  let left = amount;
  const lots = [...account.lots.values()]
    .filter((lot) => !lot.pending)
    .sort(spendingOrder)
    .map((lot) => {
      const part = Math.min(left, lot.remaining);
      left -= part;
      return { lot: lot.id, points: -part };
    });
  const entry = { program: 'p', member: 'm', currency: 'points', points: -amount, lots, reason: 'redeem' };
  const draft = { type: 'points.redeemed' as const, at: NOW, occurredAt: NOW, effectiveAt: NOW };
  return fold(account, { ...draft, entry: { ...entry, balance: bookedBalance(account) } });
}

const run = (steps: readonly Step[], clawback: NonNullable<Award['clawback']>, each: (account: Account) => void) => {
  let account = openAccount('p', 'm', 'points');
  let spent = 0;
  let posted = 0;
  const targets = new Map<number, number>();
  for (const [index, item] of steps.entries()) {
    if (item.kind === 'spend') {
      const before = account.net;
      account = spend(account, item.points);
      spent += before - account.net;
    } else {
      targets.set(item.award, item.target);
      const events = decide(
        account,
        {
          kind: 'post-award',
          award: {
            currency: 'points',
            awardId: `a${item.award}`,
            revision: index + 1,
            target: item.target,
            ruleId: 'r',
            ruleVersion: 1,
            availableAt: item.pending ? SOON : NOW,
            clawback,
          },
          cause: { source: 's', id: 'o', revision: 1 },
          origin: { partition: 0, position: index + 1 },
          earnedAt: NOW,
        },
        NOW,
      );
      account = events.reduce(evolve, account);
      posted += events.reduce((total, { entry }) => total + entry.points, 0);
    }
    each(account);
  }
  return { account, spent, posted, due: [...targets.values()].reduce((total, target) => total + target, 0) };
};

const steps = fc.array(step, { maxLength: 40 });

describe('with points spent in between', () => {
  it('allow-debt: net is what is due less what was spent, and debt and points never stand side by side', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { account, spent, due, posted } = run(list, 'allow-debt', (after) => {
          expect(after.debt > 0 && after.available + after.pending > 0).toBe(false);
        });
        expect(account.net).toBe(due - spent);
        expect(account.net).toBe(posted - spent);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['award-only', 'within-balance'] as const)('%s: never in debt, and forgiveness mints nothing', (policy) => {
    fc.assert(
      fc.property(steps, (list) => {
        const { account, spent, due } = run(list, policy, (after) => {
          expect(after.debt).toBe(0);
        });
        const forgiven = [...account.standings.values()].reduce((total, standing) => total + standing.forgiven, 0);
        expect(account.net).toBe(due + forgiven - spent);
        expect(account.net).toBeGreaterThanOrEqual(0);
        expect(account.lifetime).toBe(due);
      }),
      { numRuns: 500 },
    );
  });
});
