import type { Bus, RunningConsumer } from '@jifen/messaging';
import type { Admin } from 'kafkajs';
import { startGroupConsumer } from './group-consumer.ts';
import type { GroupTiming, PatientKafka } from './kafka.ts';
import type { KafkaLogger } from './logger.ts';
import { ADMIN_RETRY, START_TIMEOUT_MS, STOP_TIMEOUT_MS } from './settings.ts';
import { ensureTopics, PartitionCountError } from './topics.ts';
import { within } from './within.ts';

export interface KafkaBusOptions extends GroupTiming {
  readonly kafka: PatientKafka;
  readonly logger: KafkaLogger;
}

/** Nobody answers at any of the addresses; perhaps later. */
export class BrokerAwayError extends Error {
  override readonly name = 'BrokerAwayError';
}

/** A broker answered, and does not want us. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'KafkaJSSASLAuthenticationError' || isRefusal(error.cause));

async function commonCount(admin: Admin, topics: readonly string[]): Promise<number> {
  const metadata = await admin.fetchTopicMetadata({ topics: [...topics] });
  const counts = new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
  const [first = '', ...others] = topics;
  const count = counts.get(first) ?? 0;
  for (const topic of others) {
    const found = counts.get(topic) ?? 0;
    if (found !== count) throw new PartitionCountError(topic, found, count);
  }
  return count;
}

/** The bus over Kafka: consumer groups with batches of our own; what is published comes from relays. */
export function createKafkaBus({ kafka, logger, ...timing }: KafkaBusOptions): Bus {
  const running = new Set<RunningConsumer>();
  let connected: Promise<Admin> | undefined;

  const admin = (): Promise<Admin> => {
    connected ??= connect();
    return connected;
  };
  const connect = async (): Promise<Admin> => {
    const client = kafka.prompt.admin({ retry: ADMIN_RETRY });
    try {
      await within(START_TIMEOUT_MS, 'finding a Kafka broker', client.connect());
    } catch (error) {
      connected = undefined;
      if (isRefusal(error)) throw error;
      throw new BrokerAwayError('no Kafka broker answers: check KAFKA_BROKERS', { cause: error });
    }
    return client;
  };

  return {
    kind: 'kafka',
    async ensureTopics(topics) {
      if (topics.length === 0) return;
      await within(START_TIMEOUT_MS, `looking after ${topics.length} topics`, ensureTopics(await admin(), topics));
    },
    async consume(consumer) {
      const client = await admin();
      const partitions = await commonCount(client, consumer.topics);
      const started = await startGroupConsumer({ kafka, admin: client, consumer, partitions, logger, timing });
      const tracked: RunningConsumer = {
        group: started.group,
        owned: () => started.owned(),
        progress: () => started.progress(),
        stalledFor: () => started.stalledFor(),
        lastError: () => started.lastError(),
        stop: async () => {
          await started.stop();
          running.delete(tracked);
        },
      };
      running.add(tracked);
      return tracked;
    },
    async close() {
      await Promise.all([...running].map((consumer) => consumer.stop()));
      const client = await connected?.catch(() => undefined);
      connected = undefined;
      if (client === undefined) return;
      await within(STOP_TIMEOUT_MS, 'disconnecting', client.disconnect()).catch((error: unknown) =>
        logger.warn({ err: error }, 'the admin connection did not close'),
      );
    },
  };
}
