import { Controller, Get, Inject, Module, Param, Post, Query } from '@nestjs/common';
import { formatToken } from '@jifen/contracts';
import type { EventStore } from '@jifen/event-store';
import { createPool } from '@jifen/event-store-postgres';
import { instantFromMillis, memberKey, partitionOf, accept } from '@jifen/kernel';
import { createConsumer, ORIGIN_INPUT, TOPIC_OF_LOG } from '@jifen/messaging';
import { startPostgres, type RunningPostgres } from '@jifen/testing';
import type { Pool, PoolClient } from 'pg';
import { createKey, revokeKey } from '../access/keys.ts';
import { PrincipalOf, RequireScope } from '../edge/decorators.ts';
import type { Principal } from '../principal.ts';
import type { ServiceDefinition } from '../service.ts';
import { waitForToken } from '../wait-for-token.ts';
import { bootHost, type RunningHost } from './boot-host.ts';

const STORE = Symbol('STORE');
const POOL = Symbol('POOL');
const PARTITIONS = 4;

@Controller('v1/notes')
class WriteController {
  constructor(@Inject(STORE) private readonly store: EventStore<PoolClient>) {}

  @Post(':member')
  @RequireScope('activity:write')
  async write(@Param('member') member: string, @PrincipalOf() principal: Principal): Promise<unknown> {
    const key = memberKey(principal.program, member);
    const partition = partitionOf(key, PARTITIONS);
    const position = await this.store.transact({ partitions: [partition] }, async (tx) => {
      const stream = `${key}/notes`;
      const last = (await tx.lastOf([stream])).get(stream);
      const at = instantFromMillis(tx.now);
      const event = { type: 'note.written', schemaVersion: 1, data: '{}', meta: {}, occurredAt: at, effectiveAt: at };
      return tx.append(partition, { ...event, stream, key, version: (last?.version ?? 0) + 1 }).position;
    });
    return { position: formatToken({ log: 'activity', positions: new Map([[partition, position]]) }) };
  }
}

@Controller('v1/counts')
class ReadController {
  constructor(
    @Inject(STORE) private readonly store: EventStore<PoolClient>,
    @Inject(POOL) private readonly pool: Pool,
  ) {}

  @Get(':member')
  @RequireScope('balance:read')
  async read(
    @Param('member') member: string,
    @Query('after') after: string | undefined,
    @PrincipalOf() principal: Principal,
  ): Promise<unknown> {
    await waitForToken({ store: this.store, token: after, input: ORIGIN_INPUT, clock: Date.now });
    const key = memberKey(principal.program, member);
    const { rows } = await this.pool.query<{ n: number }>('SELECT n FROM note_count WHERE key = $1', [key]);
    return { count: rows[0]?.n ?? 0 };
  }
}

@Module({})
class WriteModule {}
@Module({})
class ReadModule {}

const writer: ServiceDefinition = {
  name: 'ingestion',
  logs: ['activity'],
  migrations: [],
  create: (context) =>
    Promise.resolve({
      module: {
        module: WriteModule,
        controllers: [WriteController],
        providers: [{ provide: STORE, useValue: context.store('activity') }],
      },
      consumers: [],
    }),
};

const reader: ServiceDefinition = {
  name: 'ledger',
  logs: ['ledger'],
  migrations: [{ id: '0001-count', sql: 'CREATE TABLE note_count (key text PRIMARY KEY, n integer NOT NULL)' }],
  create: (context) => {
    const store = context.store('ledger') as EventStore<PoolClient>;
    const consumer = createConsumer<PoolClient, string>({
      group: 'ledger',
      topics: [TOPIC_OF_LOG.activity],
      store,
      decode: (message) => accept(message.key),
      apply: async (tx, items) => {
        for (const { item, message } of items) {
          await tx.sql.query(
            'INSERT INTO note_count VALUES ($1, 1) ON CONFLICT (key) DO UPDATE SET n = note_count.n + 1',
            [item],
          );
          tx.advance(message.partition, ORIGIN_INPUT, { offset: message.offset + 1, sequence: message.offset });
        }
        return [];
      },
    });
    return Promise.resolve({
      module: {
        module: ReadModule,
        controllers: [ReadController],
        providers: [
          { provide: STORE, useValue: store },
          { provide: POOL, useValue: context.pool },
        ],
      },
      consumers: [consumer],
    });
  },
};

