import { createCalendar, instantFromMillis, present } from '@jifen/kernel';
import { redemptionRules } from '@jifen/ledger';
import { fakeClock } from '@jifen/testing';
import { readBalance } from './application/read-balance.ts';
import { readBalances } from './application/read-balances.ts';
import { readLots, type LotsQuery } from './application/read-lots.ts';
import { readStatement, type StatementQuery } from './application/read-statement.ts';
import { commandsOf } from './testing/command-process.ts';
import { publishPolicies, startLedgerDatabase, type LedgerDatabase } from './testing/ledger-database.ts';
import type { LedgerProcess } from './testing/ledger-process.ts';
import { RatingFeed, type Worth } from './testing/rating-feed.ts';

const PARTITIONS = 4;
const START = Date.parse('2026-11-10T00:00:00Z');
const DAY = 86_400_000;
const clock = fakeClock(START);

let database: LedgerDatabase;
let ledger: LedgerProcess;
let feed: RatingFeed;

beforeAll(async () => {
  database = await startLedgerDatabase();
  const money = { moneyCurrency: 'CNY', redemption: [{ currency: 'points', points: 100, money: '1.00' }] };
  ledger = database.open({
    partitions: PARTITIONS,
    clock: clock.now,
    policies: {
      calendar: present(createCalendar('Asia/Shanghai'), 'a calendar'),
      moneyCurrency: 'CNY',
      currencies: ['points', 'stars'],
      redemption: redemptionRules(money),
      pointValue: [],
    },
  });
  feed = new RatingFeed(PARTITIONS);
}, 120_000);

afterAll(() => database.stop());

beforeEach(() => {
  clock.set(START);
});

const rate = (...worths: readonly Worth[]): Promise<void> => ledger.deliver(feed.rate(...worths));
const day = (n: number): string => instantFromMillis(START + n * DAY);

const balance = async (member: string, moment: { asOf?: string; knownAt?: string } = {}) => {
  const query = { ...moment, program: 'demo', member, partitions: PARTITIONS, now: clock.now(), waited: false };
  return readBalance(ledger.reads, query);
};
const figures = async (member: string) => {
  const found = await balance(member);
  return found.ok ? found.value.data[0] : undefined;
};
const statement = async (member: string, query: Partial<StatementQuery> = {}) => {
  const page = await readStatement(ledger.reads, {
    program: 'demo',
    member,
    now: clock.now(),
    limit: 50,
    waited: false,
    ...query,
  });
  if (!page.ok) throw new Error(page.refusal.detail);
  return page.value;
};
const lots = (member: string, query: Partial<LotsQuery> = {}) =>
  readLots(ledger.reads, {
    program: 'demo',
    member,
    now: clock.now(),
    limit: 50,
    state: 'open',
    waited: false,
    ...query,
  });
const orders = async (member: string, query: Partial<LotsQuery> = {}) => {
  const page = await lots(member, query);
  if (!page.ok) throw new Error(page.refusal.detail);
  return page.value.data.map(({ award }) => award.slice(award.lastIndexOf('~') + 1));
};

