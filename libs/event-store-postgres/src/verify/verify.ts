import { eventHashHex, GENESIS_HASH, hexOf } from '@jifen/event-store';
import type { Pool } from 'pg';
import { EVENT_TYPES } from '../event-rows.ts';
import { checkName } from '../pool.ts';
import { chainPages, type ChainRow } from './chain-rows.ts';
import { diagnose, missing } from './diagnose.ts';
import type { Finding } from './finding.ts';
import { StreamVersions } from './stream-versions.ts';
import { strays } from './strays.ts';

export interface VerifyOptions {
  readonly pool: Pool;
  readonly schema: string;
  readonly log: string;
  /** Only this one; by default all. */
  readonly partition?: number;
  /** What a checkpoint says was there: the chain must pass through each of these hashes. */
  readonly witnessed?: readonly WitnessedHead[];
}

/** Hash of the event at a position of a partition, in hexadecimal digits, as somebody noted it earlier. */
export interface WitnessedHead {
  readonly partition: number;
  readonly position: number;
  readonly hash: string;
}

/** After each page: how far the partition was walked, of how much; `events` of all partitions so far, of `total`. */
export interface VerifyProgress {
  readonly partition: number;
  readonly position: number;
  readonly of: number;
  readonly events: number;
  readonly total: number;
}

/** The first row of a partition that is not as it was written. */
export interface BrokenRow extends Finding {
  readonly log: string;
  readonly partition: number;
  readonly position: number;
}

export type Verification =
  | { readonly ok: true; readonly events: number }
  | { readonly ok: false; readonly events: number; readonly broken: BrokenRow };

interface Head {
  readonly partition: number;
  readonly position: number;
  readonly headHash: Buffer;
}

const headsSql = (schema: string): string => `
SELECT s.partition, s.position, s.head_hash AS "headHash" FROM ${schema}.shard s WHERE s.log = $1 ORDER BY s.partition`;

/**
 * Walks the hash chain of a log and says which row is the first that was changed, removed or added behind the store's back.
 * Reads in pages, blocks nobody; what is appended after the walk began is not part of it.
 */
export async function verifyLog(
  options: VerifyOptions,
  onProgress: (progress: VerifyProgress) => void = () => undefined,
): Promise<Verification> {
  const { pool, log, partition, witnessed = [] } = options;
  const schema = checkName(options.schema);
  const found = await pool.query<Head>({ text: headsSql(schema), values: [log], types: EVENT_TYPES });
  const heads = found.rows.filter((head) => partition === undefined || head.partition === partition);
  const gone = witnessed.find((each) => !heads.some((head) => head.partition === each.partition));
  if (gone !== undefined && partition === undefined)
    return {
      ok: false,
      events: 0,
      broken: { log, ...placeOf(gone), what: 'the partition of a checkpoint is missing' },
    };
  const total = heads.reduce((sum, { position }) => sum + position, 0);
  let events = 0;
  for (const head of heads) {
    const walk = new Walk({ pool, schema, log, head, witnessed });
    const broken = await walk.run((position) => {
      onProgress({ partition: head.partition, position, of: head.position, events: events + position, total });
    });
    events += walk.position;
    if (broken !== undefined) return { ok: false, events, broken };
  }
  const [stray] = (await strays(pool, schema, log)).filter(
    (row) => partition === undefined || (row.log === log && row.partition === partition),
  );
  if (stray === undefined) return { ok: true, events };
  return { ok: false, events, broken: { ...placeOf(stray), log: stray.log, what: stray.why } };
}

const placeOf = ({ partition, position }: { readonly partition: number; readonly position: number }) => ({
  partition,
  position,
});

interface WalkOptions {
  readonly pool: Pool;
  readonly schema: string;
  readonly log: string;
  readonly head: Head;
  readonly witnessed: readonly WitnessedHead[];
}

/** The chain of one partition from its first event to the head of its shard row. */
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
