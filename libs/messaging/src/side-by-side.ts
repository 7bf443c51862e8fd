import type { RunningConsumer } from './bus.ts';
import type { Membership } from './membership.ts';

/** One member's partitions dealt out to so many: each has its own, and the member is gone when all of them have left. */
export function partsOf(membership: Membership, count: number): readonly Membership[] {
  const moved = new Set<number>();
  let staying = count;
  return Array.from({ length: count }, (_, part) => ({
    held: () => membership.held().filter((partition) => partition % count === part),
    // The member moves when none of its parts is stuck.
    moves: () => {
      moved.add(part);
      if (moved.size < count) return;
      moved.clear();
      membership.moves();
    },
    released: (partitions) => membership.released(partitions),
    refresh: () => membership.refresh(),
    onChange: (listener) => membership.onChange(listener),
    leave: async () => {
      staying--;
      if (staying === 0) await membership.leave();
    },
  }));
}

/** Several that run for one member of a group, seen as one. */
export function sideBySide(group: string, parts: readonly RunningConsumer[]): RunningConsumer {
  return {
    group,
    owned: () => parts.flatMap((part) => part.owned()).sort((a, b) => a - b),
    progress: async () => (await Promise.all(parts.map((part) => part.progress()))).flat(),
    stalledFor: () => Math.max(...parts.map((part) => part.stalledFor())),
    lastError: () => parts.map((part) => part.lastError()).find((error) => error !== undefined),
    stop: async () => {
      await Promise.all(parts.map((part) => part.stop()));
    },
  };
}
