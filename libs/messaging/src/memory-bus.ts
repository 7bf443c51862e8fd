import type { LogReader } from '@jifen/event-store';
import type { Bus, Consumer, RunningConsumer, TopicSpec } from './bus.ts';
import { MemoryGroup } from './memory-group.ts';
import type { MemoryMembership } from './memory-group.ts';
import type { RunnerOptions } from './runner.ts';
import { runConsumer } from './runner.ts';
import { checkTopics } from './topic-check.ts';

export interface MemoryBusOptions extends RunnerOptions {
  /** Topic → the log that it is. */
  readonly logs: ReadonlyMap<string, LogReader>;
  readonly partitions: number;
}

/** The groups of one process; several members of a group are several calls of `consume`, or several buses of `fork`. */
export interface MemoryBus extends Bus {
  /** Another bus over the same groups, as another process would have it. */
  fork(): MemoryBus;
  /** The groups go on without this bus while its consumers run on: as if its process were paused. */
  isolate(): void;
}

export function createMemoryBus(options: MemoryBusOptions): MemoryBus {
  return new InMemoryBus(options, new Map());
}

class InMemoryBus implements MemoryBus {
  readonly kind = 'memory';
  readonly #options: MemoryBusOptions;
  readonly #groups: Map<string, MemoryGroup>;
  readonly #memberships: { readonly group: MemoryGroup; readonly membership: MemoryMembership }[] = [];
  readonly #running: RunningConsumer[] = [];

  constructor(options: MemoryBusOptions, groups: Map<string, MemoryGroup>) {
    this.#options = options;
    this.#groups = groups;
  }

  fork(): MemoryBus {
    return new InMemoryBus(this.#options, this.#groups);
  }

  isolate(): void {
    for (const { group, membership } of this.#memberships) group.remove(membership);
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    checkTopics(topics, this.#options.logs);
  }

  async consume(consumer: Consumer): Promise<RunningConsumer> {
    const { logs, partitions } = this.#options;
    const group = this.#groups.get(consumer.group) ?? new MemoryGroup(partitions);
    this.#groups.set(consumer.group, group);
    const membership = group.join();
    this.#memberships.push({ group, membership });
    const running = runConsumer(consumer, { logs, membership }, this.#options);
    this.#running.push(running);
    return running;
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.map((running) => running.stop()));
  }
}
