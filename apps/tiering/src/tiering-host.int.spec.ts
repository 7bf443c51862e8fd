import type { LedgerEntry } from '@jifen/contracts';
import type { EventStore } from '@jifen/event-store';
import { createPool } from '@jifen/event-store-postgres';
import { instant, memberKey, partitionOf } from '@jifen/kernel';
import type { LogName } from '@jifen/messaging';
import { bootHost, createKey, type RunningHost, type ServiceDefinition, type ServiceName } from '@jifen/service-host';
import { checkAnswersOf, startPostgres, type RunningPostgres } from '@jifen/testing';
import { referenceDocument } from '@jifen/tiering';
import { Module } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { tieringService } from './index.ts';

const PARTITIONS = 4;
const PROGRAM = 'demo';

@Module({})
class StubModule {}

/** Another service as far as tiering sees it: its log. */
function logOf(
  name: ServiceName,
  log: LogName,
): { definition: ServiceDefinition; store: () => EventStore<PoolClient> } {
  let store: EventStore<PoolClient> | undefined;
  const definition: ServiceDefinition = {
    name,
    logs: [log],
    migrations: [],
    create: (context) => {
      store = context.store(log);
      return Promise.resolve({ module: { module: StubModule }, consumers: [] });
    },
  };
  return {
    definition,
    store: () => {
      if (store === undefined) throw new Error(`${name} is not booted`);
      return store;
    },
  };
}

const at = instant('2026-03-01T08:00:00.000Z');

async function write(store: EventStore<PoolClient>, key: string, type: string, data: object): Promise<void> {
  const partition = partitionOf(key, PARTITIONS);
  await store.transact({ partitions: [partition] }, (tx) => {
    const stream = `${key}/${tx.nextPosition(partition)}`;
    const text = JSON.stringify(data);
    const times = { occurredAt: at, effectiveAt: at };
    tx.append(partition, { stream, version: 1, key, type, schemaVersion: 1, data: text, meta: {}, ...times });
    return Promise.resolve();
  });
}

