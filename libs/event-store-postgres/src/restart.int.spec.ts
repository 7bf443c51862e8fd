import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instantFromMillis } from '@jifen/kernel';
import { startPostgres } from '@jifen/testing';
import { createPool, createPostgresEventStore, migrate, verifyLog } from './index.ts';

const at = instantFromMillis(0);
const BATCH = 20;

describe('a server that is killed under load', () => {
  it('comes back with every transaction that was answered, whole, and a chain without a break', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'jifen-restart-'));
    const first = await startPostgres({ dataDir });
    const admin = createPool(first.url);
    await migrate(admin, { schema: 'ledger', role: 'jifen_ledger', migrations: [] });
    const pool = createPool(first.url, { schema: 'ledger', role: 'jifen_ledger' });
    const options = { schema: 'ledger', log: 'ledger', partitions: 2, clock: () => 0 };
    const store = createPostgresEventStore({ pool, ...options });
    let answered = 0;
    const writing = (async (): Promise<void> => {
      for (let batch = 0; ; batch++) {
        await store.transact({ partitions: [0] }, async (tx) => {
          for (let each = 0; each < BATCH; each++) {
            const facts = {
              key: 'k',
              type: 't',
              schemaVersion: 1,
              data: '{}',
              meta: {},
              occurredAt: at,
              effectiveAt: at,
            };
            tx.append(0, { stream: `s-${batch}-${each}`, version: 1, ...facts });
          }
        });
        answered += BATCH;
        if (answered === 10 * BATCH) void first.kill();
      }
    })();
    await expect(writing).rejects.toThrow();
    await Promise.all([pool.end(), admin.end()]);

    const second = await startPostgres({ dataDir });
    const after = createPool(second.url, { schema: 'ledger', role: 'jifen_ledger' });
    const [head] = await createPostgresEventStore({ pool: after, ...options }).heads();
    // The transaction whose COMMIT was not answered may have landed.
    expect([answered, answered + BATCH]).toContain(head);
    expect(await verifyLog({ pool: after, schema: 'ledger', log: 'ledger' })).toEqual({ ok: true, events: head });
    await after.end();
    await second.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
});
