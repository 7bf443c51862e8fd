import { randomUUID } from 'node:crypto';
import type { Consumer, Message } from '@jifen/messaging';
import { type Broker, kafkaSuite, until } from '@jifen/testing';
import kafkajs from 'kafkajs';
import { createKafka, createKafkaBus, type KafkaLogger } from './index.ts';
import { orderedProducer } from './kafka.ts';

const QUIET: KafkaLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

async function topicOf(broker: Broker, partitions: number) {
  const topic = `jifen.group-${randomUUID()}.v1`;
  const kafka = createKafka({ brokers: broker.brokers, clientId: topic, logger: QUIET });
  const bus = createKafkaBus({ kafka, logger: QUIET, sessionTimeoutMs: 3000, heartbeatIntervalMs: 500 });
  await bus.ensureTopics([{ name: topic, partitions }]);
  const seen: Message[] = [];
  const consumer = (offsets: Readonly<Record<string, number>> = {}, topics = [topic]): Consumer => ({
    group: `${topic}-group`,
    topics,
    maxBatch: 50,
    claim: (claimed) => Promise.resolve(claimed.map((partition) => ({ partition, epoch: 1, offsets }))),
    handle: ({ messages }) => {
      seen.push(...messages);
      return Promise.resolve();
    },
    release: () => undefined,
  });
  const produce = async (partition: number, count: number, to = topic): Promise<void> => {
    const producer = orderedProducer(kafka);
    await producer.connect();
    const messages = Array.from({ length: count }, (_, n) => ({ key: `k${n}`, partition, value: String(n) }));
    await producer.send({ topic: to, acks: -1, messages });
    await producer.disconnect();
  };
  return { topic, kafka, bus, seen, consumer, produce };
}

await kafkaSuite('a group member on a real broker', (broker) => {
  it('starts at what is left of a topic whose beginning is gone', async () => {
    const { topic, kafka, bus, seen, consumer, produce } = await topicOf(broker(), 1);
    await produce(0, 30);
    const admin = kafka.admin();
    await admin.connect();
    // kafkajs deletes only in topics that it has looked at before.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '20' }] });
    await admin.disconnect();
    await bus.consume(consumer());
    await until('the rest came', () => seen.length >= 10);
    expect(seen.map(({ offset }) => offset)).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
    await bus.close();
  }, 60_000);

  it('takes nothing of a topic that was made anew, and says so', async () => {
    const { topic, bus, seen, consumer, produce } = await topicOf(broker(), 1);
    await produce(0, 5);
    const running = await bus.consume(consumer({ [topic]: 1000 }));
    await until('the fault shows', () => running.lastError() !== undefined);
    expect(running.lastError()?.message).toContain('ends at 5, but was read up to 1000');
    expect(seen).toEqual([]);
    await bus.close();
  }, 60_000);

  it('brings partition p of every topic to the same member', async () => {
    const one = await topicOf(broker(), 4);
    const second = `${one.topic}.other`;
    await one.bus.ensureTopics([{ name: second, partitions: 4 }]);
    const members = await Promise.all([0, 1].map(() => one.bus.consume(one.consumer({}, [one.topic, second]))));
    await until('both own a half', () => members.every((member) => member.owned().length === 2));
    for (const member of members) {
      const places = (await member.progress()).map(({ topic, partition }) => `${topic} ${partition}`);
      const expected = [one.topic, second].flatMap((topic) =>
        member.owned().map((partition) => `${topic} ${partition}`),
      );
      expect(places.sort()).toEqual(expected.sort());
    }
    await one.produce(3, 10, second);
    await until('they came', () => one.seen.length === 10);
    await one.bus.close();
  }, 60_000);

  it('refuses topics with different partition counts, naming both', async () => {
    const { topic, bus, consumer } = await topicOf(broker(), 4);
    await bus.ensureTopics([{ name: `${topic}.less`, partitions: 2 }]);
    await expect(bus.consume(consumer({}, [topic, `${topic}.less`]))).rejects.toThrow(/less has 2 partitions.* has 4/);
    await bus.close();
  }, 60_000);

  it('says why the group refuses it, and joins as soon as it no longer does', async () => {
    const { topic, kafka, bus, seen, consumer, produce } = await topicOf(broker(), 1);
    const stranger = kafka.consumer({
      groupId: `${topic}-group`,
      partitionAssigners: [kafkajs.PartitionAssigners.roundRobin],
      maxWaitTimeInMs: 200,
    });
    await stranger.connect();
    await stranger.subscribe({ topics: [topic] });
    const joined = new Promise((resolve) => stranger.on(stranger.events.GROUP_JOIN, resolve));
    await stranger.run({ eachMessage: () => Promise.resolve() });
    await joined;
    const running = await bus.consume(consumer());
    await until('the failure shows', () => running.lastError() !== undefined);
    expect(running.lastError()?.message).toMatch(/protocol/i);
    const before = running.stalledFor();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(running.stalledFor()).toBeGreaterThanOrEqual(before + 250);
    expect(running.owned()).toEqual([]);
    await stranger.disconnect();
    await until('it owns the partition', () => running.owned().length === 1);
    await produce(0, 3);
    await until('the messages came', () => seen.length === 3);
    expect(running.lastError()).toBeUndefined();
    await bus.close();
  }, 60_000);

  it('names the brokers setting when none answers', async () => {
    const kafka = createKafka({ brokers: ['127.0.0.1:1'], clientId: 'lost', logger: QUIET });
    const bus = createKafkaBus({ kafka, logger: QUIET });
    await expect(bus.ensureTopics([{ name: 't', partitions: 1 }])).rejects.toThrow('KAFKA_BROKERS');
    await bus.close();
  }, 60_000);
});

await kafkaSuite(
  'a group member whose broker falls silent',
  (broker) => {
    it('says that the broker does not answer, as long as it does not', async () => {
      const { bus, seen, consumer, produce } = await topicOf(broker(), 1);
      const running = await bus.consume(consumer());
      await produce(0, 1);
      await until('it came', () => seen.length === 1);
      const frozen = broker().freeze(16_000);
      await until('the silence shows', () => running.lastError() !== undefined, 16_000);
      expect(running.lastError()?.message).toContain('Kafka does not answer: ');
      await frozen;
      await until('it is over', () => running.lastError() === undefined, 20_000);
      await produce(0, 1);
      await until('the next came', () => seen.length === 2, 20_000);
      await bus.close();
    }, 90_000);
  },
  { kill: true },
);
