import { createPool, MAX_THREADS, usualThreads } from '@jifen/event-store-postgres';
import { startPostgres, type RunningPostgres } from '@jifen/testing';
import type { Pool } from 'pg';
import type { Invocation } from './command.ts';
import { threadsFor } from './workers.ts';

let database: RunningPostgres;
let pool: Pool;

const invocation = (workers: string | undefined): Invocation => ({
  values: workers === undefined ? {} : { workers },
  ...{ positionals: [], json: false, dataDir: '' },
  databaseUrl: () => Promise.resolve(database.url),
  answer: () => undefined,
  progress: () => () => undefined,
});
const countOf = async (workers: string | undefined, log: 'ledger' | 'rating' = 'ledger'): Promise<number> =>
  (await threadsFor(invocation(workers), pool, log)).threads?.count ?? 1;

beforeAll(async () => {
  database = await startPostgres({ fsync: false });
  pool = createPool(database.url, { max: 1 });
  await pool.query(`
    CREATE SCHEMA ledger;
    CREATE TABLE ledger.shard (log text, partition integer, position bigint);
    INSERT INTO ledger.shard VALUES ('ledger', 0, 10000), ('ledger', 1, 9999), ('other', 0, 50000)`);
});
afterAll(async () => {
  await pool.end();
  await database.stop();
});

describe('the threads of a long walk', () => {
  it.each(['1', '3', String(MAX_THREADS)])('are as many as --workers says: %s', async (workers) => {
    expect(await countOf(workers)).toBe(Number(workers));
  });

  it.each(['0', '1.5', 'all', String(MAX_THREADS + 1)])('are not %s', async (workers) => {
    await expect(countOf(workers)).rejects.toThrow(`--workers must be an integer from 1 to ${MAX_THREADS}`);
  });

  it('are one of a short log, or where there is none, and as many as the machine likes of a long one', async () => {
    expect([await countOf(undefined), await countOf(undefined, 'rating')]).toEqual([1, 1]);
    await pool.query("UPDATE ledger.shard SET position = position + 1 WHERE log = 'ledger' AND partition = 1");
    expect(await countOf(undefined)).toBe(usualThreads());
  });
});
