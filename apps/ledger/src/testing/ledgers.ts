import type { Pool } from 'pg';
import { commandsOf, type CommandProcess } from './command-process.ts';
import { startLedgerDatabase, type LedgerDatabase } from './ledger-database.ts';
import type { LedgerProcess, LedgerProcessOptions } from './ledger-process.ts';
import { RatingFeed } from './rating-feed.ts';

/** Two processes of one ledger with the commands of each, and ratings for them. Stopped with the database. */
export interface Ledgers {
  readonly database: LedgerDatabase;
  /** The database's owner. */
  readonly admin: Pool;
  readonly one: LedgerProcess;
  readonly other: LedgerProcess;
  readonly here: CommandProcess;
  readonly there: CommandProcess;
  readonly feed: RatingFeed;
}

export async function startLedgers(options: Omit<LedgerProcessOptions, 'url'>): Promise<Ledgers> {
  const database = await startLedgerDatabase();
  const { admin } = database;
  const [one, other] = [database.open(options), database.open(options)];
  const [here, there] = [commandsOf(one), commandsOf(other)];
  return { database, admin, one, other, here, there, feed: new RatingFeed(options.partitions) };
}
