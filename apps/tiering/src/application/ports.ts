import type { ProgramPublished } from '@jifen/contracts';
import type { Contribution, Grant, Ladder, Standing } from '@jifen/tiering';

/** What a program version says about tiers. */
export interface LadderVersion {
  readonly program: string;
  readonly version: number;
  /** First version with this same ladder: what a standing is computed under. */
  readonly sinceVersion: number;
  /** Absent where the version has no ladder. */
  readonly ladder: Ladder | undefined;
}

export interface OwnedGrant extends Grant {
  /** `program/member`. */
  readonly owner: string;
}

/** A member's row: the fold, the ladder it was computed under, and the version of the member's stream in the tier log. */
export interface StandingRow extends Standing {
  /** `program/member`. */
  readonly owner: string;
  readonly partition: number;
  /** `sinceVersion` of the ladder; 0 when none was in force. */
  readonly ladderVersion: number;
  readonly version: number;
  /** Code of the tier that the member was last told to be near to. */
  readonly near: string | undefined;
}

export interface StandingPage {
  readonly program: string;
  readonly partition: number;
  readonly after: string;
  readonly limit: number;
}

/** How far the members of a partition were recomputed for a ladder. */
export interface Recomputation {
  readonly program: string;
  readonly partition: number;
  readonly ladderVersion: number;
  readonly after: string;
  readonly done: boolean;
}

/** The service's tables. `Sql` is the handle of a transaction, or of a connection for reads. */
export interface TieringTables<Sql> {
  /** The newest version in force of each program that has one. */
  laddersInForce(sql: Sql, programs: readonly string[], now: number): Promise<ReadonlyMap<string, LadderVersion>>;
  programs(sql: Sql): Promise<readonly string[]>;
  /** Versions of a program arrive in order, so that the one before is known. */
  saveLadder(sql: Sql, published: ProgramPublished, ladder: Ladder | undefined): Promise<void>;
  /** Each replaces what is known of its award. */
  saveGrants(sql: Sql, grants: readonly OwnedGrant[]): Promise<void>;
  /** Everything that was granted to the owners in the currencies, by `grantsKey`. */
  grantsOf(
    sql: Sql,
    owners: readonly string[],
    currencies: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Contribution[]>>;
  standingsOf(sql: Sql, owners: readonly string[]): Promise<ReadonlyMap<string, StandingRow>>;
  /** Members of a program in one partition behind `after`, in order of their keys. */
  standingsAfter(sql: Sql, page: StandingPage): Promise<readonly StandingRow[]>;
  saveStandings(sql: Sql, rows: readonly StandingRow[]): Promise<void>;
  recomputations(sql: Sql, program: string): Promise<readonly Recomputation[]>;
  saveRecomputation(sql: Sql, recomputation: Recomputation): Promise<void>;
}

export const grantsKey = (owner: string, currency: string): string => `${owner} ${currency}`;
