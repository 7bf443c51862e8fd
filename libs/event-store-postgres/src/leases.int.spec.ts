import { startPostgres, type RunningPostgres } from '@jifen/testing';
import type { Pool } from 'pg';
import { acquireLeases, createPool, listLeases, migrate, releaseLeases, renewLeases } from './index.ts';

let postgres: RunningPostgres;
let pool: Pool;
const place = { schema: 'ledger', name: 'group:ledger' };
const LONG = 60_000;

beforeAll(async () => {
  postgres = await startPostgres({ fsync: false });
  const admin = createPool(postgres.url);
  await migrate(admin, { schema: 'ledger', role: 'jifen_ledger', migrations: [] });
  await admin.end();
  pool = createPool(postgres.url, { schema: 'ledger', role: 'jifen_ledger' });
});
afterAll(async () => {
  await pool.end();
  await postgres.stop();
});
beforeEach(() => pool.query('DELETE FROM lease'));

const acquire = (holder: string, partitions: readonly number[], ttlMillis = LONG) =>
  acquireLeases(pool, place, { holder, partitions, ttlMillis });

describe('leases', () => {
  it('gives each partition to one holder', async () => {
    const [a, b] = await Promise.all([acquire('a', [0, 1, 2]), acquire('b', [0, 1, 2])]);
    const taken = [...a, ...b].map((lease) => lease.partition);
    expect(new Set(taken).size).toBe(taken.length);
    expect(await acquire('c', [0, 1, 2])).toHaveLength(3 - taken.length);
  });

  it('counts time by the database and lets a lease that ran out be taken under a higher epoch', async () => {
    const [first] = await acquire('a', [0], 0);
    expect(first).toMatchObject({ holder: 'a', epoch: 1 });
    expect(first?.remainingMillis).toBeLessThanOrEqual(0);
    expect(await acquire('b', [0])).toMatchObject([{ holder: 'b', epoch: 2 }]);
  });

  it('renews what is still held and names nothing that was lost', async () => {
    const held = await acquire('a', [0, 1], 0);
    await acquire('b', [1]);
    const renewed = await renewLeases(pool, place, { holder: 'a', leases: held, ttlMillis: LONG });
    expect(renewed).toMatchObject([{ partition: 0, epoch: 1 }]);
    expect(renewed[0]?.remainingMillis).toBeGreaterThan(LONG / 2);
  });

  it('gives back only what is its own', async () => {
    await acquire('a', [0]);
    await acquire('b', [1]);
    await releaseLeases(pool, place, { holder: 'a', partitions: [0, 1] });
    expect((await listLeases(pool, place)).map((lease) => lease.holder)).toEqual(['', 'b']);
    expect(await acquire('c', [0, 1])).toMatchObject([{ partition: 0, epoch: 2 }]);
    const all = await listLeases(pool, place);
    expect(all.map((lease) => lease.holder)).toEqual(['c', 'b']);
  });
});
