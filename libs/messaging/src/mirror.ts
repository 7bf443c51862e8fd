import type { StoredEvent } from '@jifen/event-store';
import type { PublishedLog } from './topics.ts';

/** How far a partition of a log was mirrored, and the offset at which the topic's partition ended then. */
export interface MirrorPlace {
  readonly position: number;
  readonly end: number;
}

/** Where mirrors note their places; one writer a partition, as far as leases can tell. */
export interface MirrorPlaces {
  read(partition: number): Promise<MirrorPlace | undefined>;
  /** By partition. */
  write(places: ReadonlyMap<number, MirrorPlace>): Promise<void>;
}

/** A compacted topic with what the last event of each stream of a log says. Only Kafka compacts: the embedded bus has none. */
export interface Mirror {
  readonly topic: string;
  readonly log: PublishedLog;
  readonly places: MirrorPlaces;
  /** The record in the event's place: its key is the stream's own. Nothing if the event does not tell how its stream stands. */
  state(event: StoredEvent): Pick<StoredEvent, 'key' | 'type' | 'data'> | undefined;
}
