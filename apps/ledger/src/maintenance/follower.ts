import type { PoolClient } from 'pg';
import { moveSums } from '../adapters/liability-table.ts';
import { PROJECTIONS } from '../adapters/projections.ts';
import { foldAccounts } from './account-range.ts';
import { insertSql } from './compare.ts';
import { BrokenLogError } from './fold-accounts.ts';
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

const CHANGED = `
SELECT DISTINCT stream FROM ${SCHEMA}.event WHERE log = $1 AND partition = $2 AND position > $3 AND position <= $4`;

/**
 * Keeps the tables of a schema that is not the live one up with the log, from the places that they are known to include: accounts
 * with later events are folded anew from their first, and their rows replaced. So nothing depends on what a row said.
 */
export class Follower {
  #places: Map<number, number>;

  constructor(
    private readonly client: PoolClient,
    readonly schema: string,
    from: Places,
  ) {
    this.#places = new Map(from);
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
          await inTransaction(this.client, 'REPEATABLE READ', () => this.foldTo(partition, to));
        }
      }
    }
  }

  /** Inside a transaction of the caller's, who restores the places when it is rolled back. */
  async foldTo(partition: number, head: number): Promise<void> {
    const at = this.#at(partition);
    if (at >= head) return;
    const changed = await this.client.query<{ stream: string }>(CHANGED, [LOG, partition, at, head]);
    const keys = changed.rows.map(({ stream }) => stream);
    const { folded, broken } = await foldAccounts(this.client, keys);
    const [first] = broken;
    if (first !== undefined) throw new BrokenLogError(first.detail);
    await this.client.query(moveSums(`${this.schema}.`, '-'), [keys]);
    for (const projection of PROJECTIONS) {
      const { table, account } = projection;
      await this.client.query(`DELETE FROM ${this.schema}.${table} WHERE ${account} = ANY ($1::text[])`, [keys]);
      const { arrays, length } = projection.arrays(folded);
      if (length > 0) await this.client.query(insertSql(projection, this.schema), [...arrays]);
    }
    await this.client.query(moveSums(`${this.schema}.`, '+'), [keys]);
    this.#places.set(partition, head);
  }

  #at(partition: number): number {
    return this.#places.get(partition) ?? 0;
  }
}