describe('tiering behind its host', () => {
  const ingestion = logOf('ingestion', 'activity');
  const ledger = logOf('ledger', 'ledger');
  const rules = logOf('rules', 'program');
  let postgres: RunningPostgres;
  let host: RunningHost;
  const keys = new Map<string, string>();

  const get = async (path: string, program = PROGRAM): Promise<{ status: number; body: Record<string, unknown> }> => {
    const response = await fetch(host.url + path, { headers: { authorization: `Bearer ${keys.get(program)}` } });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  beforeAll(async () => {
    postgres = await startPostgres({ fsync: false });
    host = await bootHost([ingestion.definition, ledger.definition, rules.definition, tieringService], {
      environment: {},
      databaseUrl: postgres.url,
      port: 0,
      partitions: PARTITIONS,
      logLevel: 'error',
    });
    await checkAnswersOf(host.url);
    const admin = createPool(postgres.url, { max: 1 });
    for (const program of [PROGRAM, 'other'])
      keys.set(program, (await createKey(admin, { program, name: 'test', scopes: ['tier:read', 'tier:assign'] })).key);
    const reader = { program: PROGRAM, name: 'reader', scopes: ['tier:read'] } as const;
    keys.set('reader', (await createKey(admin, reader)).key);
    await admin.end();
    const published = { program: PROGRAM, version: 1, effectiveFrom: at, publishedBy: 'operator' };
    await write(rules.store(), PROGRAM, 'program.published', { ...published, document: referenceDocument });
  }, 120_000);

  afterAll(async () => {
    await host.stop();
    await postgres.stop();
  });

  it('tells a member’s tier as soon as the token’s order has come through, and to no other program', async () => {
    const key = memberKey(PROGRAM, 'm-1');
    const origin = { partition: partitionOf(key, PARTITIONS), position: 7 };
    const entry: LedgerEntry = {
      ...{ program: PROGRAM, member: 'm-1', currency: 'points', points: 6_000, lots: [], reason: 'earn' },
      ...{ award: 'm-1~spend~shop~A-1', revision: 1, granted: 6_000, earnedAt: at, origin },
      balance: { available: 6_000, pending: 0, held: 0, debt: 0 },
    };
    const reading = get(`/v1/members/m-1/tier?after=activity:${origin.partition}-${origin.position}`);
    await write(ledger.store(), key, 'points.earned', entry);
    const { status, body } = await reading;
    expect(status).toBe(200);
    expect(body).toMatchObject({ tier: { code: 'silver' }, since: at, next: { tier: 'gold', points: 14_000 } });
    expect((await get('/v1/members/m-1/tier', 'other')).status).toBe(404);
  });

  it('shows the ladder in force', async () => {
    const { body } = await get('/v1/tiers');
    expect(body).toMatchObject({ programVersion: 1, currency: 'points', basis: 'lifetime-points' });
    expect((body['tiers'] as readonly { threshold: number }[]).map(({ threshold }) => threshold)).toEqual([
      0, 5_000, 20_000, 50_000, 100_000,
    ]);
  });

  it('gives a tier by hand, which its own token waits for, and takes it back', async () => {
    const call = async (method: string, path: string, body?: object, key = PROGRAM) => {
      const headers = { authorization: `Bearer ${keys.get(key)}`, 'content-type': 'application/json' };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${host.url}/v1/members/m-9/tier${path}`, { method, headers, ...sent });
      return { status: response.status, body: (await response.json()) as Record<string, string> };
    };
    const gold = { tier: 'gold', until: '2099-01-01T00:00:00Z', reason: 'goodwill' };
    expect(await call('PUT', '', gold, 'reader')).toMatchObject({ status: 403 });
    expect(await call('PUT', '', { tier: 'gold' })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
    const given = await call('PUT', '', gold);
    expect(given).toMatchObject({ status: 200, body: { member: 'm-9' } });
    const { body } = await get(`/v1/members/m-9/tier?after=${given.body['position']}`);
    expect(body).toMatchObject({ tier: { code: 'gold' }, until: '2099-01-01T00:00:00.000Z', projected: 'bronze' });
    expect(await call('PUT', '', gold)).toEqual({ status: 200, body: { member: 'm-9' } });
    expect(await call('DELETE', '')).toMatchObject({ status: 400 });
    expect(await call('DELETE', '?reason=mistake')).toMatchObject({ status: 200 });
    expect((await get('/v1/members/m-9/tier')).body).toMatchObject({ tier: { code: 'bronze' } });
  });

  it('Q34: lists where all members of the key’s program stand, by pages of one moment', async () => {
    const first = await get('/v1/standings?limit=1');
    expect(first).toMatchObject({ status: 200, body: { program: PROGRAM, members: 2 } });
    const second = await get(`/v1/standings?limit=1&cursor=${String(first.body['next'])}`, 'reader');
    expect(second.body).toMatchObject({ asOf: first.body['asOf'], next: null, data: [{ member: 'm-9' }] });
    const single = await get(`/v1/members/m-1/tier?asOf=${String(first.body['asOf'])}`);
    expect(single.body).toMatchObject((first.body['data'] as readonly object[])[0] ?? {});
    expect((await get('/v1/standings', 'other')).status).toBe(404);
    for (const [wrong, pointer] of [
      ['asOf=yesterday', '/asOf'],
      ['limit=201', '/limit'],
      ['cursor=nonsense', '/cursor'],
    ])
      expect((await get(`/v1/standings?${wrong}`)).body).toMatchObject({
        code: 'invalid_request',
        errors: [{ pointer }],
      });
  });

  it('refuses what is no member and what is no token', async () => {
    expect((await get('/v1/members/a%20b/tier')).body).toMatchObject({ code: 'invalid_request' });
    expect((await get('/v1/members/m-1/tier?asOf=yesterday')).body).toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer: '/asOf' }],
    });
    expect((await get('/v1/members/m-1/tier?after=nonsense')).body).toMatchObject({ code: 'invalid_request' });
  });
});
