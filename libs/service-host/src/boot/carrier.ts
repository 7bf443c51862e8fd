import type { BusKind, Consumer, RunningConsumer } from '@jifen/messaging';
import type { Logger } from 'pino';
import { measured } from '../run-state/metrics.ts';
import type { Progressing } from '../run-state/health.ts';
import type { ServiceName } from '../service.ts';
import type { HostConfig } from './config.ts';
import { openEmbeddedLines } from './embedded-lines.ts';
import { openKafkaLines } from './kafka-lines.ts';
import type { HostedService } from './services.ts';

/** How the logs of this process get to their consumers: one bus per service, and what publishes to it. */
export interface Lines {
  readonly kind: BusKind;
  /** Whether the bus can carry all that the consumer reads. */
  carries(consumer: Consumer): boolean;
  consume(service: HostedService, consumer: Consumer): Promise<RunningConsumer>;
  startRelays(): Promise<void>;
  relays(): readonly RunningConsumer[];
  stopRelays(): Promise<void>;
  close(): Promise<void>;
}

/** Consumers and relays of the process, started and stopped in the host's order. */
export class Carrier {
  readonly #consumers = new Map<ServiceName, RunningConsumer[]>();

  constructor(
    private readonly lines: Lines,
    private readonly services: readonly HostedService[],
  ) {}

  get kind(): BusKind {
    return this.lines.kind;
  }

  consumersOf(service: ServiceName): readonly RunningConsumer[] {
    return this.#consumers.get(service) ?? [];
  }

  progressing(): readonly Progressing[] {
    return [...[...this.#consumers.values()].flat(), ...this.lines.relays()].map((consumer) => ({
      name: consumer.group,
      stalledFor: () => consumer.stalledFor(),
      lastError: () => consumer.lastError(),
    }));
  }

  startRelays(): Promise<void> {
    return this.lines.startRelays();
  }

  stopRelays(): Promise<void> {
    return this.lines.stopRelays();
  }

  async startConsumers(): Promise<void> {
    for (const service of this.services) {
      const running: RunningConsumer[] = [];
      this.#consumers.set(service.definition.name, running);
      for (const consumer of service.parts.consumers) {
        if (!this.lines.carries(consumer)) {
          service.logger.info(
            { group: consumer.group, topics: consumer.topics },
            'not on this bus: no consumer for it',
          );
          continue;
        }
        running.push(await this.lines.consume(service, measured(consumer, service.metrics)));
      }
    }
  }

  /** The batch in hand commits first. */
  async stopConsumers(): Promise<void> {
    const all = [...this.#consumers.values()].flat();
    const results = await Promise.allSettled(all.map((consumer) => consumer.stop()));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  close(): Promise<void> {
    return this.lines.close();
  }
}

export async function openCarrier(
  services: readonly HostedService[],
  config: HostConfig,
  logger: Logger,
): Promise<Carrier> {
  const lines =
    config.kafkaBrokers.length === 0
      ? openEmbeddedLines(services, logger)
      : await openKafkaLines(services, config, logger);
  return new Carrier(lines, services);
}
