import type { Bus, Consumer, RunningConsumer } from '@jifen/messaging';
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';

/** A consumer and the bus that carries its topics. */
export interface Hosted {
  readonly bus: Pick<Bus, 'consume'>;
  readonly consumer: Consumer;
}

const BUS_TRANSPORT = Symbol('jifen bus');

/**
 * Nest hosts the life cycle of our consumers and nothing else: batches, offsets, retries and dead letters are the bus's
 * and the consumer's business, whichever bus it is. Nest's own Kafka transport takes single messages and retries for ever
 * or skips silently.
 */
export class BusStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = BUS_TRANSPORT;
  #running: readonly RunningConsumer[] = [];

  constructor(private readonly hosted: readonly Hosted[]) {
    super();
  }

  running(): readonly RunningConsumer[] {
    return this.#running;
  }

  /** Calls back when every consumer is a member of its group; when one cannot start, with its error and none left running. */
  async listen(callback: (error?: unknown) => void): Promise<void> {
    const starts = await Promise.allSettled(this.hosted.map(({ bus, consumer }) => bus.consume(consumer)));
    this.#running = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    const failed = starts.find((start) => start.status === 'rejected');
    if (failed === undefined) return callback();
    await this.close();
    callback(failed.reason);
  }

  /** Drains: resolves when the batch in hand of every consumer is durable. */
  async close(): Promise<void> {
    const stopping = this.#running.map((consumer) => consumer.stop());
    this.#running = [];
    const stops = await Promise.allSettled(stopping);
    const failed = stops.find((stop) => stop.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  override on(): never {
    throw new Error('the bus has no events of its own: ask the running consumers');
  }

  /** The running consumers: there is no one client behind all buses. */
  override unwrap<T>(): T {
    return this.#running as T;
  }
}
