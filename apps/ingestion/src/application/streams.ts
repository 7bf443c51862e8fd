import type { Transaction } from '@jifen/event-store';
import type { Instant } from '@jifen/kernel';
import type { EventMeta } from '@jifen/event-store';
import type { Place } from './submission.ts';

/** The last event of a stream as this flush sees it, with what the flush itself has appended. */
export interface Known<State> {
  readonly state: State | undefined;
  readonly version: number;
  readonly place: Place | undefined;
}

export interface Recorded {
  readonly stream: string;
  readonly key: string;
  readonly type: string;
  readonly partition: number;
  readonly occurredAt: string;
  readonly meta: EventMeta;
}

/** The streams of one flush: read in one query, decoded when asked for, kept up to date while it appends. */
export class Streams {
  readonly #known = new Map<string, Known<unknown>>();

  private constructor(readonly tx: Transaction<unknown>) {}

  static async load(tx: Transaction<unknown>, names: readonly string[]): Promise<Streams> {
    const streams = new Streams(tx);
    const last = names.length === 0 ? new Map() : await tx.lastOf(names);
    for (const [name, event] of last) {
      const place = { partition: event.partition, position: event.position };
      streams.#known.set(name, { state: JSON.parse(event.data), version: event.version, place });
    }
    return streams;
  }

  /** The type of a stream's state follows from its name; who asks knows which it is. */
  get<State>(stream: string): Known<State> {
    return (this.#known.get(stream) as Known<State> | undefined) ?? { state: undefined, version: 0, place: undefined };
  }

  append<State>(event: Recorded, state: State): Place {
    const version = this.get(event.stream).version + 1;
    const { position } = this.tx.append(event.partition, {
      stream: event.stream,
      version,
      key: event.key,
      type: event.type,
      schemaVersion: 1,
      data: JSON.stringify(state),
      content: state,
      meta: event.meta,
      occurredAt: event.occurredAt as Instant,
      effectiveAt: event.occurredAt as Instant,
    });
    const place = { partition: event.partition, position };
    this.#known.set(event.stream, { state, version, place });
    return place;
  }
}
