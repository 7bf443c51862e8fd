import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { TOPIC_OF_LOG, type PublishedLog, type LogName, type RunningConsumer, type TopicSpec } from '@jifen/messaging';
import { BrokerAwayError, createKafka, createKafkaBus, createRelay } from '@jifen/messaging-kafka';
import { joinGroup } from '@jifen/messaging-postgres';
import type { Logger } from 'pino';
import type { Lines } from './carrier.ts';
import type { HostConfig } from './config.ts';
import type { HostedService } from './services.ts';
import { waitFor } from './wait-for.ts';

const RELAY_LEASE_MS = 3_000;
const RELAY_STUCK_MS = 60_000;

/** Consumers read topics; relays publish the logs of this process's services to theirs. */
export async function openKafkaLines(
  services: readonly HostedService[],
  config: HostConfig,
  logger: Logger,
): Promise<Lines> {
  const names = services.map(({ definition }) => definition.name);
  const clientId = `jifen-${names.join('-')}`;
  const kafka = createKafka({ brokers: config.kafkaBrokers, clientId, logger, ...config.kafkaSecurity });
  const bus = createKafkaBus({ kafka, logger });
  try {
    const topics = topicSpecs(services, config.partitions);
    const waiting = { what: 'Kafka', forMillis: config.startWaitMs, isAway: isBrokerAway, logger };
    await waitFor(waiting, () => bus.ensureTopics(topics));
  } catch (error) {
    await bus.close();
    throw error;
  }
  const relays: RunningConsumer[] = [];
  const startRelay = async (service: HostedService, log: PublishedLog): Promise<RunningConsumer> => {
    const { definition, database } = service;
    const membership = await joinGroup({
      pool: database.pool,
      schema: definition.name,
      group: `relay:${log}`,
      holder: `${hostname()}-${process.pid}-${randomUUID()}`,
      partitions: config.partitions,
      leaseMillis: RELAY_LEASE_MS,
      handleLimitMillis: RELAY_STUCK_MS,
      onError: (error) => service.logger.warn({ err: error, log }, 'the lease of a relay could not be renewed'),
    });
    return createRelay({
      kafka,
      store: database.store(log),
      topic: TOPIC_OF_LOG[log],
      membership,
      logger: service.logger,
    });
  };
  return {
    kind: 'kafka',
    carries: () => true,
    consume: (_service, consumer) => bus.consume(consumer),
    startRelays: async () => {
      for (const service of services) {
        for (const log of service.definition.logs) if (isPublished(log)) relays.push(await startRelay(service, log));
      }
    },
    relays: () => relays,
    stopRelays: async () => {
      await Promise.all(relays.map((relay) => relay.stop()));
    },
    close: () => bus.close(),
  };
}

/** Whatever else fails (topics with other partitions, a wrong password) no waiting will mend. */
const isBrokerAway = (error: unknown): boolean => error instanceof BrokerAwayError;

const isPublished = (log: LogName): log is PublishedLog => log in TOPIC_OF_LOG;

/** The topics that these services write or read: whoever starts first makes them. */
function topicSpecs(services: readonly HostedService[], partitions: number): readonly TopicSpec[] {
  const names = new Set<string>();
  for (const { definition, parts } of services) {
    for (const log of definition.logs) if (isPublished(log)) names.add(TOPIC_OF_LOG[log]);
    for (const consumer of parts.consumers) for (const topic of consumer.topics) names.add(topic);
  }
  return [...names].map((name) => ({ name, partitions }));
}
