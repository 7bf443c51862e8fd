import type { EventStore } from '@jifen/event-store';
import { createPool } from '@jifen/event-store-postgres';
import { instantFromMillis } from '@jifen/kernel';
import { bootHost, createKey, type RunningHost, type ServiceDefinition } from '@jifen/service-host';
import { checkAnswersOf, startPostgres, type RunningPostgres } from '@jifen/testing';
import { Module } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { ledgerService } from './ledger.module.ts';

@Module({})
class SilentModule {}

let programs: EventStore<PoolClient>;

const silent = (name: 'rules' | 'tiering' | 'ingestion', logs: ServiceDefinition['logs']): ServiceDefinition => ({
  name,
  logs,
  migrations: [],
  create: (context) => {
    if (name === 'rules') programs = context.store('program');
    return Promise.resolve({ module: { module: SilentModule }, consumers: [] });
  },
});

const DOCUMENT = {
  name: { en: 'Demo', zh: '示例' },
  timeZone: 'Asia/Shanghai',
  moneyCurrency: 'CNY',
  currencies: [
    { code: 'points', decimals: 0 },
    { code: 'growth', decimals: 0 },
  ],
  rules: [],
  redemption: [{ currency: 'points', points: 100, money: '1.00', minimumPoints: 100, maximumShare: '0.5' }],
  holds: { maximumSeconds: 3_600 },
  transfers: { currencies: ['points'], maximumPoints: 1_000 },
};

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

