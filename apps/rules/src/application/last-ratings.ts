import type { RatingMade } from '@jifen/contracts';
import type { StoredEvent, Transaction } from '@jifen/event-store';
import { present } from '@jifen/kernel';
import { ratingsOf } from './rating-stream.ts';

/** The last rating of a cause. */
export interface LastRating {
  readonly version: number;
  readonly made: RatingMade;
}

export const lastRating = (event: Pick<StoredEvent, 'version' | 'data'>): LastRating => ({
  version: event.version,
  made: JSON.parse(event.data) as RatingMade,
});

/** Causes of one member read at a time, and how many such pages there can be. */
const CAUSES_PER_PAGE = 500;
const MAX_PAGES = 2_000;

/** Causes of each of several members that are read at once: most who come back have no more. */
const CAUSES_AHEAD = 32;

/** The last ratings that a flush looks at, as they are after what it appended. */
export class LastRatings {
  readonly #tx: Pick<Transaction<unknown>, 'lastOf' | 'lastOfPrefix' | 'lastOfPrefixes'>;
  readonly #last = new Map<string, LastRating>();
  /** Streams that were looked up, also those without any rating. */
  readonly #known = new Set<string>();
  /** Members of whom every cause was read → their streams, what the flush appended among them. */
  readonly #whole = new Map<string, Set<string>>();

  constructor(tx: Pick<Transaction<unknown>, 'lastOf' | 'lastOfPrefix' | 'lastOfPrefixes'>) {
    this.#tx = tx;
  }

  /** The last ratings of streams that may not have been read yet. */
  async need(streams: readonly string[]): Promise<void> {
    const unknown = streams.filter((stream) => !this.#known.has(stream) && !this.#last.has(stream));
    if (unknown.length === 0) return;
    for (const stream of unknown) this.#known.add(stream);
    for (const [stream, event] of await this.#tx.lastOf(unknown)) this.#last.set(stream, lastRating(event));
  }

  of(stream: string): LastRating | undefined {
    return this.#last.get(stream);
  }

  appended(owner: string, stream: string, last: LastRating): void {
    this.#last.set(stream, last);
    this.#whole.get(owner)?.add(stream);
  }

  /** The last rating of each cause of a member, by stream; in no order that means anything. */
  async *causesOf(owner: string): AsyncGenerator<readonly [stream: string, last: LastRating]> {
    const whole = this.#whole.get(owner);
    if (whole !== undefined) {
      // Each as it is when it is looked at: the ones before it may have led to another rating.
      for (const stream of [...whole]) yield [stream, present(this.#last.get(stream), stream)];
      return;
    }
    let after: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const causes = await this.#tx.lastOfPrefix(ratingsOf(owner), CAUSES_PER_PAGE, after);
      for (const event of causes) yield [event.stream, this.#learn(event)];
      if (causes.length < CAUSES_PER_PAGE) return;
      after = causes.at(-1)?.stream;
    }
    throw new Error(`${owner} has more than ${CAUSES_PER_PAGE * MAX_PAGES} causes`);
  }

  /** Reads every cause of members at once; those who have many are left to be read page by page when they are asked for. */
  async readCauses(owners: readonly string[]): Promise<void> {
    const prefixes = new Map([...new Set(owners)].map((owner) => [ratingsOf(owner), owner] as const));
    const found = await this.#tx.lastOfPrefixes([...prefixes.keys()], CAUSES_AHEAD + 1);
    for (const [prefix, events] of found) {
      for (const event of events) this.#learn(event);
      const owner = prefixes.get(prefix);
      if (owner !== undefined && events.length <= CAUSES_AHEAD)
        this.#whole.set(owner, new Set(events.map(({ stream }) => stream)));
    }
  }

  /** What the flush appended is newer than what is read. */
  #learn(event: StoredEvent): LastRating {
    const known = this.#last.get(event.stream) ?? lastRating(event);
    this.#last.set(event.stream, known);
    return known;
  }
}
