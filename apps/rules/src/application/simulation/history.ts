import { createHash } from 'node:crypto';
import type { LogReader, StoredEvent } from '@jifen/event-store';
import type { Instant } from '@jifen/kernel';

const PAGE = 500;
/** Events of one partition in memory at once. */
const MAX_PARTITION_EVENTS = 100_000;
const BUCKETS = 10_000;

export interface HistorySlice {
  readonly program: string;
  /** Events that were recorded from here on; from the beginning when absent. */
  readonly since?: Instant | undefined;
  /** Of the members, in hundredths of a percent at the finest; always the same ones. */
  readonly percent: number;
  /** Only this one, whatever the percent. */
  readonly member?: string | undefined;
}

export interface HistoryControl {
  readonly signal: AbortSignal;
  /** Called after every page and member: lets others work, and throws when it must end. */
  pause(): Promise<void>;
  read(events: number): void;
}

export interface MemberEvents {
  /** `program/member`. */
  readonly owner: string;
  readonly events: readonly StoredEvent[];
}

/** History is larger than what is allowed in memory: the caller takes a smaller sample. */
export class TooMuchHistoryError extends Error {
  override readonly name = 'TooMuchHistoryError';
}

/** A member is in every sample that is as large as its place: the sample of 5 % is a part of that of 10 %. */
export function isSampled(owner: string, percent: number): boolean {
  if (percent >= 100) return true;
  const place = createHash('sha256').update(`simulation/${owner}`).digest().readUInt32BE(0) % BUCKETS;
  return place < percent * (BUCKETS / 100);
}

function wantedBy({ program, member, percent }: HistorySlice): (owner: string) => boolean {
  const prefix = `${program}/`;
  return member === undefined
    ? (owner) => owner.startsWith(prefix) && isSampled(owner, percent)
    : (owner) => owner === prefix + member;
}

/** What a partition of the activity log tells of the members of a slice, up to a position, in order for each. */
export async function membersOf(
  log: LogReader,
  place: { readonly partition: number; readonly head: number },
  slice: HistorySlice,
  control: HistoryControl,
): Promise<readonly MemberEvents[]> {
  const { partition, head } = place;
  const isWanted = wantedBy(slice);
  const byOwner = new Map<string, StoredEvent[]>();
  let kept = 0;
  const first = slice.since === undefined ? 0 : await positionBefore(log, partition, head, slice.since);
  for (let position = first; position < head;) {
    const events = await log.readLog(partition, position, Math.min(PAGE, head - position));
    const last = events.at(-1);
    if (last === undefined) break;
    position = last.position;
    for (const event of events) {
      if (!isWanted(event.key)) continue;
      const own = byOwner.get(event.key);
      if (own === undefined) byOwner.set(event.key, [event]);
      else own.push(event);
      if (++kept > MAX_PARTITION_EVENTS)
        throw new TooMuchHistoryError(
          `partition ${partition} alone has more than ${MAX_PARTITION_EVENTS} events in it: take fewer days or a smaller percent`,
        );
    }
    control.read(events.length);
    await control.pause();
  }
  return [...byOwner].map(([owner, events]) => ({ owner, events }));
}

/** The last position that was recorded before an instant: a partition is written in the order of its clock. */
async function positionBefore(log: LogReader, partition: number, head: number, since: Instant): Promise<number> {
  let [low, high] = [0, head];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const [event] = await log.readLog(partition, middle, 1);
    if (event !== undefined && event.recordedAt < since) low = middle + 1;
    else high = middle;
  }
  return low;
}
