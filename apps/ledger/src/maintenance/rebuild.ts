import type { LogReader } from '@jifen/event-store';
import { createPostgresEventStore } from '@jifen/event-store-postgres';
import type { Pool, PoolClient } from 'pg';
import { accountTable, LIVE, type ProjectionTables } from '../adapters/account-table.ts';
import { tablesSql } from '../adapters/migrations.ts';
import { compare, type Comparison, type Difference } from './compare.ts';
import { foldPage } from './fold-page.ts';
import { alone, inTransaction, LOG, ROLE, SCHEMA } from './session.ts';
import { swap } from './swap.ts';

export interface RebuildOptions {
  /** The owner's, of at least two connections: tables are made and renamed. */
  readonly pool: Pool;
  /** Only build and compare; the live tables stay as they are. */
  readonly verifyOnly?: boolean;
  readonly onProgress?: (progress: RebuildProgress) => void;
}

export interface RebuildProgress {
  readonly partition: number;
  /** Events of the partition folded so far, of how many. */
  readonly position: number;
  readonly of: number;
}

export interface RebuildReport {
  readonly events: number;
  readonly accounts: number;
  readonly lots: number;
  /** Rows in which the live tables differed from the log; 0 is what an auditor wants to see. */
  readonly differing: number;
  /** The first of them, at most 1,000. */
  readonly differences: readonly Difference[];
  readonly swapped: boolean;
}

export const NEXT: ProjectionTables = { account: 'account_next', lot: 'lot_next' };

/** Events of one page, which is one transaction while the writers go on. */
const PAGE = 1_000;
const MAX_LISTED = 1_000;
const CLOSING_ROUNDS = 3;

/**
 * Builds accounts and lots anew from the log, beside the live ones, compares the two and puts the new ones in their place.
 *
 * Writers go on throughout. Each partition is compared in one REPEATABLE READ snapshot, in which the shard's position, the
 * log up to it and both pairs of tables are of the same moment. The swap takes all shard rows, folds the few events
 * since, and renames: commands wait for that moment and none is refused.
 * Throws BrokenLogError when the log itself does not fold, AlreadyRunningError beside another rebuild.
 */
export async function rebuildBalances(options: RebuildOptions): Promise<RebuildReport> {
  return alone(options.pool, async (client) => {
    const rebuild = await Rebuild.prepare(options, client);
    try {
      const compared = await rebuild.buildAndCompare();
      if (options.verifyOnly !== true) await swap(client, rebuild);
      return rebuild.report(compared, options.verifyOnly !== true);
    } finally {
      await dropLeftOvers(client);
    }
  });
}

const dropLeftOvers = async (client: PoolClient): Promise<void> => {
  const tables = ['account_next', 'lot_next', 'account_old', 'lot_old'].map((name) => `${SCHEMA}.${name}`);
  await client.query(`DROP TABLE IF EXISTS ${tables.join(', ')}`);
};

/** How far each partition has been folded into the new tables. */
export class Rebuild {
  readonly #positions = new Map<number, number>();
  readonly #accounts = accountTable(NEXT);

  private constructor(
    private readonly client: PoolClient,
    private readonly log: LogReader,
    private readonly onProgress: (progress: RebuildProgress) => void,
  ) {}

  static async prepare({ pool, onProgress }: RebuildOptions, client: PoolClient): Promise<Rebuild> {
    await dropLeftOvers(client);
    await inTransaction(client, 'READ COMMITTED', async () => {
      await client.query(tablesSql('_next'));
      await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${NEXT.account}, ${NEXT.lot} TO ${ROLE}`);
    });
    const found = await client.query<{ partition: number }>(
      `SELECT partition FROM ${SCHEMA}.shard WHERE log = $1 ORDER BY partition`,
      [LOG],
    );
    const partitions = found.rows.length;
    const log = createPostgresEventStore({ pool, schema: SCHEMA, log: LOG, partitions, clock: () => 0 });
    return new Rebuild(client, log, onProgress ?? (() => undefined));
  }

  get partitions(): readonly number[] {
    return Array.from({ length: this.log.partitions }, (_, partition) => partition);
  }

  async buildAndCompare(): Promise<readonly Comparison[]> {
    const compared: Comparison[] = [];
    for (const partition of this.partitions) {
      await this.#catchUp(partition);
      compared.push(
        await inTransaction(this.client, 'REPEATABLE READ', async () => {
          await this.foldTo(partition, await this.#head(partition));
          return compare(this.client, LIVE, NEXT, partition);
        }),
      );
    }
    return compared;
  }

  /** Each round is shorter than the one before, so that little is left for the moment of the swap. */
  async closeIn(): Promise<void> {
    for (let round = 0; round < CLOSING_ROUNDS; round++) {
      for (const partition of this.partitions) await this.#catchUp(partition);
    }
  }

  /** Folds up to where the log is now, a page a transaction. */
  async #catchUp(partition: number): Promise<void> {
    const heads = await this.log.heads();
    const head = heads[partition] ?? 0;
    for (let at = this.#at(partition); at < head; at = this.#at(partition)) {
      const to = Math.min(head, at + PAGE);
      await inTransaction(this.client, 'READ COMMITTED', () => this.foldTo(partition, to));
      this.onProgress({ partition, position: to, of: head });
    }
  }

  /** Inside a transaction of the caller's; a roll-back of it means starting over, because the place would be ahead. */
  async foldTo(partition: number, head: number): Promise<void> {
    for (let at = this.#at(partition); at < head; at = this.#at(partition)) {
      const page = await this.log.readLog(partition, at, Math.min(PAGE, head - at));
      await foldPage(this.client, this.#accounts, partition, page);
      this.#positions.set(partition, page.at(-1)?.position ?? head);
    }
  }

  /** Places before a transaction that may be rolled back, to be put back with it. */
  places(): ReadonlyMap<number, number> {
    return new Map(this.#positions);
  }

  restore(places: ReadonlyMap<number, number>): void {
    for (const [partition, position] of places) this.#positions.set(partition, position);
  }

  async #head(partition: number): Promise<number> {
    const found = await this.client.query<{ position: number | string }>(
      'SELECT position FROM shard WHERE log = $1 AND partition = $2',
      [LOG, partition],
    );
    return Number(found.rows[0]?.position ?? 0);
  }

  #at(partition: number): number {
    return this.#positions.get(partition) ?? 0;
  }

  report(compared: readonly Comparison[], swapped: boolean): RebuildReport {
    const sum = (of: (comparison: Comparison) => number): number => compared.reduce((total, one) => total + of(one), 0);
    return {
      events: [...this.#positions.values()].reduce((total, position) => total + position, 0),
      accounts: sum(({ accounts }) => accounts),
      lots: sum(({ lots }) => lots),
      differing: sum(({ count }) => count),
      differences: compared.flatMap(({ differences }) => differences).slice(0, MAX_LISTED),
      swapped,
    };
  }
}
