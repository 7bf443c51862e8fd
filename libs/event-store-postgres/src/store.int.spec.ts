import { eventStoreContract, UnknownOutcomeError, type NewEvent } from '@jifen/event-store';
import { instantFromMillis } from '@jifen/kernel';
import { fakeClock, startPostgres, type RunningPostgres } from '@jifen/testing';
import type { Pool } from 'pg';
import { createPool, createPostgresEventStore, grantLogReading, migrate, PartitionCountError } from './index.ts';

const projection = {
  id: '0001-projection',
  sql: 'CREATE TABLE projection (key text PRIMARY KEY, value text NOT NULL)',
};
const clock = fakeClock(Date.UTC(2026, 0, 31, 8)).now;
const at = instantFromMillis(0);
const event = (stream: string): NewEvent => {
  const facts = { key: 'shop/m-1', type: 'order.recorded', schemaVersion: 1, data: '{}', meta: {} };
  return { stream, version: 1, ...facts, occurredAt: at, effectiveAt: at };
};

let postgres: RunningPostgres;
let admin: Pool;
let pool: Pool;
let logs = 0;
/** A log of its own is as empty as a database of its own. */
const nextLog = (): string => `log_${++logs}`;
const storeOf = (log: string, own: Pool = pool) =>
  createPostgresEventStore({ pool: own, schema: 'ledger', log, partitions: 4, clock });

beforeAll(async () => {
  postgres = await startPostgres({ fsync: false });
  admin = createPool(postgres.url);
  await migrate(admin, { schema: 'ledger', role: 'jifen_ledger', migrations: [projection] });
  pool = createPool(postgres.url, { schema: 'ledger', role: 'jifen_ledger' });
});
afterAll(async () => {
  await pool.end();
  await admin.end();
  await postgres.stop();
});

eventStoreContract('postgres', { describe, it }, async () => {
  const log = nextLog();
  return {
    store: storeOf(log),
    other: storeOf(log),
    put: async (sql, key, value) => {
      const text = 'INSERT INTO projection VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value';
      await sql.query(text, [`${log}/${key}`, value]);
    },
    get: async (key) => {
      const text = 'SELECT value FROM projection WHERE key = $1';
      return (await pool.query<{ value: string }>(text, [`${log}/${key}`])).rows[0]?.value;
    },
  };
});

describe('the PostgreSQL event store', () => {
  it('refuses to open a log with another number of partitions', async () => {
    const log = nextLog();
    await storeOf(log).shards();
    const other = createPostgresEventStore({ pool, schema: 'ledger', log, partitions: 8, clock });
    await expect(other.claim([0])).rejects.toThrow(PartitionCountError);
  });

  it('goes by the clock of the server, whatever the clock of its process says', async () => {
    const real = Date.now;
    const store = createPostgresEventStore({ pool, schema: 'ledger', log: nextLog(), partitions: 4 });
    const { rows } = await pool.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    const server = rows[0]?.now.getTime() ?? 0;
    try {
      Date.now = () => real() + 86_400_000;
      const told = await store.now();
      const written = await store.transact({ partitions: [0] }, ({ now }) => Promise.resolve(now));
      for (const now of [told, written]) expect(Math.abs(now - server)).toBeLessThan(600_000);
      expect(written).toBeGreaterThanOrEqual(told);
    } finally {
      Date.now = real;
    }
  });

  it('is read by another role that was let in, and written by none but its own', async () => {
    const log = nextLog();
    await storeOf(log).transact({ partitions: [1] }, async (tx) => tx.append(1, event('s')));
    await migrate(admin, { schema: 'tiering', role: 'jifen_tiering', migrations: [] });
    const reader = createPool(postgres.url, { schema: 'tiering', role: 'jifen_tiering' });
    await expect(storeOf(log, reader).readLog(1, 0, 1)).rejects.toThrow(/permission denied/);
    await grantLogReading(admin, { schema: 'ledger', role: 'jifen_tiering' });
    const reading = storeOf(log, reader);
    expect(await reading.heads()).toEqual([0, 1, 0, 0]);
    expect(await reading.readLog(1, 0, 1)).toMatchObject([{ stream: 's' }]);
    expect(await storeOf(nextLog(), reader).heads()).toEqual([0, 0, 0, 0]);
    await expect(reading.transact({ partitions: [0] }, async () => undefined)).rejects.toThrow(/permission denied/);
    await reader.end();
  });

  it('says so when a statement failed and somebody looked away', async () => {
    const attempt = storeOf(nextLog()).transact({ partitions: [0] }, async (tx) => {
      await tx.sql.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(attempt).rejects.toThrow(/failed unnoticed/);
  });

  describe('when COMMIT fails', () => {
    const atCommit = (name: string, body: string): string => `
      CREATE TABLE ${name} (n int);
      CREATE FUNCTION ${name}_f() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN ${body} RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER t AFTER INSERT ON ${name} DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION ${name}_f()`;

    beforeAll(async () => {
      const migrations = [
        projection,
        { id: '0002', sql: atCommit('refused', `RAISE EXCEPTION 'not today';`) },
        {
          id: '0003',
          sql: atCommit('cut_off', 'PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5);'),
        },
      ];
      await migrate(admin, { schema: 'ledger', role: 'jifen_ledger', migrations });
    });

    const attempt = (log: string, table: string): Promise<unknown> =>
      storeOf(log).transact({ partitions: [0] }, async (tx) => {
        tx.append(0, event('s'));
        await tx.sql.query(`INSERT INTO ${table} VALUES (1)`);
      });

    it('gives the error of the server, which rolled back', async () => {
      await expect(attempt(nextLog(), 'refused')).rejects.toThrow('not today');
    });

    it('says that the outcome is unknown when the connection went, and goes on with another', async () => {
      const log = nextLog();
      await expect(attempt(log, 'cut_off')).rejects.toThrow(UnknownOutcomeError);
      expect(await storeOf(log).heads()).toEqual([0, 0, 0, 0]);
    });
  });

  it('wakes readers in other processes, not itself', async () => {
    const log = nextLog();
    const open = (): ReturnType<typeof storeOf> =>
      createPostgresEventStore({ pool, schema: 'ledger', log, partitions: 4, clock, notify: true });
    const [writer, reader] = [open(), open()];
    let listening = (): void => undefined;
    let woken = (): void => undefined;
    const ready = new Promise<void>((resolve) => {
      listening = resolve;
    });
    const wake = new Promise<void>((resolve) => {
      woken = resolve;
    });
    let connected = false;
    reader.onCommitted((events) => {
      expect(events).toEqual([]);
      if (connected) woken();
      connected = true;
      listening();
    });
    await ready;
    await writer.transact({ partitions: [0] }, async (tx) => tx.append(0, event('s')));
    await wake;
    await Promise.all([writer.close(), reader.close()]);
  });
});
