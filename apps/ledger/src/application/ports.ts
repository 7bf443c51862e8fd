import type { Account } from '@jifen/ledger';

/** An account to load, with the awards that are decided about. */
export interface AccountQuery {
  readonly key: string;
  readonly program: string;
  readonly member: string;
  readonly currency: string;
  readonly partition: number;
  readonly awards: ReadonlySet<string>;
}

export interface LoadOptions {
  /** Activations due until then are to be booked: their accounts come with all open lots. */
  readonly now: number;
  /** These come with all open lots in any case. */
  readonly whole?: ReadonlySet<string>;
}

/** An account before and after; `before.version` 0 means that it has no row yet. */
export interface AccountChange {
  readonly key: string;
  readonly partition: number;
  readonly before: Account;
  readonly after: Account;
}

/** The projections that are written in the transaction of their events. */
export interface Accounts<Sql> {
  /**
   * Every account asked for, those never seen as open and empty ones. All lots of the awards are there; all open lots of
   * the account where a decision could need them: it owes points, activations are due, or an award was touched by spending.
   */
  load(sql: Sql, queries: readonly AccountQuery[], options: LoadOptions): Promise<Map<string, Account>>;
  save(sql: Sql, changes: readonly AccountChange[]): Promise<void>;
}

export interface DueAccount {
  readonly key: string;
  readonly partition: number;
}
