import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { LogReader } from '@jifen/event-store';
import { SERVICE_OF_LOG, type Bus } from '@jifen/messaging';
import { createEmbeddedBus, createLogTail } from '@jifen/messaging-postgres';
import type { Logger } from 'pino';
import type { Lines } from './carrier.ts';
import { LOG_OF_TOPIC } from './databases.ts';
import type { HostedService } from './services.ts';

/** Consumers read the logs themselves: from the owner's store when it is in this process, else as a reader of its schema. */
export function openEmbeddedLines(services: readonly HostedService[], logger: Logger): Lines {
  const topics = topicsOf(services);
  const buses = new Map<HostedService, Bus>();
  const busOf = (service: HostedService): Bus => {
    const existing = buses.get(service);
    if (existing !== undefined) return existing;
    const bus = createEmbeddedBus({
      pool: service.database.pool,
      schema: service.definition.name,
      topics,
      precedence: service.precedence,
      holder: `${hostname()}-${process.pid}-${randomUUID()}`,
      onError: (error, group) => service.logger.warn({ err: error, group }, 'a batch failed and is tried again'),
    });
    buses.set(service, bus);
    return bus;
  };
  logger.debug({ topics: [...topics.keys()] }, 'embedded bus');
  return {
    kind: 'embedded',
    carries: (consumer) => consumer.topics.every((topic) => topics.has(topic)),
    consume: (service, consumer) => busOf(service).consume(consumer),
    startRelays: () => Promise.resolve(),
    relaysOf: () => [],
    stopRelays: () => Promise.resolve(),
    close: async () => {
      await Promise.all([...buses.values()].map((bus) => bus.close()));
    },
  };
}

function topicsOf(services: readonly HostedService[]): ReadonlyMap<string, LogReader> {
  const topics = new Map<string, LogReader>();
  const wanted = new Set(services.flatMap(({ parts }) => parts.consumers.flatMap((consumer) => consumer.topics)));
  for (const topic of wanted) {
    const log = LOG_OF_TOPIC.get(topic);
    if (log === undefined) continue;
    const owner = services.find(({ definition }) => definition.name === SERVICE_OF_LOG[log]);
    const reader =
      owner ?? services.find(({ parts }) => parts.consumers.some((consumer) => consumer.topics.includes(topic)));
    if (reader !== undefined) topics.set(topic, createLogTail(reader.database.store(log)));
  }
  return topics;
}
