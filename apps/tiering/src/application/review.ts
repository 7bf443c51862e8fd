import type { EventStore } from '@jifen/event-store';
import { present } from '@jifen/kernel';
import { positionsOf } from './positions.ts';
import type { LadderVersion, StandingRow, TieringTables } from './ports.ts';
import { occasionOfNow, settle, type Settled } from './settle.ts';

/** Members of one transaction, as many as messages of a flush: it holds the partition’s row, which earning waits for. */
export const REVIEW_PAGE = 250;

export interface ReviewParts<Sql> {
  readonly store: EventStore<Sql>;
  readonly tables: TieringTables<Sql>;
}

/** Members of one program, where they stand by all that is known, and what has to be told of it. */
export async function settleAll<Sql>(
  { tables }: Pick<ReviewParts<Sql>, 'tables'>,
  sql: Sql,
  ladder: LadderVersion,
  rows: readonly StandingRow[],
  now: number,
): Promise<readonly Settled[]> {
  if (rows.length === 0) return [];
  const positions = await positionsOf(tables, sql, ladder, rows, now);
  return rows.map((before) => {
    const { owner, partition } = before;
    const { program } = ladder;
    const place = { owner, program, member: owner.slice(program.length + 1), partition };
    const position = present(positions.get(owner), `a position of ${owner}`);
    return settle({ place, before, position, ladder, occasion: occasionOfNow(now), now });
  });
}

/**
 * Tells of the next members of a partition whom time alone has changed something for, at most `REVIEW_PAGE`; answers how many.
 * What a review says follows from what counts, so this decides nothing: it publishes and puts down when to look next. Each is
 * done once, whoever else does the same: a page reads what is due under the partition's row, and leaves nothing of it due.
 */
export const reviewSome = <Sql>({ store, tables }: ReviewParts<Sql>, partition: number): Promise<number> =>
  store.transact({ partitions: [partition] }, async (tx) => {
    const due = await tables.standingsDue(tx.sql, partition, tx.now, REVIEW_PAGE);
    const byProgram = new Map<string, StandingRow[]>();
    for (const row of due) {
      const program = row.owner.slice(0, row.owner.indexOf('/'));
      byProgram.set(program, [...(byProgram.get(program) ?? []), row]);
    }
    const ladders = await tables.laddersInForce(tx.sql, [...byProgram.keys()], tx.now);
    const saved: StandingRow[] = [];
    for (const [program, rows] of byProgram) {
      const ladder = ladders.get(program);
      const all = ladder === undefined ? [] : await settleAll({ tables }, tx.sql, ladder, rows, tx.now);
      for (const { row, events } of all) {
        for (const event of events) tx.append(partition, event);
        saved.push(row);
      }
    }
    await tables.saveStandings(tx.sql, saved);
    return saved.length;
  });
