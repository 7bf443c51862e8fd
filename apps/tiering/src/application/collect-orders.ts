import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '@jifen/event-store';
import { partitionOf } from '@jifen/kernel';
import type { TieringTables } from './ports.ts';

/** Bundles that become rows in one transaction, some 500 orders each at most: it holds all partitions, some ten milliseconds. */
export const BUNDLES_PAGE = 2;

export interface CollectParts<Sql> {
  readonly store: EventStore<Sql>;
  readonly tables: TieringTables<Sql>;
}

/**
 * Makes rows of the orders that were put down before a ladder counted them, and lets that ladder come into force. Each page
 * takes its bundles away, so that an interrupted one goes on with what is left. A page holds every partition: once it finds
 * none there can come no more, because whoever wrote one had not seen the ladder.
 */
export async function collectOrders<Sql>(parts: CollectParts<Sql>, sql: Sql, signal: AbortSignal): Promise<number> {
  let orders = 0;
  for (const program of await parts.tables.awaitingOrders(sql)) {
    while (!signal.aborted) {
      const started = performance.now();
      const page = await collectPage(parts, program);
      if (page === 0) break;
      orders += page;
      // Postings wait for half of the time at most.
      await sleep(performance.now() - started, undefined, { signal }).catch(() => undefined);
    }
  }
  return orders;
}

const collectPage = <Sql>({ store, tables }: CollectParts<Sql>, program: string): Promise<number> =>
  store.transact({ partitions: Array.from({ length: store.partitions }, (_, partition) => partition) }, async (tx) => {
    const orders = (await tables.takeBundles(tx.sql, program, BUNDLES_PAGE)).flatMap((bundle) => bundle.orders);
    if (orders.length === 0) {
      await tables.haveOrders(tx.sql, program);
      return 0;
    }
    await tables.savePurchases(tx.sql, orders);
    const owners = [...new Set(orders.map(({ owner }) => owner))];
    await tables.awaitStandings(
      tx.sql,
      owners.map((owner) => ({ owner, partition: partitionOf(owner, store.partitions) })),
    );
    return orders.length;
  });
