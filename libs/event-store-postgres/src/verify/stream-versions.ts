import type { Pool } from 'pg';
import { int8Array, textArray } from '../binary-arrays.ts';
import type { ChainRow } from './chain-rows.ts';

/** Streams whose version is remembered; of others the store is asked. */
const MAX_REMEMBERED = 100_000;

const MISSING = (schema: string): string => `
SELECT w.stream FROM unnest($2::text[], $3::int8[]) AS w (stream, version)
WHERE NOT EXISTS (
  SELECT FROM ${schema}.event e WHERE e.log = $1 AND e.stream = w.stream AND e.version = w.version) LIMIT 1`;

/** Whether each event's stream has the version before it, in bounded memory however many streams there are. */
export class StreamVersions {
  readonly #versions = new Map<string, number>();

  constructor(
    private readonly pool: Pool,
    private readonly schema: string,
    private readonly log: string,
  ) {}

  /** The first row of the page whose predecessor in its stream is missing. */
  async hole(page: readonly ChainRow[]): Promise<ChainRow | undefined> {
    const unsure: ChainRow[] = [];
    for (const row of page) {
      const { stream, version } = row.event;
      const known = this.#versions.get(stream);
      if (version !== 1 && known !== version - 1) unsure.push(row);
      if (known === undefined && this.#versions.size >= MAX_REMEMBERED) this.#forgetOldest();
      this.#versions.set(stream, version);
    }
    if (unsure.length === 0) return undefined;
    const found = await this.pool.query<{ stream: string }>(MISSING(this.schema), [
      this.log,
      textArray(unsure.map(({ event }) => event.stream)),
      int8Array(unsure.map(({ event }) => event.version - 1)),
    ]);
    const stream = found.rows[0]?.stream;
    return stream === undefined ? undefined : unsure.find(({ event }) => event.stream === stream);
  }

  #forgetOldest(): void {
    for (const stream of this.#versions.keys()) {
      this.#versions.delete(stream);
      return;
    }
  }
}
