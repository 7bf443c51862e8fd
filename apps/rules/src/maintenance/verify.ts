import { NOTHING_FOUND, together, withClient } from '@jifen/event-store-postgres';
import { memberKey, partitionOf } from '@jifen/kernel';
import type { Pool, PoolClient } from 'pg';
import type { Queryable } from '../adapters/queryable.ts';
import { tables } from '../adapters/tables.ts';
import { ProgramCatalog } from '../application/program-catalog.ts';
import { rangesOfAll } from './all-ranges.ts';
import { compareSlices, type BudgetFindings } from './budget-check.ts';
import { BudgetFold, type Places } from './budget-fold.ts';
import { compareTotals, repairTotal } from './budget-totals.ts';
import { findElsewhere, unreadable } from './elsewhere.ts';
import { rangeOfMember } from './member-range.ts';
import { replaceRow } from './books.ts';
import { inTransaction, LOG } from './session.ts';
import { checkRange, headsOf, type RangeFound, type RulesFindings, type WalkParts } from './walk.ts';

export interface RulesBooksOptions {
  /** The owner's, of at least two connections. */
  readonly pool: Pool;
  /** Only this member, and no budgets, which are of all. */
  readonly member?: { readonly program: string; readonly member: string };
  /** Events folded so far, of how many. */
  readonly onProgress?: (progress: { readonly position: number; readonly of: number }) => void;
}

export interface RulesRebuild extends RulesFindings {
  /** Rows that were put right; one that a command changed meanwhile was right by itself. */
  readonly replaced: number;
}

/**
 * Folds the rating log and compares every row of the service's own books, range by range, each in a snapshot of its own: writers go on,
 * and no row differs for their sake. Changes nothing.
 */
export const compareRules = (options: RulesBooksOptions): Promise<RulesFindings> => walk(options, undefined);

/**
 * Puts in place of every row that differs what the log gives, and takes away what it does not give. A member's rows are folded and
 * replaced together in one transaction under its partition's row, as everybody writes them: commands wait for that moment and none is
 * refused. What is right is never touched, and a member whose ratings do not fold is left as it is.
 */
export async function rebuildRules(options: RulesBooksOptions): Promise<RulesRebuild> {
  const repairs = new Repairs(options.pool);
  const found = await walk(options, repairs);
  return { ...found, replaced: repairs.replaced };
}

async function walk(
  { pool, member, onProgress }: RulesBooksOptions,
  repairs: Repairs | undefined,
): Promise<RulesFindings> {
  return withClient(pool, async (client) => {
    const elsewhere = await findElsewhere(client);
    const parts: WalkParts = { catalog: new ProgramCatalog<Queryable>(tables), elsewhere };
    const heads = await headsOf(client);
    const of = [...heads.values()].reduce((sum, position) => sum + position, 0);
    let found: RulesFindings = { ...NOTHING_FOUND, left: unreadable(elsewhere) };
    const note = async ({ differences, ...more }: RangeFound): Promise<void> => {
      found = together(found, { ...more, differing: differences.length, differences: differences.map(shown) });
      for (const owner of new Set(differences.map(({ account }) => account))) await repairs?.member(owner, parts);
    };
    if (member !== undefined) {
      const range = rangeOfMember(memberKey(member.program, member.member));
      await note(await inTransaction(client, 'REPEATABLE READ', () => checkRange(client, parts, range)));
      return found;
    }
    const budgets = new BudgetFold(heads);
    for await (const range of rangesOfAll(client)) {
      await note(await inTransaction(client, 'REPEATABLE READ', () => checkRange(client, parts, range, budgets)));
      onProgress?.({ position: Math.min(found.events, of), of });
    }
    budgets.close();
    // Sums of ratings that could not be read would tell nothing.
    if (found.broken.length > 0) return found;
    const sums = await compareBudgets(client, parts, budgets, repairs);
    return together(found, { events: 0, ...sums, differing: sums.differences.length, broken: [] });
  });
}

const shown = ({ table, account, row, live, rebuilt }: RangeFound['differences'][number]) => ({
  table,
  account,
  row,
  live,
  rebuilt,
});

async function compareBudgets(
  client: PoolClient,
  { catalog }: WalkParts,
  fold: BudgetFold,
  repairs: Repairs | undefined,
): Promise<BudgetFindings> {
  const rows: Record<string, number> = {};
  const differences: BudgetFindings['differences'][number][] = [];
  const take = (found: BudgetFindings): void => {
    for (const [table, count] of Object.entries(found.rows)) rows[table] = (rows[table] ?? 0) + count;
    differences.push(...found.differences);
  };
  for (const partition of fold.places.keys()) {
    const check = { fold, partition, repair: false };
    const found = await inTransaction(client, 'REPEATABLE READ', () => compareSlices(client, check));
    take(found);
    if (found.differences.length > 0) await repairs?.slices(fold, partition);
  }
  const totals = await inTransaction(client, 'REPEATABLE READ', async () => {
    await catalog.refresh(client);
    return compareTotals(client, catalog, fold);
  });
  take(totals);
  for (const difference of totals.differences) await repairs?.total(catalog, fold, difference);
  return { rows, differences };
}

/** Each on a connection and in a transaction of its own, under the row of the partition. */
class Repairs {
  readonly #pool: Pool;
  replaced = 0;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async member(owner: string, parts: WalkParts): Promise<void> {
    await this.#under(owner, async (client) => {
      const { differences } = await checkRange(client, parts, rangeOfMember(owner));
      for (const { book, before, after } of differences) await replaceRow(client, book, before, after);
      this.replaced += differences.length;
    });
  }

  async slices(fold: BudgetFold, partition: number): Promise<void> {
    await this.#under(partition, async (client) => {
      const { differences } = await compareSlices(client, { fold, partition, repair: true });
      this.replaced += differences.length;
    });
  }

  async total(catalog: ProgramCatalog<Queryable>, fold: BudgetFold, difference: BudgetFindings['differences'][number]) {
    await withClient(this.#pool, (client) =>
      inTransaction(client, 'READ COMMITTED', () => repairTotal(client, catalog, fold, difference)),
    );
    this.replaced += 1;
  }

  #under(of: string | number, work: (client: PoolClient) => Promise<void>): Promise<void> {
    return withClient(this.#pool, async (client) => {
      const heads: Places = await headsOf(client);
      const partition = typeof of === 'number' ? of : partitionOf(of, heads.size);
      await inTransaction(client, 'READ COMMITTED', async () => {
        await client.query('SELECT 1 FROM shard WHERE log = $1 AND partition = $2 FOR UPDATE', [LOG, partition]);
        await work(client);
      });
    });
  }
}
