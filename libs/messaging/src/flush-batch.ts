import { ConcurrencyError, mayBeOnes } from '@jifen/event-store';
import { InvariantError } from '@jifen/kernel';
import type { Batch } from './bus.ts';
import { findCulprits } from './culprits.ts';
import type { FlushOptions, MemberFailure } from './flush.ts';
import type { Flushing, Outturn } from './flush-attempt.ts';
import { attempt, MembersFailed, rehearse } from './flush-attempt.ts';
import { readMessage } from './read.ts';

/** How often a batch is decided again because somebody else wrote what it was based on. */
const MAX_CONFLICTS = 8;

/** Runs the batch until it is durable: decides again after conflicts, parks the members that fail and runs without them. */
export async function flush<Sql, Item>(options: FlushOptions<Sql, Item>, batch: Batch): Promise<void> {
  if (batch.messages.length === 0) return;
  const started = performance.now();
  const flushing = begin(options, batch);
  const outturn = await settle(flushing);
  options.observe?.({
    messages: batch.messages.length,
    ...outturn,
    millis: performance.now() - started,
    decideMillis: flushing.applyMillis,
  });
}

function begin<Sql, Item>(options: FlushOptions<Sql, Item>, batch: Batch): Flushing<Sql, Item> {
  const reads = batch.messages.map((message) => readMessage(options, message));
  const partitions = new Set<number>();
  for (const { partition } of batch.messages) partitions.add(partition);
  if (options.partitionsOf !== undefined) {
    const delivered = reads.flatMap((read) => (read.ok ? [read.delivered] : []));
    for (const partition of options.partitionsOf(delivered)) partitions.add(partition);
  }
  return {
    options,
    reads,
    partitions: [...partitions].sort((a, b) => a - b),
    epochs: new Map([...batch.epochs].filter(([partition]) => partitions.has(partition))),
    failures: new Map(),
    applying: new Set(),
    applyMillis: 0,
  };
}

/** Each round parks at least one more key, so that there are at most as many rounds as keys. */
async function settle<Sql, Item>(flushing: Flushing<Sql, Item>): Promise<Outturn> {
  const { options, reads, failures, partitions } = flushing;
  for (let round = 0; round <= reads.length; round++) {
    try {
      return await decideAgain(() => attempt(flushing));
    } catch (error) {
      options.release?.(partitions);
      for (const failure of await failuresBehind(flushing, error)) failures.set(failure.key, failure);
    }
  }
  throw new InvariantError(`${options.group}: members kept failing after ${failures.size} were parked`);
}

async function decideAgain<T>(work: () => Promise<T>): Promise<T> {
  for (let conflicts = 0; ; conflicts++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ConcurrencyError) || conflicts >= MAX_CONFLICTS) throw error;
    }
  }
}

async function failuresBehind<Sql, Item>(
  flushing: Flushing<Sql, Item>,
  error: unknown,
): Promise<readonly MemberFailure[]> {
  const { applying, options } = flushing;
  if (error instanceof MembersFailed) {
    const strangers = error.failures.filter(({ key }) => !applying.has(key));
    if (strangers.length === 0) return error.failures;
    throw new InvariantError(`${options.group}: apply failed ${strangers[0]?.key}, which is not in the batch`);
  }
  if (!mayBeOnes(error) || applying.size === 0) throw error;
  return findCulprits([...applying], error, async (keys) => {
    options.release?.(flushing.partitions);
    await decideAgain(() => rehearse(flushing, keys));
  });
}
