import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool, createPostgresEventStore } from '@jifen/event-store-postgres';
import { DEFAULT_PARTITIONS, SOURCE_ORDER_TOPIC } from '@jifen/messaging';
import { createKafka } from '@jifen/messaging-kafka';
import { bootHost } from '@jifen/service-host';
import { kafkaSuite, startPostgres } from '@jifen/testing';
import { anOrder } from '../test/harness.ts';
import { ingestionService } from './index.ts';

/** A broker that was given may hold what earlier runs sent. */
const program = `p${randomUUID().slice(0, 8)}`;
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const PATIENCE_MS = 60_000;

async function eventually(check: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error('it did not come about in time');
    await sleep(50);
  }
}

await kafkaSuite('orders that upstream systems publish to Kafka', (broker) => {
  it('are recorded once, and bad ones are kept', async () => {
    const postgres = await startPostgres({ fsync: false });
    const { brokers } = broker();
    const settings = { databaseUrl: postgres.url, kafkaBrokers: brokers, port: 0, partitions: DEFAULT_PARTITIONS };
    const host = await bootHost([ingestionService], { ...settings, environment: {}, logLevel: 'silent' });
    const pool = createPool(postgres.url, { schema: 'ingestion', role: 'jifen_ingestion' });
    const place = { schema: 'ingestion', log: 'activity', partitions: DEFAULT_PARTITIONS, clock: Date.now };
    const store = createPostgresEventStore({ pool, ...place });
    const producer = createKafka({ brokers, clientId: 'erp', logger: quiet }).producer();
    try {
      await producer.connect();
      const order = (orderId: string): string => JSON.stringify({ ...anOrder({ orderId }), program });
      const structured = { specversion: '1.0', id: 'e-3', source: '/erp', type: 'order' };
      const messages = [
        { key: 'A-1', value: order('A-1') },
        { key: 'A-2', value: order('A-2'), headers: { ce_type: 'order', ce_id: 'e-2' } },
        {
          key: 'A-3',
          value: JSON.stringify({ ...structured, data: JSON.parse(order('A-3')) as unknown }),
          headers: { 'content-type': 'application/cloudevents+json' },
        },
        { key: 'A-1', value: order('A-1') },
        { key: 'bad', value: '{"half":' },
        { value: '' },
      ];
      await producer.send({ topic: SOURCE_ORDER_TOPIC, messages });
      await eventually(async () => {
        const { rows } = await pool.query<{ kept: number }>('SELECT count(*)::int AS kept FROM rejected');
        return (rows[0]?.kept ?? 0) >= 2 && (await store.readStreams(`${program}/shop/order/`, 10)).length === 3;
      });
      const versions = (await store.readStreams(`${program}/shop/order/`, 10)).map(({ version }) => version);
      expect(versions).toEqual([1, 1, 1]);
    } finally {
      await producer.disconnect();
      await pool.end();
      await host.stop();
      await postgres.stop();
    }
  }, 120_000);
});