describe('commands over HTTP', () => {
  let postgres: RunningPostgres;
  let host: RunningHost;
  const keys: Record<string, string> = {};
  let sent = 0;

  const call = async (
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(host.url + path, {
      method,
      headers: {
        authorization: `Bearer ${keys['demo'] ?? ''}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
  };
  const post = (path: string, body: object, key = `k-${++sent}`): Promise<Answer> =>
    call('POST', path, body, { 'idempotency-key': key });
  const give = (member: string, points: number): Promise<Answer> =>
    post(`/v1/members/${member}/adjustments`, { currency: 'points', points, reason: 'goodwill', actor: 'test' });
  const idIn = (answer: Answer, what: string): string => (answer.body[what] as { id: string }).id;

  beforeAll(async () => {
    postgres = await startPostgres({ fsync: false });
    const others = [
      silent('rules', ['rating', 'program']),
      silent('tiering', ['tier']),
      silent('ingestion', ['member']),
    ];
    host = await bootHost([...others, ledgerService], {
      environment: {},
      databaseUrl: postgres.url,
      port: 0,
      partitions: 4,
      logLevel: 'error',
    });
    await checkAnswersOf(host.url);
    const admin = createPool(postgres.url, { max: 1 });
    keys['demo'] = (await createKey(admin, { program: 'demo', name: 'test' })).key;
    keys['other'] = (await createKey(admin, { program: 'other', name: 'test' })).key;
    keys['spend'] = (await createKey(admin, { program: 'demo', name: 'till', scopes: ['points:spend'] })).key;
    await admin.end();
    await programs.transact({ partitions: [0] }, (tx) => {
      const at = instantFromMillis(tx.now);
      const published = { program: 'demo', version: 1, effectiveFrom: at, publishedBy: 'test', document: DOCUMENT };
      tx.append(0, {
        stream: 'demo/program',
        version: 1,
        key: 'demo',
        type: 'program.published',
        schemaVersion: 1,
        data: JSON.stringify(published),
        meta: {},
        occurredAt: at,
        effectiveAt: at,
      });
      return Promise.resolve();
    });
    // Until the policy has come through.
    for (let status = 0, tries = 0; status !== 200; tries++) {
      if (tries > 600) throw new Error('the program never arrived');
      ({ status } = await call('GET', '/v1/members/anybody/redemption-quote?order=1.00'));
      if (status !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }, 120_000);
  afterAll(async () => {
    await host.stop();
    await postgres.stop();
  });

  it('a till asks for a quote, holds, captures a part, and gives it back; each answer reads its own write', async () => {
    await give('till', 10_000);
    expect(await call('GET', '/v1/members/till/redemption-quote?order=129.90')).toMatchObject({
      status: 200,
      body: { available: 10_000, points: 6_495, money: '64.95', toPay: '64.95', limitedBy: 'maximum' },
    });
    const held = await post('/v1/members/till/holds', { order: { amount: '129.90' }, reference: 'shop:7' });
    expect(held).toMatchObject({
      status: 201,
      body: { hold: { points: 6_495, state: 'open' }, balance: { held: 6_495 } },
    });
    const hold = idIn(held, 'hold');
    expect(await call('GET', `/v1/holds/${hold}`)).toMatchObject({ status: 200, body: { id: hold, member: 'till' } });
    const captured = await post(`/v1/holds/${hold}/capture`, { points: 5_000 });
    expect(captured).toMatchObject({
      status: 201,
      body: { redemption: { points: 5_000, money: '50.00' }, balance: { available: 5_000, held: 0 } },
    });
    const redemption = idIn(captured, 'redemption');
    const reversed = await post(`/v1/redemptions/${redemption}/reverse`, { points: 2_000 });
    expect(reversed).toMatchObject({ status: 200, body: { redemption: { reversed: 2_000 } } });
    const after = String(reversed.body['position']);
    expect(await call('GET', `/v1/members/till/balance?after=${after}`)).toMatchObject({
      body: { data: [{ currency: 'points', available: 7_000 }] },
    });
    expect(await call('GET', `/v1/redemptions/${redemption}`)).toMatchObject({
      body: { points: 5_000, reversed: 2_000 },
    });
  });

  it('U17: 50 parallel posts with one key have one effect and 50 equal answers, all but one marked', async () => {
    await give('same', 1_000);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => post('/v1/members/same/redemptions', { points: 300 }, 'one-key')),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true').length).toBe(49);
    expect(await call('GET', '/v1/members/same/balance')).toMatchObject({ body: { data: [{ available: 700 }] } });
  });

  it('U19: of 50 parallel redemptions those that fit win; the others get 409 with the real balance', async () => {
    await give('race', 1_000);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => post('/v1/members/race/redemptions', { points: 300 })),
    );
    expect(answers.filter(({ status }) => status === 201).length).toBe(3);
    const lost = answers.filter(({ status }) => status !== 201);
    expect(
      new Set(lost.map(({ status, body }) => `${status} ${String(body['code'])} ${String(body['available'])}`)),
    ).toEqual(new Set(['409 insufficient_points 100']));
  });

  it('a part of a hold is captured and the rest kept, a debit may become debt, and a credit may have to wait', async () => {
    await give('rest', 1_000);
    const hold = idIn(await post('/v1/members/rest/holds', { points: 900 }), 'hold');
    const part = (points: number) => post(`/v1/holds/${hold}/capture`, { points, rest: 'keep' });
    expect(await part(300)).toMatchObject({ status: 201, body: { hold: { state: 'open', remaining: 600 } } });
    expect(await part(200)).toMatchObject({ body: { balance: { available: 100, held: 400 } } });
    expect(await part(401)).toMatchObject({ status: 409, body: { code: 'exceeds_hold', held: 400 } });
    expect(await post(`/v1/holds/${hold}/capture`, {})).toMatchObject({
      body: { balance: { available: 100, held: 0 } },
    });

    const by = { currency: 'points', reason: 'correction', actor: 'test' };
    const debit = { ...by, points: -150, beyond: 'debt' };
    expect(await post('/v1/members/rest/adjustments', debit)).toMatchObject({
      status: 200,
      body: { balance: { available: 0, debt: 50, net: -50 } },
    });
    const credit = { ...by, points: 80, availableAt: '2999-01-01T00:00:00Z' };
    expect(await post('/v1/members/rest/adjustments', credit)).toMatchObject({
      body: { balance: { available: 0, pending: 30, debt: 0 } },
    });
  });

  it('a transfer answers 202 and arrives', async () => {
    await give('from', 500);
    const answer = await post('/v1/transfers', { from: 'from', to: 'to', points: 200 });
    expect(answer).toMatchObject({
      status: 202,
      body: { transfer: { state: 'in-flight' }, balance: { available: 300 } },
    });
    const id = idIn(answer, 'transfer');
    let state: unknown;
    for (let tries = 0; tries < 400 && state !== 'settled'; tries++) {
      state = (await call('GET', `/v1/transfers/${id}`)).body['state'];
      if (state !== 'settled') await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(state).toBe('settled');
    expect(await call('GET', '/v1/members/to/balance')).toMatchObject({ body: { data: [{ available: 200 }] } });
  }, 30_000);

  it('a key does only what its scopes say, and sees nothing of another program', async () => {
    await give('scoped', 500);
    const till = { authorization: `Bearer ${keys['spend'] ?? ''}`, 'idempotency-key': 'till-1' };
    const redemption = await call('POST', '/v1/members/scoped/redemptions', { points: 100 }, till);
    expect(redemption.status).toBe(201);
    const adjust = { currency: 'points', points: 1, reason: 'goodwill', actor: 'x' };
    for (const [path, body] of [
      ['/v1/members/scoped/adjustments', adjust],
      ['/v1/members/scoped/freeze', { reason: 'fraud', actor: 'x' }],
      ['/v1/members/scoped/merge', { into: 'y', actor: 'x' }],
      ['/v1/transfers', { from: 'scoped', to: 'y', points: 1 }],
    ] as const) {
      expect(await call('POST', path, body, till)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    const other = { authorization: `Bearer ${keys['other'] ?? ''}`, 'idempotency-key': 'o-1' };
    const id = idIn(redemption, 'redemption');
    expect(await call('GET', `/v1/redemptions/${id}`, undefined, other)).toMatchObject({ status: 404 });
    expect(await call('POST', `/v1/redemptions/${id}/reverse`, {}, other)).toMatchObject({
      status: 404,
      body: { code: 'unknown_redemption' },
    });
  });

  describe('refusals', () => {
    const by = { actor: 'test' };
    const adjust = { currency: 'points', points: 5, reason: 'goodwill', ...by };
    beforeAll(async () => {
      await give('poor', 500);
      await give('frozen', 500);
      await post('/v1/members/frozen/freeze', { reason: 'fraud', ...by });
      await post('/v1/members/poor/redemptions', { points: 100 }, 'used');
      await give('gone', 500);
      await post('/v1/members/gone/merge', { into: 'kept', ...by });
    });

    const cases: readonly (readonly [string, string, object, number, string, string?])[] = [
      ['no body', '/v1/members/poor/redemptions', {}, 400, 'invalid_request'],
      ['no points', '/v1/members/poor/redemptions', { points: 0 }, 400, 'invalid_request'],
      ['half a point', '/v1/members/poor/redemptions', { points: 1.5 }, 400, 'invalid_request'],
      ['an unknown field', '/v1/members/poor/redemptions', { points: 100, colour: 'red' }, 400, 'invalid_request'],
      [
        'an amount in dollars',
        '/v1/members/poor/redemptions',
        { order: { amount: '9.00', currency: 'USD' } },
        400,
        'invalid_request',
      ],
      ['thousandths', '/v1/members/poor/redemptions', { order: { amount: '9.001' } }, 400, 'invalid_request'],
      [
        'a currency of no program',
        '/v1/members/poor/redemptions',
        { points: 100, currency: 'stars' },
        400,
        'invalid_request',
      ],
      ['growth points', '/v1/members/poor/redemptions', { points: 100, currency: 'growth' }, 422, 'not_redeemable'],
      ['too few', '/v1/members/poor/redemptions', { points: 99 }, 422, 'below_minimum'],
      [
        'too much of the order',
        '/v1/members/poor/redemptions',
        { points: 200, order: { amount: '3.00' } },
        422,
        'above_maximum',
      ],
      ['more than there is', '/v1/members/poor/redemptions', { points: 401 }, 409, 'insufficient_points'],
      ['nothing there', '/v1/members/nobody/redemptions', { points: 100 }, 409, 'insufficient_points'],
      ['a frozen account', '/v1/members/frozen/redemptions', { points: 100 }, 409, 'account_frozen'],
      ['a merged member', '/v1/members/gone/redemptions', { points: 100 }, 409, 'member_merged'],
      ['the key of another body', '/v1/members/poor/redemptions', { points: 101 }, 422, 'idempotency_conflict', 'used'],
      ['the key of another route', '/v1/members/poor/holds', { points: 100 }, 422, 'idempotency_conflict', 'used'],
      [
        'a key that is too long',
        '/v1/members/poor/redemptions',
        { points: 100 },
        400,
        'invalid_request',
        'x'.repeat(256),
      ],
      ['a hold for too long', '/v1/members/poor/holds', { points: 100, ttlSeconds: 3_601 }, 400, 'invalid_request'],
      ['no such hold', '/v1/holds/hd-0-none/capture', {}, 404, 'unknown_hold'],
      ['no such hold', '/v1/holds/hd-0-none/release', {}, 404, 'unknown_hold'],
      ['no such redemption', '/v1/redemptions/rd-0-none/reverse', {}, 404, 'unknown_redemption'],
      ['a gift to oneself', '/v1/transfers', { from: 'poor', to: 'poor', points: 1 }, 422, 'same_member'],
      ['too large a gift', '/v1/transfers', { from: 'poor', to: 'x', points: 1_001 }, 422, 'above_maximum'],
      [
        'a gift of growth',
        '/v1/transfers',
        { from: 'poor', to: 'x', points: 1, currency: 'growth' },
        422,
        'transfer_not_allowed',
      ],
      ['an adjustment of nothing', '/v1/members/poor/adjustments', { ...adjust, points: 0 }, 400, 'invalid_request'],
      [
        'an adjustment for no reason',
        '/v1/members/poor/adjustments',
        { ...adjust, reason: 'fun' },
        400,
        'invalid_request',
      ],
      [
        'an adjustment beyond reason',
        '/v1/members/poor/adjustments',
        { ...adjust, points: -9_999, beyond: 'all' },
        400,
        'invalid_request',
      ],
      ['an adjustment by nobody', '/v1/members/poor/adjustments', { ...adjust, actor: '' }, 400, 'invalid_request'],
      [
        'an adjustment below zero',
        '/v1/members/poor/adjustments',
        { ...adjust, points: -9_999 },
        409,
        'insufficient_points',
      ],
      [
        'a past expiry',
        '/v1/members/poor/adjustments',
        { ...adjust, expiresAt: '2020-01-01T00:00:00Z' },
        422,
        'already_expired',
      ],
      [
        'an extension of no lot',
        '/v1/members/poor/expiry-extensions',
        { currency: 'points', lots: ['none#0'], expiresAt: '2099-01-01T00:00:00Z', ...by },
        404,
        'unknown_lot',
      ],
      [
        'a reinstatement of nothing',
        '/v1/members/poor/reinstatements',
        { currency: 'points', expiresAt: '2099-01-01T00:00:00Z', ...by },
        409,
        'nothing_to_change',
      ],
      ['a merge with oneself', '/v1/members/poor/merge', { into: 'poor', ...by }, 422, 'same_member'],
      ['an unmerge of nothing', '/v1/members/poor/unmerge', { merge: 'mg-0-none', ...by }, 409, 'not_merged'],
    ];
    // A missing last value would be taken for a callback.
    it.each(cases.map(([name, path, body, status, code, key = '']) => [name, path, body, status, code, key] as const))(
      '%s: POST %s %j answers %i %s',
      async (_, path, body, status, code, key) => {
        expect(await post(path, body, key === '' ? undefined : key)).toMatchObject({ status, body: { code } });
      },
    );

    it('a command without a key is told so', async () => {
      expect(await call('POST', '/v1/members/poor/redemptions', { points: 100 })).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', errors: [{ pointer: '/headers/idempotency-key' }] },
      });
    });
  });

  it('counts commands by outcome, and shows what waits', async () => {
    const text = await (await fetch(`${host.url}/metrics`)).text();
    expect(text).toMatch(
      /jifen_ledger_commands_total\{[^}]*kind="redeem"[^}]*outcome="insufficient_points"[^}]*\} [1-9]/,
    );
    for (const name of ['due_accounts', 'due_age_seconds', 'transfers_in_flight', 'commands_queued'])
      expect(text).toMatch(new RegExp(`jifen_ledger_${name}\\{[^}]*\\} \\d`));
  });
});
