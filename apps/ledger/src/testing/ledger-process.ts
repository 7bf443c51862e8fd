import type { EventStore } from '@jifen/event-store';
import { createPool, createPostgresEventStore, migrate } from '@jifen/event-store-postgres';
import type { Consumer, Message } from '@jifen/messaging';
import type { Pool, PoolClient } from 'pg';
import { accountTable } from '../adapters/account-table.ts';
import { liabilityReads } from '../adapters/liability-table.ts';
import { dueAccounts, partitionsWithWork } from '../adapters/lanes.ts';
import { LEDGER_MIGRATIONS } from '../adapters/migrations.ts';
import { programTables } from '../adapters/program-tables.ts';
import { createRatingConsumer } from '../adapters/rating-consumer.ts';
import { ledgerReads } from '../adapters/reads.ts';
import { MEMBER_TABLES } from '../adapters/standing-table.ts';
import { bookDueAccounts } from '../application/book-due.ts';
import type { HistoryReads } from '../application/history.ts';
import type { LiabilityReads } from '../application/read-liability.ts';
import { readBalance } from '../application/read-balance.ts';
import type { BalanceView } from '../application/views.ts';
import type { PolicyReads, ReadPolicies } from '../application/worth.ts';

export const ROLE = 'jifen_ledger';
export const SCHEMA = 'ledger';

export async function migrateLedger(admin: Pool): Promise<void> {
  await migrate(admin, { schema: SCHEMA, role: ROLE, migrations: LEDGER_MIGRATIONS });
}

/** One ledger process without its HTTP side: pool, store, consumer, reads. */
export interface LedgerProcess {
  readonly pool: Pool;
  readonly store: EventStore<PoolClient>;
  readonly consumer: Consumer;
  readonly accounts: typeof accountTable;
  readonly reads: ReturnType<typeof ledgerReads> & HistoryReads & PolicyReads & LiabilityReads;
  /** Claims the partitions and handles the messages, as a bus that starts anew does. */
  deliver(messages: readonly Message[]): Promise<void>;
  balance(member: string, program?: string): Promise<BalanceView | undefined>;
  /** Books what is due now in all partitions, as the scheduler does; how many postings it were. */
  bookDue(): Promise<number>;
  close(): Promise<void>;
}

export interface LedgerProcessOptions {
  readonly url: string;
  readonly partitions: number;
  /** PostgreSQL's when left out. */
  readonly clock?: () => number;
  /** Of every program; none when left out. */
  readonly policies?: ReadPolicies;
}

export function openLedger({ url, partitions, clock, policies }: LedgerProcessOptions): LedgerProcess {
  const pool = createPool(url, { role: ROLE, schema: SCHEMA, max: 6 });
  const store = createPostgresEventStore({ pool, schema: SCHEMA, log: 'ledger', partitions, clock });
  const accounts = accountTable;
  const consumer = createRatingConsumer({ store, accounts, programs: programTables(), ...MEMBER_TABLES });
  const reads = { ...ledgerReads(pool), ...liabilityReads(pool), store, policiesOf: () => Promise.resolve(policies) };
  return {
    pool,
    store,
    consumer,
    accounts,
    reads,
    deliver: async (messages) => {
      const claims = await consumer.claim([...new Set(messages.map(({ partition }) => partition))]);
      const epochs = new Map(claims.map(({ partition, epoch }) => [partition, epoch]));
      await consumer.handle({ messages, epochs });
    },
    balance: async (member, program = 'demo') => {
      const found = await readBalance(reads, { program, member, partitions, now: await store.now(), waited: false });
      return found.ok ? found.value.data[0] : undefined;
    },
    bookDue: async () => {
      let postings = 0;
      for (const partition of await partitionsWithWork(pool, partitions, await store.now())) {
        const keys = await dueAccounts(pool, partition, await store.now(), 1_000);
        postings += (await bookDueAccounts(store, accounts, partition, keys)).events.length;
      }
      return postings;
    },
    close: () => pool.end(),
  };
}
