import { type BusKind, type Consumer, type RunningConsumer } from '@jifen/messaging';
import type { Logger } from 'pino';
import { BusStrategy, type Hosted } from '../bus-strategy.ts';
import { measured } from '../run-state/metrics.ts';
import { toldByMessage } from '../run-state/message-log.ts';
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
  /** What publishes the service's logs. */
  relaysOf(service: ServiceName): readonly RunningConsumer[];
  stopRelays(): Promise<void>;
  close(): Promise<void>;
}

/** Consumers and relays of the process. Nest starts the consumers; the host stops them in its own order. */
export class Carrier {
  readonly #strategies: ReadonlyMap<ServiceName, BusStrategy>;

  constructor(
    private readonly lines: Lines,
    services: readonly HostedService[],
  ) {
    this.#strategies = new Map(
      services.map((service) => [service.definition.name, new BusStrategy(hostedBy(lines, service))]),
    );
  }

  get kind(): BusKind {
    return this.lines.kind;
  }

  strategies(): readonly BusStrategy[] {
    return [...this.#strategies.values()];
  }

  consumersOf(service: ServiceName): readonly RunningConsumer[] {
    return this.#strategies.get(service)?.running() ?? [];
  }

  relaysOf(service: ServiceName): readonly RunningConsumer[] {
    return this.lines.relaysOf(service);
  }

  /** Everything that has to move while there is work. */
  progressing(): readonly Progressing[] {
    const running = [...this.#strategies.keys()].flatMap((name) => [...this.consumersOf(name), ...this.relaysOf(name)]);
    return running.map((one) => ({
      name: one.group,
      stalledFor: () => one.stalledFor(),
      lastError: () => one.lastError(),
    }));
  }

  startRelays(): Promise<void> {
    return this.lines.startRelays();
  }

  stopRelays(): Promise<void> {
    return this.lines.stopRelays();
  }

  /** The batch in hand commits first. */
  async stopConsumers(): Promise<void> {
    await Promise.all(this.strategies().map((strategy) => strategy.close()));
  }

  close(): Promise<void> {
    return this.lines.close();
  }
}

function hostedBy(lines: Lines, service: HostedService): readonly Hosted[] {
  return service.parts.consumers.flatMap((consumer) => {
    const { group, topics } = consumer;
    if (lines.carries(consumer)) {
      const bus = { consume: (started: Consumer) => lines.consume(service, started) };
      return [{ bus, consumer: toldByMessage(measured(consumer, service.metrics), service.logger) }];
    }
    service.logger.info({ group, topics }, 'the embedded bus does not carry this topic: nobody consumes it');
    return [];
  });
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