describe('the balance', () => {
  it('Q09, Q06: tells at once what a hold kept that has ended: it pays debt first, what others keep stays', async () => {
    await rate({ member: 'held', order: 'A', target: 60 }, { member: 'held', order: 'B', target: 40 });
    const { answer } = commandsOf(ledger);
    const hold = (key: string, points: number, ttlSeconds: number) =>
      answer({ key, member: 'held', intent: { kind: 'hold', member: 'held', currency: 'points', points, ttlSeconds } });
    await hold('h-1', 70, 60);
    await hold('h-2', 20, 120);
    await rate({ member: 'held', order: 'B', target: 0 });
    expect(await figures('held')).toMatchObject({ available: 0, held: 90, debt: 30, net: 60 });
    clock.advance(60_000);
    expect(await figures('held')).toMatchObject({ available: 40, held: 20, debt: 0, net: 60 });
    expect(await ledger.bookDue()).toBeGreaterThan(0);
    expect(await figures('held')).toMatchObject({ available: 40, held: 20, debt: 0, net: 60 });
  });

  it('Q06, V08, U25: tells every bucket, all that goes at the next expiry, and what it is worth', async () => {
    const until = { expiresAt: day(20) };
    await rate(
      { member: 'value', order: 'A', target: 100, award: until },
      { member: 'value', order: 'B', target: 50, award: until },
      { member: 'value', order: 'C', target: 25, award: { expiresAt: day(40) } },
      { member: 'value', order: 'D', target: 7, award: { availableAt: day(3) } },
      { member: 'value', order: 'S', target: 3, award: { currency: 'stars' } },
    );
    expect(await balance('value')).toMatchObject({
      value: {
        data: [
          {
            currency: 'points',
            available: 175,
            pending: 7,
            nextExpiry: { at: day(20), points: 150, worth: { amount: '1.50', currency: 'CNY' } },
            worth: { available: { amount: '1.75' }, pending: { amount: '0.07' }, debt: { amount: '0.00' } },
          },
          { currency: 'stars', available: 3, nextExpiry: null, worth: null },
        ],
      },
    });
    clock.advance(20 * DAY);
    expect(await balance('value')).toMatchObject({
      value: { data: [{ available: 32, lapsed: 150, nextExpiry: { at: day(40), points: 25 } }, {}] },
    });
  });

  it('Q06: tells what is active, pending, spent, expired, owed, kept and on its way, now and as of then', async () => {
    const { answer } = commandsOf(ledger);
    const send = (key: string, intent: Parameters<typeof answer>[0]['intent']) =>
      answer({ key, member: 'all', intent });
    const of = { member: 'all', currency: 'points' };
    await rate(
      { member: 'all', order: 'A', target: 500 },
      { member: 'all', order: 'B', target: 40, award: { availableAt: day(30) } },
      { member: 'all', order: 'C', target: 30, award: { expiresAt: day(2) } },
    );
    await send('spend', { kind: 'redeem', ...of, points: 110 });
    await send('keep', { kind: 'hold', ...of, points: 60, ttlSeconds: 7 * 86_400 });
    await publishPolicies(ledger, { transfers: { currencies: ['points'] } });
    await send('give', { kind: 'transfer', ...of, to: 'friend', points: 25 });
    const [spent] = await ledger.store.readStream('demo/all/points', 3, 1);
    expect(spent?.type).toBe('points.redeemed');
    const then = {
      available: 335,
      pending: 40,
      spent: 110,
      expired: 0,
      held: 60,
      debt: 0,
      inFlight: 25,
      lifetime: 570,
    };
    expect(await figures('all')).toMatchObject({ ...then, net: 435, lapsed: 0 });
    await rate({ member: 'all', order: 'D', target: 20, award: { expiresAt: day(2) } });
    clock.advance(3 * DAY);
    // Expired is expired, whether a sweeper has posted it or not.
    expect(await figures('all')).toMatchObject({ available: 335, expired: 20, lapsed: 20 });
    expect(await ledger.bookDue()).toBeGreaterThan(0);
    expect(await figures('all')).toMatchObject({ available: 335, expired: 20, lapsed: 0 });
    await rate({ member: 'all', order: 'A', target: 0 });
    expect(await figures('all')).toMatchObject({ available: 0, pending: 0, spent: 110, held: 60, debt: 125 });
    const shown = { ...then, available: 355, lifetime: 590 };
    expect(await balance('all', { asOf: day(1), knownAt: day(0) })).toMatchObject({ value: { data: [shown] } });
  });

  it('N01, U54: tells what was true then, and what was known then', async () => {
    await rate({ member: 'past', order: 'A', target: 100, at: day(0) });
    clock.advance(10 * DAY);
    await rate({ member: 'past', order: 'late', target: 40, at: day(2), award: { availableAt: day(2) } });
    await rate({ member: 'past', order: 'A', target: 70, at: day(0) });
    const available = async (moment: { asOf?: string; knownAt?: string }) => {
      const found = await balance('past', moment);
      return found.ok ? (found.value.data[0]?.available ?? null) : found.refusal.code;
    };
    expect(await available({})).toBe(110);
    expect(await available({ asOf: day(5) })).toBe(140);
    expect(await available({ asOf: day(5), knownAt: day(5) })).toBe(100);
    expect(await available({ knownAt: day(5) })).toBe(100);
    expect(await available({ asOf: day(-20) })).toBeNull();
    expect(await available({ asOf: 'yesterday' })).toBe('invalid_request');
    expect(await balance('past', { knownAt: day(5) })).toMatchObject({ value: { asOf: day(5), knownAt: day(5) } });
    expect(await orders('past', { asOf: day(5) })).toEqual(['A', 'late']);
    expect(await orders('past', { knownAt: day(5) })).toEqual(['A']);
    expect(await orders('past', { asOf: day(5), limit: 1 })).toEqual(['A']);
  });

  it('Q16: what comes late counts from its own time, tells when it was recorded, and a second run posts nothing', async () => {
    clock.set(START + 10 * DAY);
    const late = feed.rate({ member: 'late', order: 'A', target: 40, at: day(2), award: { availableAt: day(2) } });
    await ledger.deliver(late);
    const before = await statement('late');
    expect(before.data).toMatchObject([{ points: 40, effectiveAt: day(2), recordedAt: day(10) }]);
    expect(await balance('late', { asOf: day(2) })).toMatchObject({ value: { data: [{ available: 40 }] } });
    expect(await balance('late', { asOf: instantFromMillis(START + 2 * DAY - 1) })).toMatchObject({
      value: { data: [] },
    });
    expect(await balance('late', { knownAt: day(9) })).toMatchObject({ value: { data: [] } });
    expect(await statement('late', { from: day(10), to: day(11) })).toEqual(before);
    // The recovery: the same records again, and rated again as of their time.
    clock.advance(DAY);
    await ledger.deliver(late);
    await rate({ member: 'late', order: 'A', target: 40, at: day(2), award: { availableAt: day(2) } });
    expect(await statement('late')).toEqual(before);
  });

  it('a member with many postings is folded in bounded time', async () => {
    const each = Array.from({ length: 2_500 }, (_, n) => ({ member: 'busy', order: `o${n}`, target: 1 + (n % 7) }));
    for (let from = 0; from < each.length; from += 250) await rate(...each.slice(from, from + 250));
    const now = await balance('busy');
    const then = await balance('busy', { asOf: instantFromMillis(clock.now()) });
    if (!now.ok || !then.ok) throw new Error('no balance');
    expect(then.value.data).toEqual(now.value.data);
  }, 60_000);
});

