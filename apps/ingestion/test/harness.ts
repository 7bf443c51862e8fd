import type { Order, OrderRecorded } from '@jifen/contracts';
import { createPool, createPostgresEventStore, migrate, type PostgresEventStore } from '@jifen/event-store-postgres';
import { fakeClock, startPostgres, type FakeClock } from '@jifen/testing';
import type { Pool, PoolClient } from 'pg';
import { ingestionMigrations } from '../src/adapters/migrations.ts';
import { createDirectory, postgresTables } from '../src/adapters/tables.ts';
import { accept, type AcceptDependencies, type AcceptOptions } from '../src/application/accept.ts';
import type { Receipt, RecordKind, Via } from '../src/application/submission.ts';

export const NOW = Date.parse('2026-11-22T00:00:00.000Z');
export const PARTITIONS = 16;

export interface Harness extends AcceptDependencies<PoolClient> {
  readonly pool: Pool;
  readonly store: PostgresEventStore;
  readonly memberLog: PostgresEventStore;
  readonly time: FakeClock;
  send(kind: RecordKind, values: readonly unknown[], options?: SendOptions): Promise<readonly Receipt[]>;
  /** Every order's last event. */
  orders(program: string): Promise<readonly OrderRecorded[]>;
  count(table: string): Promise<number>;
  stop(): Promise<void>;
}

export interface SendOptions extends AcceptOptions {
  readonly program?: string;
  readonly via?: Via;
}

const SCOPE = { schema: 'ingestion', role: 'jifen_ingestion' } as const;

/** The ingestion service without its doors, on a PostgreSQL of its own. */
export async function startHarness(): Promise<Harness> {
  const postgres = await startPostgres({ fsync: false });
  const admin = createPool(postgres.url);
  await migrate(admin, { ...SCOPE, migrations: ingestionMigrations });
  await admin.end();
  const pool = createPool(postgres.url, { ...SCOPE, max: 20 });
  const time = fakeClock(NOW);
  const logs = { pool, schema: 'ingestion', partitions: PARTITIONS, clock: time.now };
  const store = createPostgresEventStore({ ...logs, log: 'activity' });
  const dependencies = { store, tables: postgresTables, directory: createDirectory(pool), clock: time.now };
  return {
    ...dependencies,
    memberLog: createPostgresEventStore({ ...logs, log: 'member' }),
    pool,
    time,
    send: (kind, values, { program = 'demo', via = 'http', ...options } = {}) =>
      accept(
        dependencies,
        values.map((value) => ({ kind, program, via, meta: {}, body: JSON.stringify(value) })),
        options,
      ),
    orders: async (program) =>
      (await store.readStreams(`${program}/`, 1000))
        .filter(({ type }) => type === 'order.recorded')
        .map(({ data }) => JSON.parse(data) as OrderRecorded),
    count: async (table) => (await pool.query<{ count: number }>(`SELECT count(*) FROM ${table}`)).rows[0]?.count ?? -1,
    stop: async () => {
      await pool.end();
      await postgres.stop();
    },
  };
}

export const anOrder = (change: Partial<Order> = {}): Order => ({
  member: 'm-1',
  source: 'shop',
  orderId: 'A-1',
  revision: 1,
  status: 'paid',
  occurredAt: '2026-11-20T10:00:00.000Z',
  placedAt: '2026-11-20T09:00:00.000Z',
  currency: 'CNY',
  lines: [{ lineId: '1', sku: 'TEA', quantity: 2, amount: '100.00' }],
  ...change,
});

export const outcomes = (receipts: readonly Receipt[]): readonly string[] =>
  receipts.map((receipt) => (receipt.outcome === 'rejected' ? receipt.problem.code : receipt.outcome));
