import type { MemberStanding, TransferMade } from '@jifen/contracts';
import type { Instant } from '@jifen/kernel';
import type { Account, Policies, PolicyPart } from '@jifen/ledger';

/** An account to load, with what of it is decided about; what is left out is not needed. */
export interface AccountQuery {
  readonly key: string;
  readonly program: string;
  readonly member: string;
  readonly currency: string;
  readonly partition: number;
  /** All lots of these, open or not. */
  readonly awards: ReadonlySet<string>;
  /** All open lots and holds. */
  readonly whole?: boolean;
  /** All lots with expired points. */
  readonly expired?: boolean;
  /** All lots of the awards of these lots. */
  readonly lots?: ReadonlySet<string>;
  readonly holds?: ReadonlySet<string>;
  /** With all lots that they took from. */
  readonly redemptions?: ReadonlySet<string>;
  /** With all their lots. */
  readonly transfers?: ReadonlySet<string>;
  /** All transfers that belong to these merges. */
  readonly merges?: ReadonlySet<string>;
  readonly transfersSince?: Instant | undefined;
  /** Commands that may have been carried out before. */
  readonly commands?: ReadonlySet<string>;
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
  load(sql: Sql, queries: readonly AccountQuery[], now: number): Promise<ReadonlyMap<string, Account>>;
  save(sql: Sql, changes: readonly AccountChange[]): Promise<void>;
  /** Keeps what left for other accounts until it was answered there. */
  saveLegs(sql: Sql, legs: readonly Leg[]): Promise<void>;
}

/** The first leg of a transfer, on its way to the other end. */
export interface Leg {
  /** Key of the account that it left. */
  readonly account: string;
  readonly partition: number;
  readonly leg: TransferMade;
}

/** Legs that wait for their answer, written in transactions of the partition that they left. */
export interface Legs<Sql> {
  /** They were answered, and that is posted in the same transaction. */
  drop(sql: Sql, legs: readonly Leg[]): Promise<void>;
  /** They failed, and are looked at again later. */
  postpone(sql: Sql, legs: readonly Leg[], until: number): Promise<void>;
}

/** A version of a program, as far as the ledger follows it. */
export interface PublishedPolicy {
  readonly program: string;
  readonly version: number;
  readonly effectiveFrom: string;
  readonly part: PolicyPart;
}

export interface MemberTier {
  /** `program/member`. */
  readonly owner: string;
  readonly partition: number;
  readonly tier: string;
}

/** Who takes no part. */
export interface Standings<Sql> {
  saveStandings(sql: Sql, standings: readonly MemberStanding[], partitionOf: (owner: string) => number): Promise<void>;
  /** By `program/member`; those who are active are missing. */
  standingsOf(sql: Sql, owners: readonly string[]): Promise<ReadonlyMap<string, InactiveMember>>;
}

export type InactiveMember = Pick<MemberStanding, 'program' | 'member' | 'standing' | 'actor'>;

/** What other services tell, kept in the transaction that moves their cursors. */
export interface Programs<Sql> {
  savePolicy(sql: Sql, policy: PublishedPolicy): Promise<void>;
  saveTiers(sql: Sql, tiers: readonly MemberTier[]): Promise<void>;
}

export interface ProgramReads<Sql> {
  /** By program; those that published nothing yet are missing. */
  policiesInForce(sql: Sql, programs: readonly string[], now: number): Promise<ReadonlyMap<string, Policies>>;
  /** By `program/member`; those without a tier are missing. */
  tiersOf(sql: Sql, owners: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
