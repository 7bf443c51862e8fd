import type { LogReader } from '@jifen/event-store';
import { createPostgresEventStore } from '@jifen/event-store-postgres';
import type { Pool, PoolClient } from 'pg';
import { accountTable } from '../adapters/account-table.ts';
import { foldPage } from './fold-page.ts';
import { inTransaction, LOG, SCHEMA } from './session.ts';

/** Events of one page, which is one transaction while the writers go on. */
const PAGE = 1_000;
const CLOSING_ROUNDS = 3;

export type Places = ReadonlyMap<number, number>;

/** Partition → position of the head. */
export async function headsOf(client: PoolClient): Promise<Places> {
  const found = await client.query<{ partition: number; position: number | string }>(
    `SELECT partition, position FROM ${SCHEMA}.shard WHERE log = $1 ORDER BY partition`,
    [LOG],
  );
  return new Map(found.rows.map(({ partition, position }) => [partition, Number(position)]));
}

/** Keeps the tables of a schema that is not the live one up with the log, from the places that they are known to include. */
export class Follower {
  #places: Map<number, number>;
  readonly #accounts = accountTable();
  readonly #log: LogReader;

  constructor(
    pool: Pool,
    private readonly client: PoolClient,
    readonly schema: string,
    from: Places,
  ) {
    this.#places = new Map(from);
    this.#log = createPostgresEventStore({ pool, schema: SCHEMA, log: LOG, partitions: from.size, clock: () => 0 });
  }

  places(): Places {
    return new Map(this.#places);
  }

  /** After a transaction was rolled back. */
  restore(places: Places): void {
    this.#places = new Map(places);
  }

  /** Each round is shorter than the one before, so that little is left for the moment of the swap. */
  async closeIn(): Promise<void> {
    for (let round = 0; round < CLOSING_ROUNDS; round++) {
      for (const [partition, head] of await headsOf(this.client)) {
        for (let at = this.#at(partition); at < head; at = this.#at(partition)) {
          const to = Math.min(head, at + PAGE);
          await inTransaction(this.client, 'READ COMMITTED', () => this.foldTo(partition, to));
        }
      }
    }
  }

  /** Inside a transaction of the caller's, who restores the places when it is rolled back. */
  async foldTo(partition: number, head: number): Promise<void> {
    if (this.#at(partition) >= head) return;
    // Names without a schema are those of the tables beside the live ones.
    await this.client.query(`SET LOCAL search_path = ${this.schema}, ${SCHEMA}`);
    for (let at = this.#at(partition); at < head; at = this.#at(partition)) {
      const page = await this.#log.readLog(partition, at, Math.min(PAGE, head - at));
      await foldPage(this.client, this.#accounts, partition, page);
      this.#places.set(partition, page.at(-1)?.position ?? head);
    }
    await this.client.query(`SET LOCAL search_path = ${SCHEMA}`);
  }

  #at(partition: number): number {
    return this.#places.get(partition) ?? 0;
  }
}
