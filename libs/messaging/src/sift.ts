import type { Cursor, Transaction } from '@jifen/event-store';
import type { Read } from './read.ts';

/** A log's message is missing: nothing may be applied behind it, whoever lost it. */
export class SequenceGapError extends Error {
  override readonly name = 'SequenceGapError';
  constructor(
    readonly topic: string,
    readonly partition: number,
    readonly expected: number,
    readonly found: number,
  ) {
    super(`${topic} partition ${partition}: expected sequence ${expected}, found ${found}`);
  }
}

export interface Sifted<Item> {
  /** Not seen before, in order. */
  readonly fresh: readonly Read<Item>[];
  readonly duplicates: number;
  readonly cursors: readonly { readonly partition: number; readonly topic: string; readonly cursor: Cursor }[];
}

interface Lane {
  readonly topic: string;
  readonly partition: number;
  readonly known: boolean;
  offset: number;
  sequence: number;
}

/** Parts what is new from what was seen, by the cursors of the held rows, and tells where the cursors go. */
export function sift<Item>(
  tx: Transaction<unknown>,
  reads: readonly Read<Item>[],
  rules: { readonly sequenced: boolean; readonly acceptFirstGap: boolean },
): Sifted<Item> {
  const lanes = new Map<string, Lane>();
  const fresh: Read<Item>[] = [];
  let lane: Lane | undefined;
  for (const read of reads) {
    // What a partition's topic brought mostly comes in one piece.
    if (lane?.topic !== read.message.topic || lane.partition !== read.message.partition) lane = laneOf(tx, lanes, read);
    if (isNew(lane, read, rules)) fresh.push(read);
    lane.offset = Math.max(lane.offset, read.message.offset + 1);
  }
  const cursors = [...lanes.values()].map(({ topic, partition, offset, sequence }) => ({
    topic,
    partition,
    cursor: { offset, sequence },
  }));
  return { fresh, duplicates: reads.length - fresh.length, cursors };
}

function laneOf(tx: Transaction<unknown>, lanes: Map<string, Lane>, { message }: Read<unknown>): Lane {
  const { topic, partition } = message;
  const name = `${partition} ${topic}`;
  const present = lanes.get(name);
  if (present !== undefined) return present;
  const cursor = tx.shard(partition).cursors[topic];
  const lane = {
    topic,
    partition,
    known: cursor !== undefined,
    offset: cursor?.offset ?? 0,
    sequence: cursor?.sequence ?? 0,
  };
  lanes.set(name, lane);
  return lane;
}

/**
 * A log's sequence is the only judge where there is one: offsets change when a topic is made anew or the bus is another.
 * A message without a readable sequence on a log's topic is none of the log's: it takes no number.
 */
function isNew(lane: Lane, read: Read<unknown>, rules: { sequenced: boolean; acceptFirstGap: boolean }): boolean {
  if (!rules.sequenced || read.sequence === undefined) return read.message.offset >= lane.offset;
  if (read.sequence <= lane.sequence) return false;
  const first = !lane.known && lane.sequence === 0;
  if (read.sequence !== lane.sequence + 1 && !(first && rules.acceptFirstGap))
    throw new SequenceGapError(lane.topic, lane.partition, lane.sequence + 1, read.sequence);
  lane.sequence = read.sequence;
  return true;
}
