import { createKafka, createKafkaBus } from '@jifen/messaging-kafka';
import { TOPIC_OF_LOG, type LogName, type TopicSpec } from '@jifen/messaging';
import type { Logger } from 'pino';
import type { Lines } from './carrier.ts';
import type { HostConfig } from './config.ts';
import type { HostedService } from './services.ts';

/** Consumers read topics; relays publish the logs of this process's services to theirs. */
export async function openKafkaLines(
  services: readonly HostedService[],
  config: HostConfig,
  logger: Logger,
): Promise<Lines> {
  const names = services.map(({ definition }) => definition.name);
  const kafka = createKafka({ brokers: config.kafkaBrokers, clientId: `jifen-${names.join('-')}`, logger });
  const bus = createKafkaBus({ kafka, logger });
  await bus.ensureTopics(topicSpecs(services, config.partitions));
  return {
    kind: 'kafka',
    carries: () => true,
    consume: (_service, consumer) => bus.consume(consumer),
    startRelays: () => Promise.resolve(),
    relays: () => [],
    stopRelays: () => Promise.resolve(),
    close: () => bus.close(),
  };
}

const isPublished = (log: LogName): log is keyof typeof TOPIC_OF_LOG => log in TOPIC_OF_LOG;

/** The topics that these services write or read: whoever starts first makes them. */
function topicSpecs(services: readonly HostedService[], partitions: number): readonly TopicSpec[] {
  const names = new Set<string>();
  for (const { definition, parts } of services) {
    for (const log of definition.logs) if (isPublished(log)) names.add(TOPIC_OF_LOG[log]);
    for (const consumer of parts.consumers) for (const topic of consumer.topics) names.add(topic);
  }
  return [...names].map((name) => ({ name, partitions }));
}
