import type { RedemptionPolicy } from '@jifen/contracts';
import type { PolicyPart } from '@jifen/ledger';
import { instantFromMillis, memberKey, partitionOf } from '@jifen/kernel';
import { messageOfEvent, TOPIC_OF_LOG, type Message } from '@jifen/messaging';
import { fakeClock } from '@jifen/testing';
import type { Pool } from 'pg';
import { verifyLedger } from './index.ts';
import type { CommandProcess, Sent } from './testing/command-process.ts';
import { publishPolicies, type LedgerDatabase } from './testing/ledger-database.ts';
import type { LedgerProcess } from './testing/ledger-process.ts';
import { startLedgers } from './testing/ledgers.ts';
import type { RatingFeed, Worth } from './testing/rating-feed.ts';

const PARTITIONS = 4;
const START = Date.parse('2026-11-10T00:00:00Z');
const clock = fakeClock(START);

let database: LedgerDatabase;
let admin: Pool;
let one: LedgerProcess;
let other: LedgerProcess;
let here: CommandProcess;
let there: CommandProcess;
let feed: RatingFeed;
let version = 0;
let keys = 0;

beforeAll(async () => {
  ({ database, admin, one, other, here, there, feed } = await startLedgers({
    partitions: PARTITIONS,
    clock: clock.now,
  }));
}, 120_000);

afterAll(() => database.stop());

beforeEach(() => {
  clock.set(START);
});

const earn = (...worths: readonly Worth[]): Promise<void> => one.deliver(feed.rate(...worths));

const RATE: RedemptionPolicy = { currency: 'points', points: 100, money: '1.00' };

/** Publishes a version of the program's policies. */
const publish = (part: Partial<PolicyPart>, program = 'demo'): Promise<void> =>
  publishPolicies(one, part, { program, version: ++version });

/** What tiering says of a member. */
function tierOf(member: string, tier: string, position: number): Message {
  const at = instantFromMillis(clock.now());
  const key = memberKey('demo', member);
  const partition = partitionOf(key, PARTITIONS);
  const timeline = [{ tier, since: at }];
  const changed = { program: 'demo', member, tier, since: at, lifetimePoints: 1, programVersion: 1, timeline };
  return messageOfEvent(
    {
      ...{ log: 'tier', partition, position, stream: key, version: position, key, type: 'tier.changed' },
      ...{ schemaVersion: 1, data: JSON.stringify(changed), meta: {}, hash: new Uint8Array(32) },
      ...{ occurredAt: at, recordedAt: at, effectiveAt: at },
    },
    TOPIC_OF_LOG.tier,
  );
}

const redeem = (member: string, points: number, key = `k-${++keys}`): Sent => ({
  key,
  member,
  intent: { kind: 'redeem', member, points },
});
const keyed = (sent: Omit<Sent, 'key'>, key = `k-${++keys}`): Sent => ({ key, ...sent });
const figures = async (member: string) => {
  const { available, held, debt, net } = (await one.balance(member)) ?? {};
  return { available, held, debt, net };
};
const eventsOf = async (member: string): Promise<readonly string[]> =>
  (await one.store.readStream(`demo/${member}/points`, 0, 1_000)).map(({ type }) => type);

