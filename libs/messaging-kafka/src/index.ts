export { createKafka, PatientKafka, type GroupTiming, type KafkaOptions } from './kafka.ts';
export { BrokerAwayError, createKafkaBus, type KafkaBusOptions } from './kafka-bus.ts';
export type { KafkaLogger } from './logger.ts';
export { PartitionCountError, topicConfig } from './topics.ts';
export { EventTooLargeError } from './relay/publisher.ts';
export { createMirror, type MirrorOptions } from './relay/mirror.ts';
export { createRelay, type PublishedLogReader, type RelayOptions } from './relay/relay.ts';
