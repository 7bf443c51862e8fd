import kafkajs, {
  type Consumer,
  type KafkaConfig,
  type Kafka,
  type PartitionAssigner,
  type Producer,
  type ProducerConfig,
} from 'kafkajs';
import { tellEveryCrash } from './consumer-crash.ts';
import { frameRecords } from './framing.ts';
import { type KafkaLogger, logCreatorFor } from './logger.ts';
import { calmRequestQueue } from './request-queue.ts';
import { keepSeedBroker } from './seed-broker.ts';
import { readHeadersAsText } from './text-headers.ts';
import {
  ADMIN_RETRY,
  AUTHENTICATION_TIMEOUT_MS,
  CONNECTION_TIMEOUT_MS,
  HEARTBEAT_INTERVAL_MS,
  MAX_BYTES_PER_PARTITION,
  MAX_FETCH_BYTES,
  MAX_WAIT_MS,
  METADATA_MAX_AGE_MS,
  REBALANCE_TIMEOUT_MS,
  REQUEST_TIMEOUT_MS,
  RETRY,
  SESSION_TIMEOUT_MS,
} from './settings.ts';

export interface KafkaOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly logger: KafkaLogger;
  readonly ssl?: KafkaConfig['ssl'];
  readonly sasl?: KafkaConfig['sasl'];
}

type Retry = typeof RETRY;

const configOf = ({ brokers, clientId, logger, ssl, sasl }: KafkaOptions, retry: Retry): KafkaConfig => ({
  brokers: [...brokers],
  clientId,
  connectionTimeout: CONNECTION_TIMEOUT_MS,
  authenticationTimeout: AUTHENTICATION_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  enforceRequestTimeout: true,
  retry,
  logLevel: kafkajs.logLevel.INFO,
  logCreator: logCreatorFor(logger),
  ...(ssl === undefined ? {} : { ssl }),
  ...(sasl === undefined ? {} : { sasl }),
});

/** A client with all of our settings; connects to nothing yet. What it sends and reads outlives any outage. */
export class PatientKafka extends kafkajs.Kafka {
  /** For questions that somebody waits for: gives up after seconds. */
  readonly prompt: Kafka;

  constructor(options: KafkaOptions) {
    super(configOf(options, RETRY));
    this.prompt = new kafkajs.Kafka(configOf(options, ADMIN_RETRY));
  }
}

export function createKafka(options: KafkaOptions): PatientKafka {
  calmRequestQueue();
  tellEveryCrash();
  keepSeedBroker();
  frameRecords();
  readHeadersAsText();
  return new PatientKafka(options);
}

export interface GroupTiming {
  /** A dead member's partitions are handed over after this long. */
  readonly sessionTimeoutMs?: number;
  readonly heartbeatIntervalMs?: number;
}

export function groupMember(
  kafka: Kafka,
  groupId: string,
  assigner: PartitionAssigner,
  { sessionTimeoutMs = SESSION_TIMEOUT_MS, heartbeatIntervalMs = HEARTBEAT_INTERVAL_MS }: GroupTiming,
): Consumer {
  return kafka.consumer({
    groupId,
    partitionAssigners: [assigner],
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: heartbeatIntervalMs,
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    maxWaitTimeInMs: MAX_WAIT_MS,
    minBytes: 1,
    maxBytes: MAX_FETCH_BYTES,
    maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    allowAutoTopicCreation: false,
    readUncommitted: false,
    // Its own restart uses the sockets that it just closed: the membership makes a new consumer instead.
    retry: { ...RETRY, restartOnFailure: () => Promise.resolve(false) },
  });
}

const PRODUCER: ProducerConfig = {
  createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  allowAutoTopicCreation: false,
  maxInFlightRequests: 1,
  metadataMaxAge: METADATA_MAX_AGE_MS,
  retry: RETRY,
};

/** One request in flight: concurrent sends overtake each other in retries, also with an idempotent producer. */
export const orderedProducer = (kafka: Kafka): Producer => kafka.producer({ ...PRODUCER, idempotent: false });

/** As the ordered one, and what it sends again after a lost answer is written once: the offsets it is told are its own. */
export const idempotentProducer = (kafka: Kafka): Producer =>
  kafka.producer({ ...PRODUCER, idempotent: true, retry: { ...RETRY, retries: Number.MAX_SAFE_INTEGER } });
