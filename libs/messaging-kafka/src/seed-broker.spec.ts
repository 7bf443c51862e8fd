import { createRequire } from 'node:module';
import { keepSeedBroker } from './seed-broker.ts';

interface Broker {
  readonly nodeId: string;
  readonly connectionPool: { readonly host: string; readonly port: number };
  isConnected(): boolean;
}

interface Pool {
  brokers: Record<string, Broker>;
  seedBroker: Broker | undefined;
  removeBroker(place: { readonly host: string; readonly port: number }): void;
  findConnectedBroker(): Promise<Broker>;
}

const broker = (nodeId: string): Broker => ({
  nodeId,
  connectionPool: { host: `kafka-${nodeId}`, port: 9092 },
  isConnected: () => true,
});

function poolOf(...nodeIds: string[]): Pool {
  keepSeedBroker();
  const Class = createRequire(import.meta.url)('kafkajs/src/cluster/brokerPool.js') as new (options: object) => Pool;
  const logger = { namespace: () => ({ debug: () => undefined, error: () => undefined }) };
  const pool = new Class({ connectionPoolBuilder: {}, logger });
  pool.brokers = Object.fromEntries(nodeIds.map((nodeId) => [nodeId, broker(nodeId)]));
  return pool;
}

describe('the brokers that kafkajs knows', () => {
  it('lose one after the other, also when the first was lost before', () => {
    const pool = poolOf('1', '2');
    pool.removeBroker({ host: 'kafka-2', port: 9092 });
    expect([Object.keys(pool.brokers), pool.seedBroker?.nodeId]).toEqual([['1'], '1']);
    pool.removeBroker({ host: 'kafka-1', port: 9092 });
    expect([Object.keys(pool.brokers), pool.seedBroker]).toEqual([[], undefined]);
    pool.removeBroker({ host: 'kafka-1', port: 9092 });
    expect(pool.seedBroker).toBeUndefined();
  });

  it('have a first one again as soon as one is connected', async () => {
    const pool = poolOf('1');
    await expect(pool.findConnectedBroker()).resolves.toMatchObject({ nodeId: '1' });
    expect(pool.seedBroker?.nodeId).toBe('1');
  });
});