describe('bootHost', () => {
  let database: RunningPostgres;
  let admin: Pool;
  let host: RunningHost;
  let key: string;
  let keyId: string;

  const options = () => ({
    environment: {},
    databaseUrl: database.url,
    port: 0,
    partitions: PARTITIONS,
    logLevel: 'error',
  });
  const call = async (
    method: string,
    path: string,
    as = key,
  ): Promise<{ status: number; body: Record<string, unknown> }> => {
    const response = await fetch(host.url + path, { method, headers: { authorization: `Bearer ${as}` } });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  beforeAll(async () => {
    database = await startPostgres({ fsync: false });
    host = await bootHost([writer, reader], options());
    admin = createPool(database.url, { max: 1 });
    const created = await createKey(admin, { program: 'shop', name: 'test' });
    key = created.key;
    keyId = created.info.id;
  }, 120_000);
  afterAll(async () => {
    await host.stop();
    await admin.end();
    await database.stop();
  });

  it('carries what one service writes to the consumer of another, and lets a reader wait for it', async () => {
    for (let n = 1; n <= 5; n++) {
      const written = await call('POST', '/v1/notes/m-1');
      expect(written.status).toBe(201);
      const read = await call('GET', `/v1/counts/m-1?after=${String(written.body['position'])}`);
      expect(read.body).toEqual({ count: n });
    }
  });

  it('answers 400 for a token of something else', async () => {
    expect((await call('GET', '/v1/counts/m-1?after=nonsense')).status).toBe(400);
    expect((await call('GET', '/v1/counts/m-1?after=activity:99-1')).status).toBe(400);
  });

  it('answers 504 with what it has seen when a token is not reached', async () => {
    const answer = await call('GET', '/v1/counts/m-1?after=activity:0-999999');
    expect(answer).toMatchObject({ status: 504, body: { code: 'not_caught_up' } });
    expect(answer.body['detail']).toContain('of 999999');
  }, 20_000);

  it('is healthy, ready, and tells its lag and its version', async () => {
    expect(await call('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await call('GET', '/readyz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await call('GET', '/version')).toMatchObject({ body: { bus: 'embedded', partitions: PARTITIONS } });
    const metrics = await (await fetch(`${host.url}/metrics`)).text();
    expect(metrics).toMatch(/jifen_consumer_lag\{[^}]*topic="jifen.activity.v1"[^}]*\} 0/);
    expect(metrics).toMatch(/jifen_flush_messages_count\{[^}]*service="ledger"/);
    expect(metrics).toMatch(/jifen_dead_letters\{service="ingestion"\} 0/);
    expect(metrics).toMatch(/jifen_flush_failures_total\{[^}]*group="ledger"[^}]*\} 0/);
    expect(metrics).toMatch(/jifen_pool_connections\{[^}]*state="waiting"/);
  });

  it('keeps the hash of a key, not the key, and forgets a revoked one within five seconds', async () => {
    const { key: other, info } = await createKey(admin, { program: 'shop', name: 'other', scopes: ['balance:read'] });
    const secret = other.split('_')[2] ?? '';
    const { rows } = await admin.query('SELECT * FROM access.api_key WHERE id = $1', [info.id]);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect((await call('GET', '/v1/counts/m-1', other)).status).toBe(200);
    expect((await call('POST', '/v1/notes/m-1', other)).status).toBe(403);
    expect(await revokeKey(admin, info.id)).toBe(true);
    expect(await revokeKey(admin, info.id)).toBe(false);
    const deadline = Date.now() + 5_000;
    let status = 200;
    while (status === 200 && Date.now() < deadline) {
      status = (await call('GET', '/v1/counts/m-1', other)).status;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(status).toBe(401);
    expect((await call('GET', '/v1/counts/m-1', `jf_${keyId}_${'x'.repeat(43)}`)).status).toBe(401);
  }, 20_000);

  it('refuses another partition count than the deployment was made with', async () => {
    await expect(bootHost([writer], { ...options(), partitions: 8 })).rejects.toThrow(/partitions/);
  });

  it('answers every request that it took before it stopped', async () => {
    const second = await bootHost([writer], options());
    const answers = Array.from({ length: 50 }, (_, n) =>
      fetch(`${second.url}/v1/notes/drain-${n}`, { method: 'POST', headers: { authorization: `Bearer ${key}` } }).then(
        (response) => response.status,
        () => 0,
      ),
    );
    const [, ...statuses] = await Promise.all([second.stop(), ...answers]);
    const written = statuses.filter((status) => status === 201).length;
    const { rows } = await admin.query<{ n: number }>(
      "SELECT count(*) AS n FROM ingestion.event WHERE stream LIKE 'shop/drain-%'",
    );
    expect(Number(rows[0]?.n)).toBeGreaterThanOrEqual(written);
    expect(statuses.every((status) => [201, 0, 503].includes(status))).toBe(true);
  });

  it('waits a bounded time for a database that is not there, and says so', async () => {
    const lines: string[] = [];
    const nobody = {
      ...options(),
      databaseUrl: 'postgres://jifen@127.0.0.1:1/jifen',
      startWaitMs: 400,
      logLevel: 'warn',
      logDestination: { write: (line: string) => void lines.push(line) },
    };
    await expect(bootHost([writer], nobody)).rejects.toThrow('ECONNREFUSED');
    expect(lines.join('')).toContain('the database is not there yet, trying again');
  });
});
