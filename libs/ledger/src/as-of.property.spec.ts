import { instant, type Instant } from '@jifen/kernel';
import fc from 'fast-check';
import { openAccount, type Account } from './account.ts';
import { AsOf } from './as-of.ts';
import { posted } from './decide.ts';
import type { LedgerEvent } from './events.ts';
import { balanceAt } from './balance.ts';

const HOUR = 3_600_000;
const START = Date.parse('2028-02-28T00:00:00Z');
const HOURS = 96;
const at = (hour: number): Instant => instant(new Date(START + hour * HOUR).toISOString());

interface Posted {
  readonly award: number;
  readonly target: number;
  readonly earned: number;
  readonly wait: number;
  readonly keep: number;
  /** Hours until the next posting; negative when the next process has a slow clock. */
  readonly pause: number;
}

const hour = fc.integer({ min: 0, max: HOURS });
const posting: fc.Arbitrary<Posted> = fc.record({
  award: fc.nat({ max: 3 }),
  target: fc.nat({ max: 100 }),
  earned: hour,
  wait: fc.nat({ max: 30 }),
  keep: fc.integer({ min: 1, max: 90 }),
  pause: fc.integer({ min: -2, max: 12 }),
});

/** A stream with late, repeated and lowered awards, activations booked late, debt, and clocks that differ. */
function streamOf(postings: readonly Posted[]): readonly LedgerEvent[] {
  let account = openAccount('p', 'm', 'points');
  let now = 0;
  const events: LedgerEvent[] = [];
  for (const [index, { award, target, earned, wait, keep, pause }] of postings.entries()) {
    const awardId = `a${award}~base~s~o${award}`;
    const commands = [
      { kind: 'book-activations' as const },
      {
        kind: 'post-award' as const,
        award: {
          currency: 'points',
          awardId,
          revision: index + 1,
          target,
          ruleId: 'base',
          ruleVersion: 1,
          availableAt: at(earned + wait),
          ...(award === 0 ? {} : { expiresAt: at(earned + wait + keep) }),
        },
        cause: { source: 's', id: `o${award}`, revision: index + 1 },
        origin: { partition: 0, position: index + 1 },
        earnedAt: at(earned),
      },
    ];
    for (const command of commands) {
      const decision = posted(account, command, at(now));
      events.push(...decision.events);
      account = decision.account;
    }
    now = Math.max(0, now + pause);
  }
  return events;
}

const ask = (events: readonly LedgerEvent[], asOf: Instant, knownAt: Instant): Account => {
  const fold = new AsOf(openAccount('p', 'm', 'points'), { asOf, knownAt });
  for (const event of events) if (!fold.take(event)) break;
  return fold.account();
};

/** The same by the words of the promise: what counts is summed, nothing is folded. */
function reference(events: readonly LedgerEvent[], asOf: Instant, knownAt: Instant) {
  const known = events.filter((_, n) => events.slice(0, n + 1).every((event) => event.at <= knownAt));
  const dates: string[] = [];
  const changes = ({ entry }: LedgerEvent) => [
    ...entry.lots.map(({ lot }) => lot),
    `award ${entry.award}`,
    ...(entry.lots.reduce((sum, lot) => sum + lot.points, 0) === entry.points ? [] : ['debt']),
  ];
  for (const [n, event] of known.entries()) {
    const recorded = known.slice(0, n + 1).reduce((last, one) => (one.at > last ? one.at : last), '');
    const { occurredAt, effectiveAt } = event;
    const own = event.type === 'points.earned' && occurredAt < effectiveAt ? occurredAt : effectiveAt;
    const before = known.slice(0, n).flatMap((one, m) => {
      const shares = changes(one).some((name) => name !== 'award undefined' && changes(event).includes(name));
      return shares ? [dates[m] ?? ''] : [];
    });
    dates.push([own < recorded ? own : recorded, ...before].sort().at(-1) ?? '');
  }
  const counted = known.filter((_, n) => (dates[n] ?? '') <= asOf);
  const lots = new Map<string, { left: number; from: string; until: string }>();
  let debt = 0;
  for (const { entry } of counted) {
    for (const { lot, points, availableAt, expiresAt } of entry.lots) {
      const known = lots.get(lot) ?? { left: 0, from: '', until: '' };
      const dates = availableAt === undefined ? {} : { from: availableAt, until: expiresAt ?? '9999' };
      lots.set(lot, { ...known, ...dates, left: known.left + points });
      debt += points;
    }
    debt -= entry.points;
  }
  const sum = (of: (lot: { from: string; until: string }) => boolean) =>
    [...lots.values()].reduce((total, lot) => total + (of(lot) ? lot.left : 0), 0);
  return {
    available: sum(({ from, until }) => from <= asOf && asOf < until),
    pending: sum(({ from, until }) => from > asOf && asOf < until),
    lapsed: sum(({ until }) => until <= asOf),
    debt,
  };
}

const summary = (account: Account, now: Instant) => {
  const { available, pending, lapsed, debt } = balanceAt(account, now);
  return { available, pending, lapsed, debt };
};

describe('N01: as of, over a leap day', () => {
  const postings = fc.array(posting, { maxLength: 14 });

  it('answers what a naive recomputation does, at any pair of moments', () => {
    fc.assert(
      fc.property(postings, hour, hour, (list, asOf, knownAt) => {
        const events = streamOf(list);
        expect(summary(ask(events, at(asOf), at(knownAt)), at(asOf))).toEqual(reference(events, at(asOf), at(knownAt)));
      }),
      { numRuns: 1_500 },
    );
  });

  it('shows at a moment, known then, what the balance was then', () => {
    fc.assert(
      fc.property(postings, hour, (list, moment) => {
        const events = streamOf(list);
        const prefix = events.filter((_, n) => events.slice(0, n + 1).every((event) => event.at <= at(moment)));
        const { balance } = prefix.at(-1)?.entry ?? { balance: undefined };
        const account = ask(events, at(moment), at(moment));
        const { available, pending, held, debt } = account;
        if (balance !== undefined) expect({ available, pending, held, debt }).toEqual(balance);
        expect(account.version).toBe(prefix.length);
      }),
      { numRuns: 500 },
    );
  });
});
