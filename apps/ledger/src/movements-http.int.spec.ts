import type { ProgramDocument } from '@jifen/contracts';
import { fakeClock, startPostgres, type RunningPostgres } from '@jifen/testing';
import { bootLedger, type LedgerHost } from './testing/ledger-host.ts';

/** New York, so that there are days of 23 and of 25 hours; the clock is moved through them. */
const clock = fakeClock(Date.parse('2026-03-07T17:00:00Z'));
const PROGRAM: ProgramDocument = {
  name: { en: 'Demo', zh: '示例' },
  timeZone: 'America/New_York',
  moneyCurrency: 'USD',
  currencies: [{ code: 'points', decimals: 0 }],
  rules: [],
  transfers: { currencies: ['points'], perDay: { points: 100 }, perMonth: { points: 150 } },
  expiryPolicy: { reinstatementGraceDays: 1 },
};

let postgres: RunningPostgres;
let ledger: LedgerHost;

beforeAll(async () => {
  postgres = await startPostgres({ fsync: false });
  ledger = await bootLedger({ databaseUrl: postgres.url, partitions: 4, clock: clock.now });
  await ledger.publish(PROGRAM);
}, 120_000);
afterAll(async () => {
  await ledger.stop();
  await postgres.stop();
});

const at = (instant: string): void => clock.set(Date.parse(instant));
const balance = async (member: string): Promise<unknown> => {
  const { body } = await ledger.get(`/v1/members/${member}/balance`);
  return (body['data'] as readonly unknown[])[0];
};
const redeem = (member: string, points: number, reference?: string) =>
  ledger.post(`/v1/members/${member}/redemptions`, { points, ...(reference === undefined ? {} : { reference }) });
const give = (from: string, points: number) => ledger.post('/v1/transfers', { from, to: 'friend', points });
interface Line {
  readonly type: string;
  readonly points: number;
  readonly effectiveAt: string;
  readonly recordedAt: string;
  readonly balance: Record<string, number>;
}
const linesOf = (body: Record<string, unknown>): readonly Line[] => body['data'] as readonly Line[];
/** The statement once it has the posting. */
const statementWith = async (member: string, type: string): Promise<readonly Line[]> =>
  linesOf(
    await ledger.until(`/v1/members/${member}/statement`, (body) => linesOf(body).some((one) => one.type === type)),
  );

