import { createPool } from '@jifen/event-store-postgres';
import { SCOPES } from '@jifen/service-host';
import { startPostgres } from '@jifen/testing';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { issueKey, startStandalone } from './standalone.ts';
import { fill } from './testing/fill.ts';
import { eventually, paidOrder, refunded, Shop, SHOP_PROGRAM } from './testing/shop.ts';

const START_MS = 120_000;
/** Connections are several, and each keeps plans of its own. */
const ROUNDS = 12;
const MEMBERS = 3;
/** Of each table that grows with members, orders or movements: some hundred pages, and over a hundred of each index. */
const ROWS = 30_000;
/** Pages of 8 KiB that a statement of a flush of one order may look at: its rows, in every index of the tables that it writes. */
const PAGES = 60;

/** Of what an order goes through, in each service; the last is of a redemption. */
const KEPT = [
  /INSERT INTO ingestion\.event/,
  /INSERT INTO rules\.event/,
  /INSERT INTO ledger\.event/,
  /FROM ledger\.shard s WHERE .* FOR UPDATE/s,
  /UPDATE tiering\.shard/,
  /UPDATE notifications\.shard/,
  /FROM unnest\(.*\) AS s \(stream\) CROSS JOIN LATERAL .* FROM rules\.event/s,
  /FROM account WHERE key = ANY/,
  /FROM tier_timeline WHERE owner = ANY/,
  /FROM member_standing WHERE owner = ANY/,
  /UPDATE account x SET/,
  /INTO standing AS s/,
  /INTO granted/,
  /FROM standing WHERE owner = ANY/,
  /INSERT INTO answered/,
];

interface Statement {
  readonly query: string;
  readonly calls: number;
  readonly plans: number;
  /** Looked at by one execution, on the average. */
  readonly pages: number;
}

/** Of the services' roles, what every round asks. */
const STATEMENTS = `
SELECT query, calls, plans, ceil((shared_blks_hit + shared_blks_read)::float8 / greatest(calls, 1))::float8 AS pages
FROM pg_stat_statements WHERE userid::regrole::text LIKE 'jifen\\_%' AND calls >= ${ROUNDS} ORDER BY pages DESC`;

/** Partitions of which tiering or notifications have not read all that the ledger has written. */
const BEHIND = `
SELECT count(*)::int AS behind FROM ledger.shard l
JOIN (SELECT partition, cursors FROM tiering.shard UNION ALL SELECT partition, cursors FROM notifications.shard) r
  USING (partition)
WHERE l.position > coalesce((r.cursors->'jifen.ledger.v1'->>'sequence')::int, 0)`;

/**
 * The worst that can happen to a plan: it is made while the database has just learnt that its tables are empty, and kept when
 * they have grown, since nothing tells the planner (no ANALYZE, no autovacuum).
 */
describe('statements that were planned on empty tables', () => {
  let admin: Pool;
  let shop: Shop;
  const ends: (() => Promise<void>)[] = [];

  /** Sends a record, and waits until all services are done with it, so that each record is a flush of each. */
  const settled = async (member: string, record: unknown): Promise<void> => {
    await shop.sendAndRead(member, 'orders', record);
    const behind = await eventually(
      async () => (await admin.query<{ behind: number }>(BEHIND)).rows[0]?.behind,
      (count) => count === 0,
    );
    expect(behind).toBe(0);
  };
  /** An order, some of its points spent, and some of it returned. */
  const round = async (n: number): Promise<void> => {
    const member = `m-${n % MEMBERS}`;
    const order = paidOrder(member, `o-${n}`, 90);
    await settled(member, order);
    const once = { 'idempotency-key': `spend-${n}` };
    await shop.expect('ledger', 'POST', `/v1/members/${member}/redemptions`, { points: 20 }, once);
    await settled(member, refunded(order, 2, 10));
  };
  const rounds = async (from: number): Promise<void> => {
    for (let n = from; n < from + ROUNDS; n++) await round(n);
  };

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'jifen-plans-'));
    ends.push(() => rm(dataDir, { recursive: true, force: true }));
    // As root the server runs as another user, who has to walk through.
    await chmod(dataDir, 0o711);
    // A server of our own, whatever DATABASE_URL says: its settings are the point.
    const settings = {
      autovacuum: 'off',
      shared_preload_libraries: 'pg_stat_statements',
      'pg_stat_statements.track_planning': 'on',
    };
    const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres'), fsync: false, settings });
    ends.push(() => postgres.stop());
    admin = createPool(postgres.url, { max: 1 });
    ends.push(() => admin.end());
    await admin.query('CREATE EXTENSION pg_stat_statements');
    const running = await startStandalone({
      dataDir: join(dataDir, 'jifen'),
      databaseUrl: postgres.url,
      secretKey: 'a-key-of-the-end-to-end-suite-only-0123456789',
      port: 0,
      logLevel: 'warn',
      environment: { JIFEN_AUDIT_EVENTS_PER_SECOND: '0' },
    });
    ends.push(() => running.stop());
    const key = await issueKey(postgres.url, { program: 'shop', name: 'plans', scopes: SCOPES });
    shop = new Shop(running.urls, key);
    await shop.expect('rules', 'PUT', '/v1/program', SHOP_PROGRAM);
    await shop.expect('rules', 'POST', '/v1/program/publish', { effectiveFrom: '2020-01-01T00:00:00Z' });
    await eventually(
      () => shop.call('tiering', 'GET', '/v1/tiers'),
      ({ status }) => status === 200,
    );
  }, START_MS);
  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  }, START_MS);

  it(
    'keep their plans, and still read no more than their own rows when the tables have grown',
    async () => {
      await admin.query('VACUUM (ANALYZE)');
      await rounds(0);
      await fill(admin, ROWS);
      await admin.query('SELECT pg_stat_statements_reset()');
      await rounds(ROUNDS);
      const { rows } = await admin.query<Statement>(STATEMENTS);
      expect(rows.filter(({ pages }) => pages > PAGES)).toEqual([]);
      const planned = KEPT.map((wanted) => rows.filter(({ query }) => wanted.test(query)));
      expect(KEPT.filter((_, n) => planned[n]?.some(({ calls, plans }) => plans < calls / 2) !== true)).toEqual([]);
    },
    START_MS,
  );
});
