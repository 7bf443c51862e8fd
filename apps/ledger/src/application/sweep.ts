import type { EventStore, Transaction } from '@jifen/event-store';
import { instantFromMillis, InvariantError, present } from '@jifen/kernel';
import type { LedgerEvent } from '@jifen/ledger';
import { Book } from './book.ts';
import { ownerOf } from './owner.ts';
import type { AccountChange, AccountQuery, Accounts, DueAccount } from './ports.ts';

const NO_AWARDS: ReadonlySet<string> = new Set();
/** An account whose books do not add up is looked at again after this long, and holds up nobody meanwhile. */
const RETRY_AFTER_MS = 3_600_000;

export interface SweepFailure {
  readonly account: string;
  readonly detail: string;
}

export interface Swept {
  readonly events: readonly LedgerEvent[];
  readonly failures: readonly SweepFailure[];
}

/**
 * Books activations whose time has come, so that those who listen hear of them; no balance waits for it. Whatever
 * another process books first is not booked again, because the accounts are read again under the partition's row.
 */
export async function sweepActivations<Sql>(
  store: EventStore<Sql>,
  accounts: Accounts<Sql>,
  due: readonly DueAccount[],
): Promise<Swept> {
  const byPartition = new Map<number, AccountQuery[]>();
  for (const { key, partition } of due) {
    const queries = byPartition.get(partition) ?? [];
    queries.push({ key, partition, ...ownerOf(key), awards: NO_AWARDS });
    byPartition.set(partition, queries);
  }
  const swept: Swept[] = [];
  for (const [partition, queries] of byPartition) {
    swept.push(await store.transact({ partitions: [partition] }, (tx) => sweep(tx, accounts, queries)));
  }
  return {
    events: swept.flatMap(({ events }) => events),
    failures: swept.flatMap(({ failures }) => failures),
  };
}

async function sweep<Sql>(
  tx: Transaction<Sql>,
  accounts: Accounts<Sql>,
  queries: readonly AccountQuery[],
): Promise<Swept> {
  const before = await accounts.load(tx.sql, queries, { now: tx.now });
  const book = new Book(tx, new Map(queries.map((query) => [query.key, query])), before);
  const failures: SweepFailure[] = [];
  const postponed: AccountChange[] = [];
  for (const { key, partition } of queries) {
    const account = present(before.get(key), key);
    // Whole accounts are those still due; the others were booked by somebody else in the meantime.
    if (!account.complete) continue;
    try {
      book.post(key, { kind: 'book-activations' });
    } catch (error) {
      if (!(error instanceof InvariantError)) throw error;
      failures.push({ account: key, detail: error.message });
      const after = { ...account, activationDue: instantFromMillis(tx.now + RETRY_AFTER_MS) };
      postponed.push({ key, partition, before: account, after });
    }
  }
  await accounts.save(tx.sql, [...book.changes(), ...postponed]);
  return { events: book.events, failures };
}
