import { startPostgres, type RunningPostgres } from '@jifen/testing';
import type { Pool } from 'pg';
import { createPool, grantLogReading, migrate, MigrationError, type Migration } from './index.ts';
import { STORE_MIGRATIONS } from './store-migrations.ts';

let postgres: RunningPostgres;
let admin: Pool;

beforeAll(async () => {
  postgres = await startPostgres({ fsync: false });
  admin = createPool(postgres.url);
});
afterAll(async () => {
  await admin.end();
  await postgres.stop();
});

const run = (schema: string, migrations: readonly Migration[]): Promise<readonly string[]> =>
  migrate(admin, { schema, role: `jifen_${schema}`, migrations });
const account = { id: '0001-account', sql: 'CREATE TABLE account (member text PRIMARY KEY, points bigint)' };

describe('migrate', () => {
  it('runs each step once, the store first, also when two processes start together', async () => {
    const ran = await Promise.all([run('once', [account]), run('once', [account])]);
    expect(ran.map((ids) => ids.length).sort()).toEqual([0, STORE_MIGRATIONS.length + 1]);
    expect(ran.flat()).toEqual([...STORE_MIGRATIONS.map(({ id }) => id), '0001-account']);
    expect(await run('once', [account])).toEqual([]);
    const more = { id: '0002-more', sql: 'ALTER TABLE account ADD COLUMN held bigint' };
    expect(await run('once', [account, more])).toEqual(['0002-more']);
  });

  it('refuses a step that was edited after it ran', async () => {
    await run('edited', [account]);
    await expect(run('edited', [{ ...account, sql: `${account.sql} ` }])).rejects.toThrow(MigrationError);
  });

  it('leaves nothing of a step that fails, and the next try starts there', async () => {
    const broken = { id: '0002-broken', sql: 'CREATE TABLE half (n int); SELECT 1 / 0' };
    await expect(run('broken', [account, broken])).rejects.toThrow(/0002-broken failed.*division by zero/);
    expect(await run('broken', [account, { ...broken, sql: 'CREATE TABLE half (n int)' }])).toEqual(['0002-broken']);
  });

  it('and grants to readers do not trip over each other when many processes start', async () => {
    await run('busy', []);
    await run('reader', []);
    const grants = [...Array(12).keys()].map((each) =>
      each % 3 === 0 ? run('busy', []) : grantLogReading(admin, { schema: 'busy', role: 'jifen_reader' }),
    );
    expect((await Promise.allSettled(grants)).filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  it('takes plain names only', async () => {
    await expect(run('a; DROP SCHEMA b', [])).rejects.toThrow(/not a plain name/);
  });
});

describe("the service's role", () => {
  let pool: Pool;
  beforeAll(async () => {
    await run('own', [account]);
    await run('strange', []);
    pool = createPool(postgres.url, { schema: 'own', role: 'jifen_own' });
    await pool.query(`INSERT INTO event VALUES ('l', 0, 1, 's', 1, 'k', 't', 1, '{}', '{}', now(), now(), now(), '')`);
  });
  afterAll(() => pool.end());

  it('is the one that connections act as, whatever options the URL brings', async () => {
    const url = new URL(postgres.url);
    url.searchParams.set('options', '-c work_mem=8MB');
    const joined = createPool(url.href, { schema: 'own', role: 'jifen_own' });
    const settings = `SELECT current_user AS "user", current_schema AS schema, current_setting('work_mem') AS memory,
      current_setting('plan_cache_mode') AS plans, current_setting('TimeZone') AS zone`;
    expect((await joined.query(settings)).rows).toEqual([
      { user: 'jifen_own', schema: 'own', memory: '8MB', plans: 'force_custom_plan', zone: 'UTC' },
    ]);
    await joined.end();
  });

  it('works on its own tables, and numbers come as numbers', async () => {
    await pool.query(`INSERT INTO account VALUES ('m-1', 9007199254740991)`);
    expect((await pool.query('SELECT points FROM account')).rows).toEqual([{ points: Number.MAX_SAFE_INTEGER }]);
    await pool.query('UPDATE account SET points = points + 1');
    await expect(pool.query('SELECT points FROM account')).rejects.toThrow(/safe integers/);
    await pool.query('DELETE FROM account');
  });

  it.each(['UPDATE event SET data = data', 'DELETE FROM event', 'TRUNCATE event'])(
    'cannot %s, and neither can the owner',
    async (sql) => {
      await expect(pool.query(sql)).rejects.toThrow(/permission denied/);
      await expect(admin.query(sql.replace('event', 'own.event'))).rejects.toThrow(/append-only/);
    },
  );

  it.each([
    'ALTER TABLE event DISABLE TRIGGER ALL',
    'DROP TRIGGER event_append_only ON event',
    `UPDATE migration SET checksum = ''`,
    'SELECT * FROM strange.event',
    'CREATE TABLE mine (n int)',
  ])('cannot %s', async (sql) => {
    await expect(pool.query(sql)).rejects.toThrow(/permission denied|must be owner/);
  });
});
