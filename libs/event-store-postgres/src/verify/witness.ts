import { GENESIS_HASH, hexOf, MountainRange, type CheckpointLog, type CheckpointPartition } from '@jifen/event-store';
import type { Pool } from 'pg';
import { EVENT_TYPES } from '../event-rows.ts';
import { checkName } from '../pool.ts';

/** Hashes in memory at a time. */
const PAGE = 10_000;

export interface LogPart {
  readonly pool: Pool;
  readonly schema: string;
  readonly log: string;
}

interface HeadRow {
  readonly partition: number;
  readonly position: number;
  readonly hash: Buffer;
}

/** A partition has not the events that its shard row or an earlier checkpoint says it has. */
export class MissingEventsError extends Error {
  override readonly name = 'MissingEventsError';
}

/** Hashes of events after a position up to another, in order, in pages of hexadecimal digits. */
export async function* eventHashes(
  { pool, schema, log }: LogPart,
  partition: number,
  after: number,
  upTo: number,
): AsyncGenerator<readonly string[]> {
  for (let at = after; at < upTo;) {
    const found = await pool.query<{ position: number; hash: Buffer }>({
      text: `SELECT position, hash FROM ${checkName(schema)}.event
             WHERE log = $1 AND partition = $2 AND position > $3 AND position <= $4 ORDER BY position`,
      values: [log, partition, at, Math.min(upTo, at + PAGE)],
      types: EVENT_TYPES,
    });
    const wanted = Math.min(upTo, at + PAGE) - at;
    if (found.rows.length !== wanted)
      throw new MissingEventsError(`${log}-${partition} has not all events from ${at + 1} to ${at + wanted}`);
    yield found.rows.map(({ hash }) => hexOf(hash));
    at += wanted;
  }
}

/**
 * How far the partitions of a log are now. What an earlier checkpoint of the same log has is not read again; its heads must still
 * be there.
 */
export async function witnessLog(
  part: LogPart,
  previous?: CheckpointLog,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<CheckpointLog> {
  const found = await part.pool.query<HeadRow>({
    text: `SELECT partition, position, head_hash AS hash FROM ${checkName(part.schema)}.shard WHERE log = $1 ORDER BY partition`,
    values: [part.log],
    types: EVENT_TYPES,
  });
  const total = found.rows.reduce((sum, { position }) => sum + position, 0);
  let done = 0;
  const partitions: CheckpointPartition[] = [];
  for (const { partition, position, hash } of found.rows) {
    const known = previous?.partitions.find((each) => each.partition === partition);
    if (known !== undefined) await checkHead(part, known);
    const range = new MountainRange(known?.position, known?.peaks);
    let last = known?.hash ?? hexOf(GENESIS_HASH);
    for await (const page of eventHashes(part, partition, range.size, position)) {
      for (const each of page) range.add(each);
      last = page.at(-1) ?? last;
      onProgress(done + range.size, total);
    }
    if (last !== hexOf(hash))
      throw new MissingEventsError(`${part.log}-${partition} ends otherwise than its shard row says`);
    partitions.push({ partition, position, hash: last, peaks: range.peaks });
    done += position;
  }
  return { log: part.log, partitions };
}

async function checkHead(part: LogPart, { partition, position, hash }: CheckpointPartition): Promise<void> {
  const here = await hashAt(part, partition, position);
  if (here !== hash)
    throw new MissingEventsError(`${part.log}-${partition}-${position} is not what the checkpoint says`);
}

/** Hash of the event at a position; of none at 0. */
export async function hashAt(
  { pool, schema, log }: LogPart,
  partition: number,
  position: number,
): Promise<string | undefined> {
  if (position === 0) return hexOf(GENESIS_HASH);
  const found = await pool.query<{ hash: Buffer }>({
    text: `SELECT hash FROM ${checkName(schema)}.event WHERE log = $1 AND partition = $2 AND position = $3`,
    values: [log, partition, position],
    types: EVENT_TYPES,
  });
  const row = found.rows[0];
  return row === undefined ? undefined : hexOf(row.hash);
}

/** Places at which the log does not have what the checkpoint says, one a partition. */
export async function brokenPromises(
  part: LogPart,
  checkpoint: CheckpointLog,
): Promise<readonly CheckpointPartition[]> {
  const broken: CheckpointPartition[] = [];
  for (const each of checkpoint.partitions) {
    if ((await hashAt(part, each.partition, each.position)) !== each.hash) broken.push(each);
  }
  return broken;
}
