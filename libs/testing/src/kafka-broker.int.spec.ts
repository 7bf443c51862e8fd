import { connect } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBroker, startBroker } from './kafka-broker.ts';
import { kafkaRequired, kafkaSuite } from './kafka-suite.ts';

const answers = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const [host, port] = address.split(':');
    const socket = connect(Number(port), host ?? '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

describe('finding a broker', () => {
  it('takes the given addresses before anything else', async () => {
    await expect(findBroker({ KAFKA_BROKERS: 'a:9092, b:9092,' })).resolves.toEqual({
      kind: 'given',
      brokers: ['a:9092', 'b:9092'],
    });
  });

  it('neither kills nor restarts a given broker', async () => {
    const broker = await startBroker({ environment: { KAFKA_BROKERS: 'a:9092' } });
    expect(broker.canKill).toBe(false);
    await expect(broker.kill()).rejects.toThrow('"given" cannot be killed');
    await broker.stop();
  });

  it('is a must where CI says so', () => {
    expect(kafkaRequired({ CI: 'true' })).toBe(true);
    expect(kafkaRequired({ JIFEN_REQUIRE_KAFKA: '1' })).toBe(true);
    expect(kafkaRequired({})).toBe(false);
  });
});

await kafkaSuite(
  'a broker of our own',
  (broker) => {
    it('answers, dies by SIGKILL, and comes back on the same port', async () => {
      const address = broker().brokers[0] ?? '';
      expect(await answers(address)).toBe(true);
      const exited = broker().exited();
      await broker().kill();
      await exited;
      expect(await answers(address)).toBe(false);
      await broker().restart();
      expect(broker().brokers).toEqual([address]);
      expect(await answers(address)).toBe(true);
    }, 120_000);

    it('keeps a named data folder over a stop', async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'jifen-kafka-kept-'));
      const first = await startBroker({ dataDir });
      await first.stop();
      const second = await startBroker({ dataDir });
      expect(await answers(second.brokers[0] ?? '')).toBe(true);
      await second.stop();
      await rm(dataDir, { recursive: true });
    }, 120_000);
  },
  { kill: true },
);