describe('spending by the policy of the program', () => {
  beforeAll(() => publish({ redemption: [{ ...RATE, minimumPoints: 500, maximumShare: '0.5', remainder: 'cover' }] }));
  afterAll(() => publish({ redemption: [RATE] }));

  it('B01, Q11: points pay half of an order at 100 a yuan, the answer says what stays', async () => {
    await earn({ member: 'b01', order: 'A', target: 10_000 });
    const intent = { kind: 'redeem', member: 'b01', order: { amount: '129.90' }, reference: 'shop:1' } as const;
    expect(await here.answer(keyed({ member: 'b01', intent }))).toMatchObject({
      redemption: { points: 6_495, money: '64.95', toPay: '64.95', moneyCurrency: 'CNY', reference: 'shop:1' },
      balance: { available: 3_505 },
      position: expect.stringMatching(/^ledger:\d-\d+$/),
    });
  });

  it('Q11, U36: too few, too many and points without a policy are refused', async () => {
    await earn({ member: 'q11', order: 'A', target: 10_000 });
    expect(await here.answer(redeem('q11', 499))).toBe('below_minimum');
    const intent = { kind: 'redeem', member: 'q11', points: 600, order: { amount: '10.00' } } as const;
    expect(await here.answer(keyed({ member: 'q11', intent }))).toBe('above_maximum');
    const stars = { kind: 'redeem', member: 'q11', currency: 'stars', points: 600 } as const;
    expect(await here.answer(keyed({ member: 'q11', intent: stars }))).toBe('invalid_request');
  });

  it('a version that came in force since the last flush binds the next, also where it says which account pays', async () => {
    const both = ['points', 'stars'].map((code) => ({ code, decimals: 0 }));
    const spend = () =>
      here.answer(keyed({ member: 'shift', intent: { kind: 'redeem', member: 'shift', points: 600 } }));
    await publish({ currencies: both, redemption: [RATE] });
    await earn(...both.map(({ code }) => ({ member: 'shift', order: code, target: 1_000, award: { currency: code } })));
    expect(await spend()).toMatchObject({ balance: { currency: 'points', available: 400 } });
    await publish({ currencies: both, redemption: [{ ...RATE, currency: 'stars' }, RATE] });
    expect(await spend()).toMatchObject({ balance: { currency: 'stars', available: 400 } });
    await publish({ currencies: both, redemption: [{ ...RATE, minimumPoints: 601 }] });
    expect(await spend()).toBe('below_minimum');
  });

  it('C04: a tier lifts the cap', async () => {
    const tiers = [{ tier: 'gold', maximumShare: '1' }];
    await publish({ redemption: [{ ...RATE, maximumShare: '0.5', tiers }] });
    await earn({ member: 'c04', order: 'A', target: 10_000 });
    const order = (key: string): Sent => ({
      key,
      member: 'c04',
      intent: { kind: 'redeem', member: 'c04', order: { amount: '10.00' } },
    });
    expect(await here.answer(order('c04-1'))).toMatchObject({ redemption: { points: 500, toPay: '5.00' } });
    await one.deliver([tierOf('c04', 'gold', 1)]);
    expect(await here.answer(order('c04-2'))).toMatchObject({ redemption: { points: 1_000, toPay: '0.00' } });
    await one.deliver([tierOf('c04', 'silver', 2)]);
    expect(await here.answer(order('c04-3'))).toMatchObject({ redemption: { points: 500, toPay: '5.00' } });
  });
});

