import { TOPIC_OF_LOG, type TopicSpec } from '@jifen/messaging';
import type { Admin, IResourceConfigEntry } from 'kafkajs';
import { ADMIN_TIMEOUT_MS, MAX_MESSAGE_BYTES } from './settings.ts';

const LEADER_WAIT_MS = 10_000;
const LEADER_POLL_MS = 100;

const published: ReadonlySet<string> = new Set(Object.values(TOPIC_OF_LOG));

/** How we create a topic. A published log is kept whole: a new consumer starts at its first position. */
export const topicConfig = ({ name, compacted = false }: TopicSpec): Readonly<Record<string, string>> => ({
  'cleanup.policy': compacted ? 'compact' : 'delete',
  'max.message.bytes': String(MAX_MESSAGE_BYTES),
  ...(published.has(name) && !compacted ? { 'retention.ms': '-1' } : {}),
});

const entriesOf = (spec: TopicSpec): IResourceConfigEntry[] =>
  Object.entries(topicConfig(spec)).map(([name, value]) => ({ name, value }));

export class PartitionCountError extends Error {
  override readonly name = 'PartitionCountError';
  constructor(
    readonly topic: string,
    readonly found: number,
    readonly wanted: number,
  ) {
    super(`topic ${topic} has ${found} partitions, this deployment has ${wanted}: keys would go to other partitions`);
  }
}

/** A broker may not have heard yet of a topic that was made a moment ago. */
const isNotThereYet = (error: unknown): boolean =>
  error instanceof Error &&
  'type' in error &&
  ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'].includes(String(error.type));

/** Partition counts of the topics, once every partition has a leader. */
async function partitionCounts(admin: Admin, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const deadline = performance.now() + LEADER_WAIT_MS;
  for (;;) {
    const known = await admin.fetchTopicMetadata({ topics: [...topics] }).then(
      (metadata) => metadata.topics,
      (error: unknown) => {
        if (isNotThereYet(error)) return undefined;
        throw error;
      },
    );
    const led = known?.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0)) === true;
    if (led) return new Map(known.map(({ name, partitions }) => [name, partitions.length]));
    if (performance.now() > deadline) throw new Error(`partitions of ${topics.join(', ')} have no leader`);
    await new Promise((resolve) => setTimeout(resolve, LEADER_POLL_MS));
  }
}

/** A leader that is named may not have taken over yet, and would refuse a part of the first request; one that answers has. */
async function untilLed(admin: Admin, topic: string): Promise<void> {
  const deadline = performance.now() + LEADER_WAIT_MS;
  for (;;) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, LEADER_POLL_MS));
    }
  }
}

export async function ensureTopics(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = specs.filter(({ name }) => !existing.has(name));
  for (const spec of missing) {
    // Another process that creates it at the same time is no error.
    await admin.createTopics({
      // kafkajs gives up at the first broker that has not heard of it; we wait ourselves.
      waitForLeaders: false,
      timeout: ADMIN_TIMEOUT_MS,
      topics: [{ topic: spec.name, numPartitions: spec.partitions, configEntries: entriesOf(spec) }],
    });
  }
  const counts = await partitionCounts(
    admin,
    specs.map(({ name }) => name),
  );
  for (const { name, partitions } of specs) {
    const found = counts.get(name) ?? 0;
    if (found !== partitions) throw new PartitionCountError(name, found, partitions);
  }
  for (const { name } of missing) await untilLed(admin, name);
}