it('Q34: all balances come by pages of one moment, while postings go on', async () => {
  const seen: (readonly [string, string, number])[] = [];
  let cursor: string | undefined;
  do {
    const query = { program: 'demo', now: clock.now(), limit: 2, ...(cursor === undefined ? {} : { cursor }) };
    const page = await readBalances(ledger.reads, query);
    if (!page.ok) throw new Error(page.refusal.detail);
    expect(page.value).toMatchObject({ asOf: day(0), knownAt: day(0) });
    seen.push(...page.value.data.map(({ member, currency, net }) => [member, currency, net] as const));
    cursor = page.value.next ?? undefined;
    clock.advance(DAY);
    if (seen.length === 2) await rate({ member: 'value', order: 'Z', target: 1_000 });
  } while (cursor !== undefined);
  expect(seen).toContainEqual(['value', 'points', 182]);
  expect(seen).toContainEqual(['value', 'stars', 3]);
  expect(new Set(seen.map(String)).size).toBe(seen.length);
  const wrong = await readBalances(ledger.reads, { program: 'demo', now: clock.now(), limit: 2, cursor: 'bm9uZQ' });
  expect(wrong).toMatchObject({ refusal: { code: 'invalid_request' } });
});

describe('the statement', () => {
  beforeAll(async () => {
    clock.set(START);
    await rate({ member: 'paged', order: 'A', target: 100 }, { member: 'paged', order: 'B', target: 5 });
    clock.advance(5 * DAY);
    await rate(
      { member: 'paged', order: 'C', target: 9, award: { currency: 'stars' } },
      { member: 'paged', order: 'A', target: 60 },
    );
  });

  it('V09: is newest first, in words, with the worth, over currencies, by pages', async () => {
    const first = await statement('paged', { limit: 2 });
    expect(first.data.map(({ points, currency }) => [points, currency])).toEqual([
      [-40, 'points'],
      [9, 'stars'],
    ]);
    expect(first.data[0]).toMatchObject({
      text: {
        en: '40 points taken back for A: it is now worth 60.',
        'zh-CN': '扣回 40 积分（A）：现应得 60 积分。',
      },
      worth: { amount: '0.40', currency: 'CNY' },
    });
    const second = await statement('paged', { limit: 2, cursor: first.next ?? '' });
    expect(second).toMatchObject({ data: [{ points: 5 }, { points: 100 }], next: null });
  });

  it.each<[string, Partial<StatementQuery>, readonly number[]]>([
    ['a currency', { currency: 'stars' }, [9]],
    ['a type', { type: 'points.reversed' }, [-40]],
    ['two types', { type: 'points.reversed,points.earned' }, [-40, 9, 5, 100]],
    ['a reason', { reason: 'earn,goodwill' }, [9, 5, 100]],
    ['an order', { order: 'A' }, [-40, 100]],
    ['an order of another source', { order: 'A', source: 'erp' }, []],
    ['a source', { source: 'shop', currency: 'points' }, [-40, 5, 100]],
    ['the time from', { from: day(5) }, [-40, 9]],
    ['the time to, exclusive', { to: day(5) }, [5, 100]],
    ['a time in between', { from: day(1), to: day(4) }, []],
    ['all at once', { from: day(0), to: day(5), type: 'points.earned', order: 'B', currency: 'points' }, [5]],
  ])('V09: can be asked by %s', async (_, query, expected) => {
    expect((await statement('paged', query)).data.map(({ points }) => points)).toEqual(expected);
  });

  it('goes on by its cursor where a page has looked at enough', async () => {
    const found: number[] = [];
    let pages = 0;
    for (let cursor: string | undefined; ;) {
      const page = await statement('busy', { order: 'o3', limit: 1, ...(cursor === undefined ? {} : { cursor }) });
      found.push(...page.data.map(({ points }) => points));
      pages++;
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(found).toEqual([4]);
    expect(pages).toBeLessThan(5);
    await expect(statement('busy', { cursor: 'nonsense' })).rejects.toThrow('cursor');
    await expect(statement('busy', { from: '2026-11-10' })).rejects.toThrow('an instant is written like');
  });
});

describe('lots', () => {
  beforeAll(async () => {
    clock.set(START);
    await rate(
      { member: 'lots', order: 'never', target: 1 },
      { member: 'lots', order: 'late', target: 2, award: { expiresAt: day(40) } },
      { member: 'lots', order: 'soon', target: 300, award: { expiresAt: day(21) } },
      { member: 'lots', order: 'waits', target: 5, award: { availableAt: day(2), expiresAt: day(60) } },
      { member: 'lots', order: 'gone', target: 4 },
      { member: 'lots', order: 'gone', target: 0 },
      // Last, so that nothing after it books its expiry.
      { member: 'lots', order: 'over', target: 6, award: { expiresAt: day(-1) } },
      { member: 'lots', order: 'star', target: 8, award: { currency: 'stars' } },
    );
  });

  const CASES: readonly [string, Partial<LotsQuery>, readonly string[]][] = [
    ['open', { currency: 'points' }, ['over', 'soon', 'late', 'waits', 'never']],
    ['usable', { state: 'usable' }, ['soon', 'late', 'never', 'star']],
    ['pending', { state: 'pending' }, ['waits']],
    ['lapsed', { state: 'lapsed' }, ['over']],
    ['empty', { state: 'empty' }, ['gone']],
    ['all of a currency', { state: 'all', currency: 'stars' }, ['star']],
    ['usable, by an instant', { state: 'usable', expiresBy: day(21) }, ['soon']],
    ['usable, by the instant before', { state: 'usable', expiresBy: instantFromMillis(START + 21 * DAY - 1) }, []],
    ['of an award', { award: 'lots~base~shop~late' }, ['late']],
  ];
  it.each(CASES)('Q03, U24, U28: in the order of spending: %s', async (_, query, expected) => {
    expect(await orders('lots', query)).toEqual(expected);
    expect(await orders('lots', { ...query, asOf: day(0) })).toEqual(expected);
  });

  it('come by pages, each with its worth', async () => {
    for (const moment of [{}, { asOf: day(0) }]) {
      const first = await lots('lots', { state: 'usable', limit: 2, ...moment });
      if (!first.ok || first.value.next === null) throw new Error('no first page');
      expect(first.value.data.map(({ remaining, worth }) => [remaining, worth?.amount])).toEqual([
        [300, '3.00'],
        [2, '0.02'],
      ]);
      const second = await lots('lots', { state: 'usable', limit: 2, cursor: first.value.next, ...moment });
      expect(second).toMatchObject({ value: { data: [{ remaining: 1 }, { remaining: 8, worth: null }], next: null } });
    }
  });

  it('answers not_found for a member that never had a posting, and an empty list to who waited for a write', async () => {
    expect(await ledger.balance('nobody')).toBeUndefined();
    expect(await lots('nobody')).toMatchObject({ refusal: { code: 'not_found' } });
    expect(await lots('nobody', { asOf: day(0) })).toMatchObject({ refusal: { code: 'not_found' } });
    expect(await lots('nobody', { waited: true })).toMatchObject({ value: { data: [], next: null } });
  });
});

describe('plans', () => {
  it('the statement and the past walk the key of the log, lots and balances their own keys', async () => {
    const plan = async (text: string): Promise<string> => {
      const client = await ledger.pool.connect();
      try {
        // Small tables would be scanned: what is asked here is whether an index can serve.
        await client.query('BEGIN; SET LOCAL enable_seqscan = off');
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`);
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    };
    const stream = "log = 'ledger' AND stream = 'demo/busy/points' AND version > 100 ORDER BY version LIMIT 500";
    expect(await plan(`SELECT * FROM event WHERE ${stream}`)).toMatch(
      /^Limit[\s\S]*Index Scan using event_stream_version/,
    );
    const member = "account > 'demo/busy/' AND account < 'demo/busy0'";
    expect(await plan(`SELECT * FROM lot WHERE ${member}`)).toMatch(/Index Cond: .*account/);
  });
});
