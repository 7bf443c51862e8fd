import type { EventStore, Transaction } from '@jifen/event-store';
import type { LedgerEvent } from '@jifen/ledger';
import { Book } from './book.ts';
import type { AccountQuery, Accounts, DueAccount } from './ports.ts';
import { ownerOf } from './owner.ts';

const NO_AWARDS: ReadonlySet<string> = new Set();

/**
 * Books activations whose time has come, so that those who listen hear of them; no balance waits for it. Whatever
 * another process books first is not booked again, because the accounts are read again under the partition's row.
 */
export async function sweepActivations<Sql>(
  store: EventStore<Sql>,
  accounts: Accounts<Sql>,
  due: readonly DueAccount[],
): Promise<readonly LedgerEvent[]> {
  const byPartition = new Map<number, AccountQuery[]>();
  for (const { key, partition } of due) {
    const queries = byPartition.get(partition) ?? [];
    queries.push({ key, partition, ...ownerOf(key), awards: NO_AWARDS });
    byPartition.set(partition, queries);
  }
  const events: LedgerEvent[] = [];
  for (const [partition, queries] of byPartition) {
    events.push(...(await store.transact({ partitions: [partition] }, (tx) => book(tx, accounts, queries))));
  }
  return events;
}

async function book<Sql>(
  tx: Transaction<Sql>,
  accounts: Accounts<Sql>,
  queries: readonly AccountQuery[],
): Promise<readonly LedgerEvent[]> {
  const before = await accounts.load(tx.sql, queries, { now: tx.now });
  const book = new Book(tx, new Map(queries.map((query) => [query.key, query])), before);
  for (const { key } of queries) if (before.get(key)?.complete === true) book.post(key, { kind: 'book-activations' });
  await accounts.save(tx.sql, book.changes());
  return book.events;
}
