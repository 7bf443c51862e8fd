import type { LogReader } from '@jifen/event-store';
import type { TopicSpec } from './bus.ts';

export class PartitionCountError extends Error {
  override readonly name = 'PartitionCountError';
  constructor(
    readonly topic: string,
    readonly expected: number,
    readonly found: number,
  ) {
    super(`topic ${topic} has ${found} partitions, not ${expected}`);
  }
}

/** Where a topic is a log there is nothing to create. A topic without a log is foreign and simply stays empty until somebody consumes it. */
export function checkTopics(topics: readonly TopicSpec[], logs: ReadonlyMap<string, LogReader>): void {
  for (const { name, partitions } of topics) {
    const found = logs.get(name)?.partitions ?? partitions;
    if (found !== partitions) throw new PartitionCountError(name, partitions, found);
  }
}