describe('holds and giving back', () => {
  const hold = (member: string, points: number, ttlSeconds = 600): Sent =>
    keyed({ member, intent: { kind: 'hold', member, points, ttlSeconds } });
  const idOf = (answer: Record<string, unknown> | string, what: string): string => {
    if (typeof answer === 'string') throw new Error(answer);
    return (answer[what] as { id: string }).id;
  };

  it('Q09: hold, capture a part, the rest is released; what is captured cannot be released', async () => {
    await earn({ member: 'q09', order: 'A', target: 100 });
    const of = 'demo/q09/points';
    const id = idOf(await here.answer(hold('q09', 80)), 'hold');
    expect(await figures('q09')).toMatchObject({ available: 20, held: 80 });
    const capture = keyed({ member: 'q09', intent: { kind: 'capture', of, hold: id, points: 30 } });
    expect(await there.answer(capture)).toMatchObject({
      redemption: { points: 30, hold: id },
      hold: { state: 'released', remaining: 0 },
      balance: { available: 70, held: 0 },
    });
    const release = keyed({ member: 'q09', intent: { kind: 'release', of, hold: id } });
    expect(await here.answer(release)).toBe('hold_closed');
  });

  it('Q10: points of an order are taken when it completes, and are free again when it is cancelled', async () => {
    await earn({ member: 'q10', order: 'A', target: 100 });
    const holdFor = (reference: string, points: number): Sent =>
      keyed({ member: 'q10', intent: { kind: 'hold', member: 'q10', points, reference } });
    const [bought, cancelled] = [await here.answer(holdFor('1001', 60)), await here.answer(holdFor('1002', 30))];
    expect(await figures('q10')).toEqual({ available: 10, held: 90, debt: 0, net: 100 });
    // Nobody else spends them meanwhile, and nothing was deducted yet.
    expect(await here.answer(redeem('q10', 11))).toBe('insufficient_points');
    expect(await eventsOf('q10')).toEqual(['points.earned', 'points.held', 'points.held']);
    const of = 'demo/q10/points';
    const complete = keyed({ member: 'q10', intent: { kind: 'capture', of, hold: idOf(bought, 'hold') } });
    expect(await there.answer(complete)).toMatchObject({ redemption: { points: 60, reference: '1001' } });
    const cancel = keyed({ member: 'q10', intent: { kind: 'release', of, hold: idOf(cancelled, 'hold') } });
    expect(await here.answer(cancel)).toMatchObject({ balance: { available: 40, held: 0 } });
    expect(await figures('q10')).toEqual({ available: 40, held: 0, debt: 0, net: 40 });
  });

  it('Q09: a hold ends by itself, at that very instant, whether or not it was booked', async () => {
    await earn({ member: 'ttl', order: 'A', target: 100 });
    const id = idOf(await here.answer(hold('ttl', 80, 60)), 'hold');
    clock.advance(59_999);
    expect(await figures('ttl')).toMatchObject({ available: 20, held: 80 });
    clock.advance(1);
    expect(await figures('ttl')).toMatchObject({ available: 100, held: 0 });
    const capture = keyed({ member: 'ttl', intent: { kind: 'capture', of: 'demo/ttl/points', hold: id } });
    expect(await here.answer(capture)).toBe('hold_expired');
    expect(await one.bookDue()).toBe(1);
    expect(await other.bookDue()).toBe(0);
    expect(await figures('ttl')).toMatchObject({ available: 100, held: 0 });
  });

  it('U02, U05, U57, U58: what was spent comes back to its lots, in parts, once, and never more than was spent', async () => {
    await earn(
      { member: 'u02', order: 'A', target: 60, award: { expiresAt: '2026-12-01T00:00:00Z' } },
      { member: 'u02', order: 'B', target: 60 },
    );
    const answer = await here.answer(redeem('u02', 100));
    const id = idOf(answer, 'redemption');
    const of = 'demo/u02/points';
    const reverse = (points: number | undefined, key: string): Sent => ({
      key,
      member: 'u02',
      intent: { kind: 'reverse', of, redemption: id, ...(points === undefined ? {} : { points }) },
    });
    expect(await here.answer(reverse(50, 'r-1'))).toMatchObject({
      redemption: { points: 100, reversed: 50 },
      balance: { available: 70 },
    });
    expect(await there.answer(reverse(50, 'r-1'))).toMatchObject({ balance: { available: 70 } });
    expect(await here.answer(reverse(51, 'r-2'))).toBe('exceeds_redemption');
    expect(await here.answer(reverse(undefined, 'r-3'))).toMatchObject({ balance: { available: 120 } });
    expect(await here.answer(reverse(undefined, 'r-4'))).toBe('exceeds_redemption');
    const { rows } = await admin.query('SELECT remaining FROM ledger.lot WHERE account = $1', [of]);
    expect(rows).toEqual([{ remaining: 60 }, { remaining: 60 }]);
  });

  it('Q04: points whose lot lapsed while they were spent come back for the days of grace of the program', async () => {
    await earn({ member: 'grace', order: 'A', target: 60, award: { expiresAt: '2026-11-20T00:00:00Z' } });
    const id = idOf(await here.answer(redeem('grace', 60)), 'redemption');
    clock.advance(20 * 86_400_000);
    await publish({ redemption: [RATE], expiryPolicy: { reinstatementGraceDays: 30 } });
    const intent = { kind: 'reverse', of: 'demo/grace/points', redemption: id } as const;
    expect(await here.answer(keyed({ member: 'grace', intent }))).toMatchObject({ balance: { available: 60 } });
    clock.advance(30 * 86_400_000 - 1);
    expect(await figures('grace')).toMatchObject({ available: 60 });
    clock.advance(1);
    expect(await figures('grace')).toMatchObject({ available: 0 });
    await publish({ redemption: [RATE] });
  });
});

