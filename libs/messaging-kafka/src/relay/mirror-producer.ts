import type { StoredEvent } from '@jifen/event-store';
import type { Kafka, Producer } from 'kafkajs';
import { idempotentProducer } from '../kafka.ts';
import type { KafkaLogger } from '../logger.ts';
import { REQUEST_TIMEOUT_MS } from '../settings.ts';
import { within } from '../within.ts';
import { recordOf } from './publisher.ts';

const ALL_REPLICAS = -1;
/** Longer than any outage that a send outlives; what was in hand then is sent anew. */
const SEND_TIMEOUT_MS = 30_000;
/** Less than stopping waits for what is in hand. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Sends a mirror's records, by another producer after each failure: one that was refused has lost its place in the broker's order. */
export class MirrorProducer {
  readonly #kafka: Kafka;
  readonly #topic: string;
  readonly #logger: KafkaLogger;
  /** Connected; none after a failure. */
  #producer: Producer | undefined;

  constructor(kafka: Kafka, topic: string, logger: KafkaLogger) {
    this.#kafka = kafka;
    this.#topic = topic;
    this.#logger = logger;
  }

  /** Answers the offset of the first record of each partition that was written to. */
  async send(records: readonly StoredEvent[]): Promise<ReadonlyMap<number, number>> {
    if (records.length === 0) return new Map();
    const topic = this.#topic;
    const messages = records.map((record) => recordOf(record, topic));
    const producer = await this.connect();
    const sending = producer.send({ topic, acks: ALL_REPLICAS, timeout: REQUEST_TIMEOUT_MS, messages });
    const written = await within(SEND_TIMEOUT_MS, 'sending last states', sending);
    return new Map(written.map(({ partition, baseOffset }) => [partition, Number(baseOffset)]));
  }

  /** One that failed to connect counts as connected for kafkajs, and what it is given to send is never answered: it is not kept. */
  async connect(): Promise<Producer> {
    if (this.#producer !== undefined) return this.#producer;
    const producer = idempotentProducer(this.#kafka);
    try {
      await within(CONNECT_TIMEOUT_MS, 'finding a Kafka broker', producer.connect());
    } catch (error) {
      this.#letGo(producer);
      throw error;
    }
    this.#producer = producer;
    return producer;
  }

  replace(): void {
    if (this.#producer !== undefined) this.#letGo(this.#producer);
    this.#producer = undefined;
  }

  async disconnect(): Promise<void> {
    await this.#producer?.disconnect();
  }

  /** Nobody waits for it: a broker that does not answer lets nobody go. What it still sends is noticed as another's. */
  #letGo(producer: Producer): void {
    producer
      .disconnect()
      .catch((error: unknown) =>
        this.#logger.debug({ topic: this.#topic, err: error }, 'a producer did not disconnect'),
      );
  }
}
