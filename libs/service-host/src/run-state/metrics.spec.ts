import { createPool } from '@jifen/event-store-postgres';
import type { Consumer, RunningConsumer } from '@jifen/messaging';
import {
  hostRegistry,
  measured,
  metricPage,
  metricsOf,
  observeLag,
  observeTrouble,
  serviceRegistry,
  type MetricSources,
} from './metrics.ts';

const NOWHERE = 'postgres://nobody@127.0.0.1:1/none';

const place = { topic: 'jifen.rating.v1', partition: 3, offset: 4, end: 9 };

const running = (progress: RunningConsumer['progress']): RunningConsumer => ({
  group: 'ledger',
  owned: () => [3],
  progress,
  stalledFor: () => 1_500,
  lastError: () => undefined,
  stop: () => Promise.resolve(),
});

const consumer = (handle: Consumer['handle']): Consumer => ({
  group: 'ledger',
  topics: ['jifen.rating.v1'],
  maxBatch: 10,
  claim: () => Promise.resolve([]),
  release: () => undefined,
  handle,
});

const batch = { messages: [], epochs: new Map<number, number>() };
const pageOf = async (sources: MetricSources): Promise<string> => metricPage([await metricsOf(sources)]);

describe('the metrics page', () => {
  it('is readable when the database is away, and counts what it could not ask', async () => {
    const pool = createPool(NOWHERE, { max: 1 });
    const registry = serviceRegistry('ledger');
    observeTrouble(pool, registry);
    observeLag(() => [running(() => Promise.reject(new Error('the broker is away')))], registry);
    const sources = { host: hostRegistry(), services: [registry] };
    await pageOf(sources);
    const page = await pageOf(sources);
    expect(page).toContain('process_resident_memory_bytes');
    expect(page).toMatch(/jifen_consumer_stalled_seconds\{[^}]*\} 1\.5/);
    expect(page).not.toMatch(/^jifen_dead_letters\{/m);
    expect(page).not.toMatch(/^jifen_consumer_lag\{/m);
    for (const metric of ['jifen_dead_letters', 'jifen_parked_members', 'jifen_consumer_lag'])
      expect(page).toMatch(new RegExp(`jifen_metrics_unanswered_total\\{metric="${metric}",service="ledger"\\} [12]`));
    await pool.end();
  });

  it('shows what is still to be read', async () => {
    const registry = serviceRegistry('ledger');
    observeLag(() => [running(() => Promise.resolve([place]))], registry);
    const page = await pageOf({ host: hostRegistry(), services: [registry] });
    expect(page).toMatch(/jifen_consumer_lag\{group="ledger",topic="jifen.rating.v1",partition="3",[^}]*\} 5/);
  });

  it('counts flushes that fail apart from those that land', async () => {
    const registry = serviceRegistry('ledger');
    let fails = true;
    const watched = measured(
      consumer(() => (fails ? Promise.reject(new Error('no')) : Promise.resolve())),
      registry,
    );
    await expect(watched.handle(batch)).rejects.toThrow('no');
    fails = false;
    await watched.handle(batch);
    const page = await pageOf({ host: hostRegistry(), services: [registry] });
    expect(page).toMatch(/jifen_flush_failures_total\{group="ledger",[^}]*\} 1/);
    expect(page).toMatch(/jifen_flush_seconds_count\{group="ledger",[^}]*\} 1/);
  });
});