describe('what time does, over HTTP', () => {
  it('Q01: pending points are usable at their very instant, not before, and can be cancelled while they wait', async () => {
    await ledger.rate('q01', 'A', 100, { availableAt: '2026-03-07T20:00:00.000Z' });
    await ledger.rate('q01', 'B', 40, { availableAt: '2026-03-07T20:00:00.000Z' });
    expect(await balance('q01')).toMatchObject({ available: 0, pending: 140, net: 140 });
    expect(await redeem('q01', 1)).toMatchObject({ status: 409, body: { code: 'insufficient_points', available: 0 } });
    await ledger.rate('q01', 'B', 0);
    expect(await balance('q01')).toMatchObject({ available: 0, pending: 100, debt: 0 });
    at('2026-03-07T19:59:59.999Z');
    expect(await redeem('q01', 1)).toMatchObject({ status: 409, body: { available: 0 } });
    at('2026-03-07T20:00:00Z');
    expect(await balance('q01')).toMatchObject({ available: 100, pending: 0 });
    expect(await redeem('q01', 60)).toMatchObject({ status: 201, body: { balance: { available: 40 } } });
    const activated = (await statementWith('q01', 'points.activated')).filter(
      ({ type }) => type === 'points.activated',
    );
    expect(activated).toMatchObject([{ points: 0, effectiveAt: '2026-03-07T20:00:00.000Z' }]);
  });

  it('U46: lots of two members that start at one instant each give their own balance', async () => {
    const award = { availableAt: '2026-03-07T21:00:00.000Z' };
    await ledger.rate('u46-a', 'A', 100, award);
    await ledger.rate('u46-b', 'A', 7, award);
    at('2026-03-07T21:00:00Z');
    for (const [member, points] of [
      ['u46-a', 100],
      ['u46-b', 7],
    ] as const) {
      const [activated] = (await statementWith(member, 'points.activated')).filter(
        ({ type }) => type === 'points.activated',
      );
      expect(activated?.balance).toMatchObject({ available: points, pending: 0 });
      expect(await balance(member)).toMatchObject({ available: points, pending: 0, net: points });
    }
  });

  it('U23, U25: the balance falls when points expire, by what is left of them; the next expiry is told whole', async () => {
    const soon = { expiresAt: '2026-03-07T22:00:00.000Z' };
    await ledger.rate('u25', 'A', 100, soon);
    await ledger.rate('u25', 'B', 30, soon);
    await ledger.rate('u25', 'C', 5, { expiresAt: '2026-03-07T23:00:00.000Z' });
    expect(await redeem('u25', 60)).toMatchObject({ status: 201 });
    expect(await balance('u25')).toMatchObject({
      available: 75,
      nextExpiry: { at: '2026-03-07T22:00:00.000Z', points: 70 },
    });
    at('2026-03-07T21:59:59.999Z');
    expect(await balance('u25')).toMatchObject({ available: 75 });
    at('2026-03-07T22:00:00Z');
    expect(await balance('u25')).toMatchObject({
      available: 5,
      nextExpiry: { at: '2026-03-07T23:00:00.000Z', points: 5 },
    });
    const expired = (await statementWith('u25', 'points.expired')).filter(({ type }) => type === 'points.expired');
    expect(expired.reduce((sum, { points }) => sum + points, 0)).toBe(-70);
    expect(new Set(expired.map(({ effectiveAt }) => effectiveAt))).toEqual(new Set(['2026-03-07T22:00:00.000Z']));
    expect(await balance('u25')).toMatchObject({ available: 5, net: 5, lapsed: 0 });
    await ledger.rate('u25', 'D', 50);
    expect(await balance('u25')).toMatchObject({ available: 55, debt: 0 });
  });

  it('N01: balance and lots as they were, and as they were shown, are asked for by asOf and knownAt', async () => {
    at('2026-03-07T23:10:00Z');
    await ledger.rate('n01', 'A', 100);
    at('2026-03-07T23:20:00Z');
    await ledger.rate('n01', 'A', 60);
    const ask = async (query: string) => {
      const [was, lots] = [
        await ledger.get(`/v1/members/n01/balance${query}`),
        await ledger.get(`/v1/members/n01/lots${query}`),
      ];
      const first = (body: Record<string, unknown>) => (body['data'] as Record<string, number>[])[0];
      return [first(was.body)?.['available'], first(lots.body)?.['remaining']];
    };
    expect(await ask('')).toEqual([60, 60]);
    expect(await ask('?asOf=2026-03-07T23:15:00Z')).toEqual([100, 100]);
    expect(await ask('?knownAt=2026-03-07T23:15:00Z')).toEqual([100, 100]);
    expect(await ask('?asOf=2026-03-07T23:25:00Z&knownAt=2026-03-07T23:15:00Z')).toEqual([100, 100]);
    expect(await ask('?asOf=2026-03-07T23:05:00Z')).toEqual([undefined, undefined]);
    expect(await ledger.get('/v1/members/n01/lots?asOf=then')).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ pointer: '/asOf' }] },
    });
  });

  it('Q08: what the receiver may not take comes back to the very lot, and the transfer says so', async () => {
    await ledger.rate('q08', 'A', 80, { expiresAt: '2026-12-31T05:00:00.000Z' });
    await ledger.rate('gone', 'A', 1);
    await ledger.post('/v1/members/gone/merge', { into: 'kept', actor: 'test' });
    const sent = await ledger.post('/v1/transfers', { from: 'q08', to: 'gone', points: 50 });
    expect(sent).toMatchObject({ status: 202, body: { transfer: { state: 'in-flight' }, balance: { available: 30 } } });
    const { id } = sent.body['transfer'] as { id: string };
    const answered = await ledger.until(`/v1/transfers/${id}`, ({ state }) => state !== 'in-flight');
    expect(answered).toMatchObject({ state: 'returned', points: 50, from: 'q08', to: 'gone' });
    expect(await balance('q08')).toMatchObject({
      available: 80,
      nextExpiry: { at: '2026-12-31T05:00:00.000Z', points: 80 },
    });
    expect(await ledger.get('/v1/members/q08/lots')).toMatchObject({ body: { data: [{ remaining: 80 }] } });
    // What came back does not count for the day.
    expect(await give('q08', 80)).toMatchObject({ status: 202 });
  });
});

describe('an order in the statement', () => {
  it('is found by what it earned, and by what was spent for it and given back', async () => {
    await ledger.rate('ref', '1001', 500);
    await ledger.rate('ref', '1002', 20);
    const { body } = await redeem('ref', 100, '1001');
    await redeem('ref', 7, '1003');
    const { id } = body['redemption'] as { id: string };
    await ledger.post(`/v1/redemptions/${id}/reverse`, { points: 40 });
    const of = async (order: string) => linesOf((await ledger.get(`/v1/members/ref/statement?order=${order}`)).body);
    expect((await of('1001')).map(({ points }) => points)).toEqual([40, -100, 500]);
    expect((await of('1003')).map(({ points }) => points)).toEqual([-7]);
    expect(await of('1004')).toEqual([]);
  });
});

