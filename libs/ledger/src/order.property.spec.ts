import type { Award } from '@jifen/contracts';
import { instant, type Instant } from '@jifen/kernel';
import fc from 'fast-check';
import { openAccount, type Account } from './account.ts';
import type { Booking } from './commands.ts';
import { decide, posted } from './decide.ts';
import { evolve } from './evolve.ts';
import { balanceAt } from './balance.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00Z');
const day = (n: number): Instant => instant(new Date(START + n * DAY).toISOString());
const AWARDS = 4;
const END = day(40);

interface Rated {
  readonly award: number;
  readonly target: number;
  readonly policy: NonNullable<Award['clawback']>;
}

const rated: fc.Arbitrary<Rated> = fc.record({
  award: fc.integer({ min: 0, max: AWARDS - 1 }),
  target: fc.integer({ min: 0, max: 200 }),
  policy: fc.constantFrom('award-only', 'within-balance', 'allow-debt'),
});

/** Each award has its own availability and expiry, as its rule would give it. */
const post = (item: Rated, revision: number): Booking => ({
  kind: 'post-award',
  award: {
    currency: 'points',
    awardId: `a${item.award}`,
    revision,
    target: item.target,
    ruleId: 'base',
    ruleVersion: 1,
    availableAt: day(item.award * 10),
    ...(item.award % 2 === 0 ? {} : { expiresAt: day(item.award * 10 + 25) }),
    clawback: item.policy,
  },
  cause: { source: 's', id: `a${item.award}`, revision },
  origin: { partition: 0, position: revision },
  earnedAt: day(0),
});

const run = (commands: readonly Booking[], now: Instant): Account =>
  commands.reduce<Account>(
    (account, command) => decide(account, command, now).reduce(evolve, account),
    openAccount('p', 'm', 'points'),
  );

/** The whole ledger in four lines: the last target of each award, in the phase that the clock says. */
function reference(items: readonly Rated[], now: Instant) {
  const last = new Map(items.map(({ award, target }) => [award, target]));
  const usable = (a: number) => day(a * 10) <= now && (a % 2 === 0 || now < day(a * 10 + 25));
  const pending = (a: number) => day(a * 10) > now;
  const sum = (of: (a: number) => boolean) => [...last].reduce((total, [a, t]) => total + (of(a) ? t : 0), 0);
  return { available: sum(usable), pending: sum(pending), lapsed: sum((a) => !usable(a) && !pending(a)), debt: 0 };
}

const summary = (account: Account, now: Instant) => {
  const { available, pending, lapsed, debt } = balanceAt(account, now);
  return { available, pending, lapsed, debt };
};

describe('any order', () => {
  it('equals the reference, with anything delivered again at any moment', () => {
    fc.assert(
      fc.property(
        fc.array(rated, { maxLength: 30 }),
        fc.array(fc.nat(), { maxLength: 30 }),
        fc.integer({ min: 0, max: 40 }),
        (items, again, today) => {
          const commands = items.map((item, index) => post(item, index + 1));
          const delivered = commands.flatMap((command, index) => {
            const replay = commands[(again[index] ?? 0) % (index + 1)];
            return replay === undefined ? [command] : [command, replay];
          });
          expect(summary(run(delivered, day(today)), day(today))).toEqual(reference(items, day(today)));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('the balance depends on the last target of each award, not on the way there', () => {
    fc.assert(
      fc.property(
        fc.array(rated, { maxLength: 20 }),
        fc.array(rated, { maxLength: 20 }),
        fc.array(fc.integer({ min: 0, max: 200 }), { minLength: AWARDS, maxLength: AWARDS }),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: AWARDS }),
        (one, other, targets, order) => {
          const ends = (awards: readonly number[]): Rated[] =>
            awards.map((award) => ({ award, target: targets[award] ?? 0, policy: 'allow-debt' }));
          const walk = (items: readonly Rated[]) =>
            summary(
              run(
                items.map((item, index) => post(item, index + 1)),
                END,
              ),
              END,
            );
          expect(walk([...one, ...ends([0, 1, 2, 3])])).toEqual(walk([...other, ...ends(order)]));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('awards of different orders commute', () => {
    fc.assert(
      fc.property(fc.array(rated, { maxLength: 20 }), fc.infiniteStream(fc.nat({ max: 99 })), (items, dice) => {
        const commands = items.map((item, index) => ({ key: item.award, command: post(item, index + 1) }));
        const queues = [0, 1, 2, 3].map((award) => commands.filter(({ key }) => key === award));
        const shuffled: Booking[] = [];
        while (queues.some((queue) => queue.length > 0)) {
          const open = queues.filter((queue) => queue.length > 0);
          const next = open[(dice.next().value as number) % open.length]?.shift();
          if (next !== undefined) shuffled.push(next.command);
        }
        expect(summary(run(shuffled, END), END)).toEqual(reference(items, END));
      }),
      { numRuns: 500 },
    );
  });
});

describe('twice', () => {
  it('a command decided again writes nothing: 1,000 random pairs of state and command', () => {
    fc.assert(
      fc.property(
        fc.array(rated, { maxLength: 15 }),
        fc.oneof(
          rated.map((item) => post(item, 99)),
          fc.constant<Booking>({ kind: 'book-activations' }),
        ),
        fc.integer({ min: 0, max: 40 }),
        (items, command, today) => {
          const state = run(
            items.map((item, index) => post(item, index + 1)),
            day(0),
          );
          const once = decide(state, command, day(today)).reduce(evolve, state);
          expect(decide(once, command, day(today))).toEqual([]);
          expect(posted(state, command, day(today)).account).toEqual(once);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
