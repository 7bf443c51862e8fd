import type { RedemptionPolicy } from '@jifen/contracts';
import { fakeClock } from '@jifen/testing';
import type { Pool } from 'pg';
import { verifyLedger } from './index.ts';
import type { CommandProcess, Sent } from './testing/command-process.ts';
import { publishPolicies, type LedgerDatabase } from './testing/ledger-database.ts';
import type { LedgerProcess } from './testing/ledger-process.ts';
import { startLedgers } from './testing/ledgers.ts';
import type { RatingFeed, Worth } from './testing/rating-feed.ts';

const PARTITIONS = 4;
const clock = fakeClock(Date.parse('2026-11-10T00:00:00Z'));

let database: LedgerDatabase;
let admin: Pool;
let one: LedgerProcess;
let here: CommandProcess;
let there: CommandProcess;
let feed: RatingFeed;
let version = 0;
let keys = 0;

beforeAll(async () => {
  ({ database, admin, one, here, there, feed } = await startLedgers({ partitions: PARTITIONS, clock: clock.now }));
}, 120_000);

afterAll(() => database.stop());

const RATE: RedemptionPolicy = { currency: 'points', points: 100, money: '1.00' };

const publish = (redemption: RedemptionPolicy): Promise<void> =>
  publishPolicies(one, { redemption: [redemption] }, { version: ++version });
const earn = (...worths: readonly Worth[]): Promise<void> => one.deliver(feed.rate(...worths));
const redeem = (member: string, points: number, key = `k-${++keys}`): Sent => ({
  key,
  member,
  intent: { kind: 'redeem', member, points },
});
const figures = async (member: string) => {
  const { available, held, debt, net } = (await one.balance(member)) ?? {};
  return { available, held, debt, net };
};
const eventsOf = async (member: string): Promise<readonly string[]> =>
  (await one.store.readStream(`demo/${member}/points`, 0, 1_000)).map(({ type }) => type);

describe('commands at once', () => {
  beforeAll(() => publish(RATE));

  it('U19, U20, U21: 50 parallel redemptions spend exactly what is there; every loser hears the real balance', async () => {
    await earn({ member: 'u19', order: 'A', target: 1_000 });
    const outcomes = (
      await Promise.all(Array.from({ length: 50 }, (_, n) => (n % 2 === 0 ? here : there).run(redeem('u19', 70))))
    ).flat();
    const won = outcomes.filter(({ ok }) => ok);
    const lost = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.refusal]));
    expect(won.length).toBe(14);
    expect(new Set(lost.map(({ code }) => code))).toEqual(new Set(['insufficient_points']));
    expect(new Set(lost.map(({ figures: known }) => known?.['available']))).toEqual(new Set([20]));
    expect(await figures('u19')).toEqual({ available: 20, held: 0, debt: 0, net: 20 });
  });

  it('U17, U20: 50 parallel calls with one key give one effect and 50 equal answers, also in two processes', async () => {
    await earn({ member: 'u17', order: 'A', target: 1_000 });
    const outcomes = (
      await Promise.all(
        Array.from({ length: 50 }, (_, n) => (n % 2 === 0 ? here : there).run(redeem('u17', 70, 'same'))),
      )
    ).flat();
    const answers = outcomes.map((outcome) => (outcome.ok ? outcome.value.answer : outcome.refusal.code));
    expect(new Set(answers).size).toBe(1);
    expect(outcomes.filter((outcome) => outcome.ok && !outcome.value.replayed).length).toBe(1);
    expect(await figures('u17')).toMatchObject({ available: 930 });
    expect(await eventsOf('u17')).toEqual(['points.earned', 'points.redeemed']);
  });

  it('one flush: a refused command leaves its neighbours, of the same member too, as they are', async () => {
    await earn({ member: 'n-1', order: 'A', target: 100 }, { member: 'n-2', order: 'A', target: 100 });
    const outcomes = await here.run(
      redeem('n-1', 60),
      redeem('n-1', 60),
      redeem('n-2', 100),
      redeem('n-1', 40),
      redeem('n-2', 1),
    );
    expect(outcomes.map((outcome) => (outcome.ok ? 'done' : outcome.refusal.code))).toEqual([
      'done',
      'insufficient_points',
      'done',
      'done',
      'insufficient_points',
    ]);
  });

  it('U19: two flushes at once, in one process or in two, under a policy that neither expects, spend no point twice', async () => {
    for (const [place, second] of [here, there].entries()) {
      const member = `u19-${place}`;
      await earn({ member, order: 'A', target: 110 });
      expect(await here.run(redeem(member, 5))).toMatchObject([{ ok: true }]);
      expect(await second.run(redeem(member, 5))).toMatchObject([{ ok: true }]);
      await publish({ ...RATE, minimumPoints: 2 });
      const flushes = [here, second].map((process) =>
        process.run(redeem(member, 40), redeem(member, 1), redeem(member, 40)),
      );
      const said = (await Promise.all(flushes)).map((outcomes) =>
        outcomes.map((outcome) => (outcome.ok ? 'done' : outcome.refusal.code)),
      );
      const [first, last] = [
        ['done', 'below_minimum', 'done'],
        ['insufficient_points', 'below_minimum', 'insufficient_points'],
      ];
      expect(said).toEqual(said[0]?.[0] === 'done' ? [first, last] : [last, first]);
      expect(await figures(member)).toMatchObject({ available: 20 });
      expect(await eventsOf(member)).toEqual(['points.earned', ...Array<string>(4).fill('points.redeemed')]);
      await publish(RATE);
    }
  });

  it('the same key with another body is a conflict, in one flush as well as later; after pruning it still does nothing twice', async () => {
    await earn({ member: 'keys', order: 'A', target: 100 });
    const [first, again, conflict] = await here.run(
      redeem('keys', 10, 'twice'),
      redeem('keys', 10, 'twice'),
      redeem('keys', 11, 'twice'),
    );
    expect([first?.ok, again?.ok && again.value.replayed]).toEqual([true, true]);
    expect(conflict).toMatchObject({ ok: false, refusal: { code: 'idempotency_conflict' } });
    expect(await there.answer(redeem('keys', 12, 'twice'))).toBe('idempotency_conflict');
    await admin.query("DELETE FROM ledger.answered WHERE key = 'twice'");
    const [late] = await there.run(redeem('keys', 10, 'twice'));
    expect(late?.ok && late.value.replayed).toBe(true);
    await admin.query("DELETE FROM ledger.answered WHERE key = 'twice'");
    expect(await there.answer(redeem('keys', 12, 'twice'))).toBe('idempotency_conflict');
    expect(await figures('keys')).toMatchObject({ available: 90 });
  });

  it('the same key for members of two partitions: one of them wins', async () => {
    const members = ['k-a', 'k-b', 'k-c', 'k-d', 'k-e'];
    await earn(...members.map((member) => ({ member, order: 'A', target: 100 })));
    const outcomes = (await Promise.all(members.map((member) => here.run(redeem(member, 10, 'shared'))))).flat();
    expect(outcomes.filter(({ ok }) => ok).length).toBe(1);
    const codes = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.refusal.code]));
    expect(new Set(codes)).toEqual(new Set(['idempotency_conflict']));
  });

  it('leave a log that gives every row', async () => {
    expect(await verifyLedger({ pool: admin })).toMatchObject({ ok: true });
  });
});
