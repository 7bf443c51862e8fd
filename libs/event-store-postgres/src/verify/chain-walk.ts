import { eventHashHex, GENESIS_HASH, hexOf } from '@jifen/event-store';
import type { Pool } from 'pg';
import { chainPages, type ChainRow } from './chain-rows.ts';
import { diagnose, missing } from './diagnose.ts';
import type { Finding } from './finding.ts';
import { StreamVersions } from './stream-versions.ts';
import { strays } from './strays.ts';

/** Hash of the event at a position of a partition, in hexadecimal digits, as somebody noted it earlier. */
export interface WitnessedHead {
  readonly partition: number;
  readonly position: number;
  readonly hash: string;
}

/** The first row of a partition that is not as it was written. */
export interface BrokenRow extends Finding {
  readonly log: string;
  readonly partition: number;
  readonly position: number;
}

/** One partition as its shard row says it is. */
export interface Chain {
  readonly schema: string;
  readonly log: string;
  readonly head: { readonly partition: number; readonly position: number; readonly headHash: Uint8Array };
  readonly witnessed: readonly WitnessedHead[];
}

export interface Walked {
  /** The last that is as it was written. */
  readonly position: number;
  readonly broken: BrokenRow | undefined;
}

/** Walks the chain of one partition from its first event to the head of its shard row; tells the position after each page. */
export async function walkChain(pool: Pool, chain: Chain, onPage: (position: number) => void): Promise<Walked> {
  const walk = new Walk({ ...chain, pool });
  const broken = await walk.run(onPage);
  return { position: walk.position, broken };
}

interface WalkOptions extends Chain {
  readonly pool: Pool;
}

class Walk {
  position = 0;
  #previous = hexOf(GENESIS_HASH);
  readonly #witnessed: ReadonlyMap<number, string>;

  constructor(private readonly options: WalkOptions) {
    const { head, witnessed } = options;
    const ours = witnessed.filter(({ partition }) => partition === head.partition);
    this.#witnessed = new Map(ours.map(({ position, hash }) => [position, hash]));
  }

  /** The first row that is not as it was written. */
  async run(onPage: (position: number) => void): Promise<BrokenRow | undefined> {
    const { pool, schema, log, head } = this.options;
    const streams = new StreamVersions(pool, schema, log);
    for await (const page of chainPages({ pool, schema, log, partition: head.partition }, head.position)) {
      for (const row of page) {
        if (!this.#holds(row)) return this.#broken(this.position + 1, await this.#explain(page, row));
        this.#previous = row.hash;
        this.position = row.event.position;
      }
      const hole = await streams.hole(page);
      if (hole !== undefined) {
        const what = `version ${hole.event.version - 1} of its stream is missing`;
        return this.#broken(hole.event.position, { what });
      }
      onPage(this.position);
    }
    if (this.position < head.position) return this.#broken(this.position + 1, await this.#missing());
    if (hexOf(head.headHash) !== this.#previous)
      return this.#broken(this.position, { what: 'its hash is not the head hash in the shard row' });
    for (const position of this.#witnessed.keys()) {
      if (position > this.position) return this.#broken(position, { what: 'an event of the checkpoint is missing' });
    }
    return undefined;
  }

  #holds({ event, hash, empty }: ChainRow): boolean {
    return (
      empty === undefined &&
      event.position === this.position + 1 &&
      eventHashHex(this.#previous, event) === hash &&
      (this.#witnessed.get(event.position) ?? hash) === hash
    );
  }

  async #explain(page: readonly ChainRow[], row: ChainRow): Promise<Finding> {
    const { pool, schema, head } = this.options;
    if (row.event.position !== this.position + 1) return this.#missing();
    const previous = this.#previous;
    // The chain itself holds there: whoever rewrote it computed all its hashes anew.
    const rewritten = row.empty === undefined && eventHashHex(previous, row.event) === row.hash;
    if (rewritten) return { what: 'the log was rewritten: a checkpoint has another hash here' };
    const isLast = row.event.position === head.position;
    const following = page.slice(page.indexOf(row) + 1);
    return diagnose({ pool, schema, previous, row, following, head: isLast ? hexOf(head.headHash) : undefined });
  }

  async #missing(): Promise<Finding> {
    const { pool, schema, log, head } = this.options;
    const place = { log, partition: head.partition, position: this.position + 1 };
    return missing(await strays(pool, schema, log), this.#previous, place);
  }

  #broken(position: number, finding: Finding): BrokenRow {
    return { log: this.options.log, partition: this.options.head.partition, position, ...finding };
  }
}
