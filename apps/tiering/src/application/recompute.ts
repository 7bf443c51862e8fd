import type { EventStore, Transaction } from '@jifen/event-store';
import type { LadderVersion, Recomputation, TieringTables } from './ports.ts';
import { settleAll } from './review.ts';

/** Members recomputed in one transaction. */
export const RECOMPUTE_PAGE = 200;

export interface RecomputeParts<Sql> {
  readonly store: EventStore<Sql>;
  readonly tables: TieringTables<Sql>;
}

/**
 * Brings the members of a partition under the ladder in force, a page at a time: where it is interrupted it goes on later.
 * Safe beside the consumer and beside itself in another process: each page holds the partition's row. Answers the number of
 * members that it looked at.
 */
async function recomputePartition<Sql>(
  parts: RecomputeParts<Sql>,
  program: string,
  partition: number,
  signal: AbortSignal,
): Promise<number> {
  let seen = 0;
  while (!signal.aborted) {
    const page = await parts.store.transact({ partitions: [partition] }, (tx) =>
      onePage(tx, parts, program, partition),
    );
    seen += page.members;
    if (page.done) break;
  }
  return seen;
}

async function onePage<Sql>(
  tx: Transaction<Sql>,
  { tables }: RecomputeParts<Sql>,
  program: string,
  partition: number,
): Promise<{ readonly members: number; readonly done: boolean }> {
  const ladder = (await tables.laddersInForce(tx.sql, [program], tx.now)).get(program);
  if (ladder === undefined) return { members: 0, done: true };
  const known = (await tables.recomputations(tx.sql, program)).find((row) => row.partition === partition);
  const current = known?.ladderVersion === ladder.sinceVersion ? known : undefined;
  if (current?.done === true) return { members: 0, done: true };
  const after = current?.after ?? '';
  const rows = await tables.standingsAfter(tx.sql, { program, partition, after, limit: RECOMPUTE_PAGE });
  const behind = rows.filter((row) => row.ladderVersion !== ladder.sinceVersion);
  const settled = await settleAll({ tables }, tx.sql, ladder, behind, tx.now);
  for (const { events } of settled) for (const event of events) tx.append(partition, event);
  await tables.saveStandings(
    tx.sql,
    settled.map(({ row }) => row),
  );
  const done = rows.length < RECOMPUTE_PAGE;
  const next: Recomputation = {
    program,
    partition,
    ladderVersion: ladder.sinceVersion,
    after: rows.at(-1)?.owner ?? after,
    done,
  };
  await tables.saveRecomputation(tx.sql, next);
  return { members: rows.length, done };
}

/** Whether every partition has been brought under the ladder. */
const settledUnder = (ladder: LadderVersion, recomputations: readonly Recomputation[], partitions: number): boolean =>
  recomputations.filter((row) => row.done && row.ladderVersion === ladder.sinceVersion).length >= partitions;

/** Looks for programs whose ladder changed, or whose next ladder came into force, and brings their members under it. */
export async function recomputeAll<Sql>(
  parts: RecomputeParts<Sql>,
  sql: Sql,
  now: number,
  signal: AbortSignal,
): Promise<number> {
  const { store, tables } = parts;
  const programs = await tables.programs(sql);
  let seen = 0;
  for (const ladder of (await tables.laddersInForce(sql, programs, now)).values()) {
    if (settledUnder(ladder, await tables.recomputations(sql, ladder.program), store.partitions)) continue;
    for (let partition = 0; partition < store.partitions && !signal.aborted; partition++)
      seen += await recomputePartition(parts, ladder.program, partition, signal);
  }
  return seen;
}
