import { mountainOf, MountainRange, type CheckpointPartition, type Mountain } from '@jifen/event-store';
import { EVENT_COLUMNS, EVENT_TYPES, type EventRow } from '../event-rows.ts';
import { checkName } from '../pool.ts';
import { eventHashes, hashAt, MissingEventsError, type LogPart } from './witness.ts';

/** Everything that anybody needs to see that an event is in a signed checkpoint, besides that checkpoint. */
export interface InclusionProof {
  /** The event, with its columns as the hash has them. */
  readonly event: {
    readonly log: string;
    readonly partition: number;
    readonly position: number;
    readonly stream: string;
    readonly version: number;
    readonly key: string;
    readonly type: string;
    readonly schemaVersion: number;
    readonly occurredAt: string;
    readonly recordedAt: string;
    readonly effectiveAt: string;
    readonly meta: string;
    readonly data: string;
  };
  /** Hash of the event before it. */
  readonly previous: string;
  /** Siblings on the way from the event to its peak, lowest first: one for each doubling of the events. */
  readonly path: readonly string[];
}

/** Proofs for positions of one partition, in their order. Positions that the checkpoint does not cover are a RangeError. */
export async function prove(
  part: LogPart,
  checkpoint: CheckpointPartition,
  positions: readonly number[],
): Promise<readonly InclusionProof[]> {
  const { partition, position: size } = checkpoint;
  const byMountain = new Map<number, { readonly mountain: Mountain; readonly paths: Map<number, string[]> }>();
  for (const position of positions) {
    if (position > size)
      throw new RangeError(`${part.log}-${partition}-${position} is newer than the checkpoint, which ends at ${size}`);
    const mountain = mountainOf(position, size);
    const wanted = byMountain.get(mountain.peak) ?? { mountain, paths: new Map<number, string[]>() };
    wanted.paths.set(position, []);
    byMountain.set(mountain.peak, wanted);
  }
  const paths = new Map<number, string[]>();
  for (const { mountain, paths: wanted } of byMountain.values()) {
    const { start, size: events } = mountain;
    const range = new MountainRange();
    for await (const page of eventHashes(part, partition, start, start + events)) {
      for (const hash of page) range.add(hash, wanted.get(start + range.size + 1));
    }
    if (range.peaks[0] !== checkpoint.peaks[mountain.peak])
      throw new MissingEventsError(`${part.log}-${partition} is not what the checkpoint says: verify it`);
    for (const [position, path] of wanted) paths.set(position, path);
  }
  const proofs: InclusionProof[] = [];
  for (const position of positions) {
    proofs.push({ ...(await eventAt(part, partition, position)), path: paths.get(position) ?? [] });
  }
  return proofs;
}

async function eventAt(
  part: LogPart,
  partition: number,
  position: number,
): Promise<Pick<InclusionProof, 'event' | 'previous'>> {
  const { pool, schema, log } = part;
  const found = await pool.query<EventRow>({
    text: `SELECT ${EVENT_COLUMNS} FROM ${checkName(schema)}.event e WHERE e.log = $1 AND e.partition = $2 AND e.position = $3`,
    values: [log, partition, position],
    types: EVENT_TYPES,
  });
  const [row] = found.rows;
  const previous = await hashAt(part, partition, position - 1);
  if (row === undefined || previous === undefined)
    throw new MissingEventsError(`${log}-${partition}-${position} is missing`);
  const { stream, version, key, type, schemaVersion, occurredAt, recordedAt, effectiveAt, meta, data } = row;
  const place = { log, partition, position, stream, version, key, type, schemaVersion };
  return { event: { ...place, occurredAt, recordedAt, effectiveAt, meta, data }, previous };
}

/** Positions of a member's newest events up to one, oldest first, in a log whose streams begin with its key. */
export async function eventsOfKey(
  { pool, schema, log }: LogPart,
  partition: number,
  key: string,
  upTo: number,
  limit: number,
): Promise<readonly number[]> {
  const found = await pool.query<{ position: number }>({
    text: `SELECT position FROM ${checkName(schema)}.event
           WHERE log = $1 AND partition = $2 AND stream >= $3 AND stream < $4 AND position <= $5 AND key = $6
           ORDER BY position DESC LIMIT $7`,
    values: [log, partition, `${key}/`, `${key}0`, upTo, key, limit],
    types: EVENT_TYPES,
  });
  return found.rows.map(({ position }) => position).reverse();
}