describe('between members', () => {
  const send = (from: string, to: string, points: number, key = `k-${++keys}`): Sent => ({
    key,
    member: from,
    intent: { kind: 'transfer', member: from, to, points },
  });
  const transfers = { currencies: ['points'], maximumPoints: 500, perDay: { points: 600, count: 2 } };

  it('Q08: points travel with their expiry, and the total never changes on the way', async () => {
    await publish({ redemption: [RATE], transfers });
    await earn({ member: 'q08-a', order: 'A', target: 100, award: { expiresAt: '2026-12-01T00:00:00Z' } });
    const answer = await here.answer(send('q08-a', 'q08-b', 60));
    expect(answer).toMatchObject({ transfer: { state: 'in-flight', points: 60 }, balance: { available: 40 } });
    expect(await one.balance('q08-b')).toBeUndefined();
    await there.deliver();
    expect(await figures('q08-b')).toMatchObject({ available: 60 });
    expect((await one.balance('q08-b'))?.nextExpiry).toMatchObject({ at: '2026-12-01T00:00:00.000Z', points: 60 });
    expect(await here.deliver()).toEqual([]);
    expect(await eventsOf('q08-a')).toEqual(['points.earned', 'points.transferred-out', 'points.transfer-settled']);
  });

  it('C03: limits a transfer, a day and a month, by the calendar of the program', async () => {
    await earn({ member: 'c03', order: 'A', target: 5_000 });
    expect(await here.answer(send('c03', 'x', 501))).toBe('above_maximum');
    expect(await here.answer(send('c03', 'x', 400))).toMatchObject({ transfer: { points: 400 } });
    expect(await here.answer(send('c03', 'x', 300))).toBe('transfer_limit');
    expect(await here.answer(send('c03', 'x', 200))).toMatchObject({ transfer: { points: 200 } });
    expect(await here.answer(send('c03', 'x', 1))).toBe('transfer_limit');
    // Shanghai's next day begins at 16:00 UTC.
    clock.set(Date.parse('2026-11-10T15:59:59.999Z'));
    expect(await here.answer(send('c03', 'x', 1))).toBe('transfer_limit');
    clock.set(Date.parse('2026-11-10T16:00:00Z'));
    expect(await here.answer(send('c03', 'x', 1))).toMatchObject({ transfer: { points: 1 } });
    await here.deliver();
  });

  it('nobody gives points away where the program does not say so', async () => {
    await publish({ redemption: [RATE] });
    await earn({ member: 'none', order: 'A', target: 100 });
    expect(await here.answer(send('none', 'x', 1))).toBe('transfer_not_allowed');
  });

  it('Q35: merge takes everything over, later earnings too; unmerge brings back what is unspent', async () => {
    await earn({ member: 'q35-a', order: 'A', target: 100 }, { member: 'q35-b', order: 'A', target: 10 });
    const merge = { kind: 'merge', member: 'q35-a', into: 'q35-b', actor: 'li' } as const;
    const answer = await here.answer(keyed({ member: 'q35-a', intent: merge }));
    const id = typeof answer === 'string' ? answer : String(answer['id']);
    await there.deliver();
    expect(await figures('q35-b')).toMatchObject({ available: 110 });
    expect(await here.answer(redeem('q35-a', 1))).toBe('member_merged');
    await earn({ member: 'q35-a', order: 'B', target: 7 });
    await there.deliver();
    expect(await figures('q35-b')).toMatchObject({ available: 117 });
    const unmerge = { kind: 'unmerge', member: 'q35-b', merge: id, actor: 'li' } as const;
    expect(await here.answer(keyed({ member: 'q35-b', intent: unmerge }))).toMatchObject({ member: 'q35-b' });
    await there.deliver();
    expect(await figures('q35-a')).toMatchObject({ available: 107 });
    expect(await figures('q35-b')).toMatchObject({ available: 10 });
  });
});

describe('broken books', () => {
  it('park the member, leave the evidence, and hurt nobody else of the flush', async () => {
    await earn({ member: 'bent', order: 'A', target: 100 }, { member: 'straight', order: 'A', target: 100 });
    await admin.query("UPDATE ledger.lot SET remaining = 40 WHERE account = 'demo/bent/points'");
    const [bent, straight] = await here.run(redeem('bent', 10), redeem('straight', 10));
    expect(bent).toMatchObject({ ok: false, refusal: { code: 'member_parked' } });
    expect(straight?.ok).toBe(true);
    expect(here.breaches).toEqual(['demo/bent']);
    expect(await one.store.listParked({ limit: 10 })).toMatchObject([{ key: 'demo/bent', reason: 'invariant' }]);
    expect(await there.answer(redeem('bent', 10))).toBe('member_parked');
    await admin.query("UPDATE ledger.lot SET remaining = 100 WHERE account = 'demo/bent/points'");
    expect(await one.consumer.redrive?.('demo/bent', { dryRun: false })).toMatchObject({ applied: 1, deadLetters: 0 });
    expect(await here.answer(redeem('bent', 10))).toMatchObject({ balance: { available: 90 } });
  });
});

describe('at the end', () => {
  it('the log gives every row', async () => {
    expect(await verifyLedger({ pool: admin })).toMatchObject({ ok: true });
  });
});