describe('the calendar of the program', () => {
  it('Q38, U26: a day of grace has 23 hours when the clocks go forward, and ends at the same time of day', async () => {
    await ledger.rate('spring', 'A', 60, { expiresAt: '2026-03-08T01:00:00.000Z' });
    const { body } = await redeem('spring', 60);
    // 23:30 on the day before; the next day has no 2 o'clock.
    at('2026-03-08T04:30:00Z');
    const { id } = body['redemption'] as { id: string };
    const reversed = await ledger.post(`/v1/redemptions/${id}/reverse`, {});
    expect(reversed).toMatchObject({ status: 200, body: { balance: { available: 60 } } });
    expect(await balance('spring')).toMatchObject({ nextExpiry: { at: '2026-03-09T03:30:00.000Z', points: 60 } });
    at('2026-03-09T03:29:59.999Z');
    expect(await balance('spring')).toMatchObject({ available: 60 });
    at('2026-03-09T03:30:00Z');
    expect(await balance('spring')).toMatchObject({ available: 0 });
  });

  it('U27: points that end with the day are good until its last moment, there, not in UTC', async () => {
    // Midnight in New York, after the change: 4 o'clock in UTC.
    await ledger.rate('midnight', 'A', 100, { expiresAt: '2026-03-10T00:00:00-04:00' });
    at('2026-03-10T03:00:00Z');
    const held = await ledger.post('/v1/members/midnight/holds', { points: 40, ttlSeconds: 7_200 });
    expect(held).toMatchObject({ status: 201 });
    at('2026-03-10T03:59:59.999Z');
    expect(await redeem('midnight', 10)).toMatchObject({ status: 201, body: { balance: { available: 50 } } });
    at('2026-03-10T04:00:00Z');
    expect(await redeem('midnight', 1)).toMatchObject({ status: 409, body: { available: 0 } });
    // What was confirmed in time is kept for the shopper.
    const { id } = held.body['hold'] as { id: string };
    expect(await ledger.post(`/v1/holds/${id}/capture`, {})).toMatchObject({ status: 201 });
    expect(await ledger.get('/v1/members/midnight/lots?state=all')).toMatchObject({
      body: { data: [{ expiresAt: '2026-03-10T04:00:00.000Z', remaining: 0 }] },
    });
    const lines = await statementWith('midnight', 'points.expired');
    expect(lines.find(({ type }) => type === 'points.expired')).toMatchObject({
      points: -50,
      effectiveAt: '2026-03-10T04:00:00.000Z',
    });
    for (const { effectiveAt, recordedAt } of lines) expect(effectiveAt <= recordedAt).toBe(true);
  });

  it('Q38: limits of a day hold for all of its 25 hours', async () => {
    at('2026-11-01T04:00:00Z');
    await ledger.rate('autumn', 'A', 1_000);
    expect(await give('autumn', 100)).toMatchObject({ status: 202 });
    // 24 hours later it is 23 o'clock of the same day.
    at('2026-11-02T04:59:59.999Z');
    expect(await give('autumn', 1)).toMatchObject({ status: 409, body: { code: 'transfer_limit' } });
    at('2026-11-02T05:00:00Z');
    expect(await give('autumn', 50)).toMatchObject({ status: 202 });
    expect(await give('autumn', 1)).toMatchObject({ status: 409, body: { code: 'transfer_limit' } });
  });

  it('U26, Q38: 29 February is a day of its month, and the last', async () => {
    at('2028-02-28T17:00:00Z');
    await ledger.rate('leap', 'A', 1_000, { expiresAt: '2028-02-28T18:00:00.000Z' });
    const { body } = await redeem('leap', 200);
    await ledger.rate('leap', 'B', 1_000);
    expect(await give('leap', 100)).toMatchObject({ status: 202 });
    at('2028-02-28T19:00:00Z');
    const { id } = body['redemption'] as { id: string };
    expect(await ledger.post(`/v1/redemptions/${id}/reverse`, {})).toMatchObject({ status: 200 });
    const { data } = (await ledger.get('/v1/members/leap/lots?state=all')).body as { data: { expiresAt?: string }[] };
    expect(data.map(({ expiresAt }) => expiresAt)).toContain('2028-02-29T19:00:00.000Z');
    at('2028-03-01T04:59:59.999Z');
    expect(await give('leap', 50)).toMatchObject({ status: 202 });
    expect(await give('leap', 1)).toMatchObject({ status: 409, body: { code: 'transfer_limit' } });
    at('2028-03-01T05:00:00Z');
    expect(await give('leap', 100)).toMatchObject({ status: 202 });
  });
});
