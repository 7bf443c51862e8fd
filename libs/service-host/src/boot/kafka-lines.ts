import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  TOPIC_OF_LOG,
  type LogName,
  type Membership,
  type Mirror,
  type PublishedLog,
  type RunningConsumer,
  type TopicSpec,
} from '@jifen/messaging';
import { BrokerAwayError, createKafka, createKafkaBus, createMirror, createRelay } from '@jifen/messaging-kafka';
import { joinGroup } from '@jifen/messaging-postgres';
import type { Logger } from 'pino';
import type { ServiceName } from '../service.ts';
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
  const relays = new Map<ServiceName, RunningConsumer[]>(names.map((name) => [name, []]));
  const lease = ({ definition, database, logger }: HostedService, group: string): Promise<Membership> =>
    joinGroup({
      pool: database.pool,
      schema: definition.name,
      group: `relay:${group}`,
      holder: `${hostname()}-${process.pid}-${randomUUID()}`,
      partitions: config.partitions,
      leaseMillis: RELAY_LEASE_MS,
      handleLimitMillis: RELAY_STUCK_MS,
      onError: (error) => logger.warn({ err: error, group }, 'the lease of a relay could not be renewed'),
    });
  const startRelay = async (service: HostedService, log: PublishedLog): Promise<RunningConsumer> => {
    const { database, logger } = service;
    const membership = await lease(service, log);
    return createRelay({ kafka, store: database.store(log), topic: TOPIC_OF_LOG[log], membership, logger });
  };
  const startMirror = async (service: HostedService, mirror: Mirror): Promise<RunningConsumer> => {
    const { database, logger } = service;
    const membership = await lease(service, mirror.topic);
    return createMirror({ kafka, store: database.store(mirror.log), mirror, membership, logger });
  };
  return {
    kind: 'kafka',
    carries: () => true,
    consume: (_service, consumer) => bus.consume(consumer),
    startRelays: async () => {
      for (const service of services) {
        const { definition, parts } = service;
        const running = relays.get(definition.name);
        for (const log of definition.logs) if (isPublished(log)) running?.push(await startRelay(service, log));
        for (const mirror of parts.mirrors ?? []) running?.push(await startMirror(service, mirror));
      }
    },
    relaysOf: (service) => relays.get(service) ?? [],
    stopRelays: async () => {
      await Promise.all([...relays.values()].flat().map((relay) => relay.stop()));
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
  const compacted = new Set<string>();
  for (const { definition, parts } of services) {
    for (const log of definition.logs) if (isPublished(log)) names.add(TOPIC_OF_LOG[log]);
    for (const consumer of parts.consumers) for (const topic of consumer.topics) names.add(topic);
    for (const { topic } of parts.mirrors ?? []) compacted.add(topic);
  }
  return [
    ...[...names].map((name) => ({ name, partitions })),
    ...[...compacted].map((name) => ({ name, partitions, compacted: true })),
  ];
}
