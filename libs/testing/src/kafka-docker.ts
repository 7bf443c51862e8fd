import type { StartedKafkaContainer } from '@testcontainers/kafka';

/** Confluent's image of Apache Kafka 4.1, in KRaft mode. */
const DEFAULT_IMAGE = 'confluentinc/cp-kafka:8.1.0';
const CONTAINER_PORT = 9093;
const PROBE_TIMEOUT_MS = 10_000;

/** Whether a Docker engine answers; testcontainers looks in all the usual places. */
export async function dockerAnswers(): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PROBE_TIMEOUT_MS);
  });
  const probe = async (): Promise<boolean> => {
    try {
      const { getContainerRuntimeClient } = await import('testcontainers');
      await getContainerRuntimeClient();
      return true;
    } catch {
      return false;
    }
  };
  try {
    return await Promise.race([probe(), late]);
  } finally {
    clearTimeout(timer);
  }
}

export async function startBrokerContainer(
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly brokers: string; readonly stop: () => Promise<void> }> {
  const { KafkaContainer } = await import('@testcontainers/kafka');
  const container: StartedKafkaContainer = await new KafkaContainer(environment['JIFEN_KAFKA_IMAGE'] ?? DEFAULT_IMAGE)
    .withEnvironment({
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    })
    .start();
  return {
    brokers: `${container.getHost()}:${container.getMappedPort(CONTAINER_PORT)}`,
    stop: async () => void (await container.stop()),
  };
}
