import type { RatingMade } from '@jifen/contracts';
import type { EventStore } from '@jifen/event-store';
import { createPool } from '@jifen/event-store-postgres';
import { instantFromMillis, memberKey, partitionOf } from '@jifen/kernel';
import { bootHost, createKey, type RunningHost, type ServiceDefinition } from '@jifen/service-host';
import { checkAnswersOf, startPostgres, type RunningPostgres } from '@jifen/testing';
import { Module } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { ledgerService } from './ledger.module.ts';

const PARTITIONS = 4;
const DAY = 86_400_000;

@Module({})
class SilentModule {}

let ratings: EventStore<PoolClient>;

/** Owns the rating log; the specs write what rules would. */
const rules: ServiceDefinition = {
  name: 'rules',
  logs: ['rating', 'program'],
  migrations: [],
  create: (context) => {
    ratings = context.store('rating');
    return Promise.resolve({ module: { module: SilentModule }, consumers: [] });
  },
};

/** Owns a log that stays empty. */
const silent = (name: 'tiering' | 'ingestion', log: 'tier' | 'member'): ServiceDefinition => ({
  name,
  logs: [log],
  migrations: [],
  create: () => Promise.resolve({ module: { module: SilentModule }, consumers: [] }),
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

describe('the doors of the ledger', () => {
  let postgres: RunningPostgres;
  let host: RunningHost;
  let demo: string;
  let other: string;

  const get = async (path: string, key = demo): Promise<Answer> => {
    const response = await fetch(host.url + path, { headers: { authorization: `Bearer ${key}` } });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  /** Writes one rating and answers the token of the activity that it stands for. */
  async function rate(member: string, order: string, target: number, availableIn = 0): Promise<string> {
    const key = memberKey('demo', member);
    const partition = partitionOf(key, PARTITIONS);
    const position = await ratings.transact({ partitions: [partition] }, async (tx) => {
      const at = instantFromMillis(tx.now);
      const next = tx.nextPosition(partition);
      const rating: RatingMade = {
        program: 'demo',
        member,
        cause: { source: 'shop', id: order, revision: 1 },
        origin: { partition, position: next },
        programVersion: 1,
        occurredAt: at,
        awards: [
          {
            currency: 'points',
            awardId: `${member}~base~shop~${order}`,
            revision: next,
            target,
            ruleId: 'base',
            ruleVersion: 1,
            availableAt: instantFromMillis(tx.now + availableIn),
          },
        ],
      };
      const stream = `${key}/shop/order/${order}`;
      const last = (await tx.lastOf([stream])).get(stream);
      return tx.append(partition, {
        stream,
        version: (last?.version ?? 0) + 1,
        key,
        type: 'rating.made',
        schemaVersion: 1,
        data: JSON.stringify(rating),
        meta: {},
        occurredAt: at,
        effectiveAt: at,
      }).position;
    });
    return `activity:${partition}-${position}`;
  }

  beforeAll(async () => {
    postgres = await startPostgres({ fsync: false });
    host = await bootHost([rules, ledgerService, silent('tiering', 'tier'), silent('ingestion', 'member')], {
      environment: {},
      databaseUrl: postgres.url,
      port: 0,
      partitions: PARTITIONS,
      logLevel: 'error',
    });
    await checkAnswersOf(host.url);
    const admin = createPool(postgres.url, { max: 1 });
    demo = (await createKey(admin, { program: 'demo', name: 'test' })).key;
    other = (await createKey(admin, { program: 'other', name: 'test' })).key;
    await admin.end();
  }, 120_000);
  afterAll(async () => {
    await host.stop();
    await postgres.stop();
  });

  it('reads a write of its own', async () => {
    const after = await rate('m-1', 'A', 100);
    expect(await get(`/v1/members/m-1/balance?after=${after}`)).toMatchObject({
      status: 200,
      body: {
        member: 'm-1',
        data: [
          { currency: 'points', available: 100, pending: 0, held: 0, debt: 0, net: 100, lapsed: 0, nextExpiry: null },
        ],
      },
    });
    const lower = await rate('m-1', 'A', 60);
    expect(await get(`/v1/members/m-1/statement?after=${lower}&limit=1`)).toMatchObject({
      status: 200,
      body: { data: [{ type: 'points.reversed', points: -40, balance: { available: 60 } }], next: expect.any(String) },
    });
    expect(await get('/v1/members/m-1/lots')).toMatchObject({ body: { data: [{ remaining: 60, state: 'usable' }] } });
  });

  it('hears of activations from the sweeper', async () => {
    const soon = await rate('m-2', 'A', 30, 3_000);
    await rate('m-2', 'B', 5, 9 * DAY);
    expect(await get(`/v1/members/m-2/balance?after=${soon}`)).toMatchObject({
      body: { data: [{ net: expect.anything() }] },
    });
    let types: unknown[] = [];
    for (let tries = 0; tries < 200 && !types.includes('points.activated'); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const { body } = await get('/v1/members/m-2/statement');
      types = (body['data'] as { type: string }[]).map(({ type }) => type);
    }
    expect(types).toContain('points.activated');
    expect(await get('/v1/members/m-2/balance')).toMatchObject({ body: { data: [{ available: 30, pending: 5 }] } });
  }, 60_000);

  it('never shows a member of one program to the key of another', async () => {
    await get(`/v1/members/m-1/balance?after=${await rate('m-1', 'C', 1)}`);
    for (const route of ['balance', 'statement', 'lots']) {
      expect(await get(`/v1/members/m-1/${route}`, other)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });

  it('says where to read why nothing was ever posted, also to who waited for a write', async () => {
    const en =
      'Nothing was ever posted for the member nobody. GET /v1/members/nobody/ratings?explain=true tells which orders and activities came, and why they earned nothing.';
    expect(await get('/v1/members/nobody/balance')).toMatchObject({ status: 404, body: { detail: en } });
    const after = await rate('m-1', 'D', 1);
    const zh = expect.stringMatching(/^会员 nobody 从未入账。/);
    const explained = { status: 200, body: { data: [], explanation: { en, zh } } };
    expect(await get(`/v1/members/nobody/balance?after=${after}`)).toMatchObject(explained);
    expect(await get(`/v1/members/nobody/balance?asOf=2026-01-01T00:00:00Z&after=${after}`)).toMatchObject(explained);
    expect((await get(`/v1/members/m-1/balance?after=${after}`)).body).not.toHaveProperty('explanation');
  });

  it('waits for a token of the rating log too, as decisions about awards answer it', async () => {
    const after = (await rate('m-9', 'A', 40)).replace('activity', 'rating');
    expect(await get(`/v1/members/m-9/balance?after=${after}`)).toMatchObject({
      status: 200,
      body: { data: [{ available: 40 }] },
    });
  });

  it.each([
    ['/v1/members/a%2Fb/balance', 400, 'invalid_request'],
    ['/v1/members/m-1/balance?after=nonsense', 400, 'invalid_request'],
    ['/v1/members/m-1/balance?after=tier:0-1', 400, 'invalid_request'],
    ['/v1/members/m-1/statement?limit=0', 400, 'invalid_request'],
    ['/v1/members/m-1/statement?cursor=bm9uZQ', 400, 'invalid_request'],
    ['/v1/members/m-1/lots?cursor=W10', 400, 'invalid_request'],
    ['/v1/members/m-1/lots?state=some', 400, 'invalid_request'],
    ['/v1/members/nobody/balance', 404, 'not_found'],
  ])('GET %s answers %i %s', async (path, status, code) => {
    expect(await get(path)).toMatchObject({ status, body: { code } });
  });

  it('counts what it does', async () => {
    const text = await (await fetch(`${host.url}/metrics`)).text();
    expect(text).toMatch(/jifen_ledger_postings_total\{[^}]*type="points.earned"[^}]*\} [1-9]/u);
    expect(text).toMatch(/jifen_ledger_decision_seconds_count\{/u);
  });
});
