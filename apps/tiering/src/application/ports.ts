import type { ProgramPublished } from '@jifen/contracts';
import type { Instant } from '@jifen/kernel';
import type { Assignment, Digest, Facts, Grant, Ladder, Needs, Purchase, Standing } from '@jifen/tiering';

/** What a program version says about tiers. */
export interface LadderVersion {
  readonly program: string;
  readonly version: number;
  /** First version with this same ladder: what a standing is computed under. */
  readonly sinceVersion: number;
  /** Absent where the version has no ladder. */
  readonly ladder: Ladder | undefined;
}

export type RankedLadder = LadderVersion & { readonly ladder: Ladder };

export interface OwnedGrant extends Grant {
  /** `program/member`. */
  readonly owner: string;
}

/** What an order counts as by its last revision. */
export interface OwnedPurchase extends Purchase {
  readonly owner: string;
  readonly source: string;
  readonly orderId: string;
  /** Of the revision, in its partition of the activity log. */
  readonly position: number;
}

/** Orders of a program that counts none yet. */
export interface OrderBundle {
  readonly program: string;
  readonly orders: readonly OwnedPurchase[];
}

/** A member of whom nothing is settled yet. */
export interface Unsettled {
  readonly owner: string;
  readonly partition: number;
}

/** A tier given by hand, and by whom and why. */
export interface OwnedAssignment extends Assignment {
  readonly owner: string;
  readonly reason: string;
  readonly actor: string;
}

export interface OwnedJoining {
  readonly owner: string;
  readonly at: Instant;
}

/** Names an award or an order of which something is known. */
export type FactKey =
  | { readonly owner: string; readonly award: string }
  | { readonly owner: string; readonly source: string; readonly orderId: string };

/** What is known of a member of whom much is, under the ladder of `ladderVersion` with its currency. */
export interface DigestRow {
  readonly owner: string;
  readonly ladderVersion: number;
  readonly currency: string;
  readonly digest: Digest;
}

/** A member's row: the fold, the ladder it was computed under, and the version of the member's stream in the tier log. */
export interface StandingRow extends Standing {
  /** `program/member`. */
  readonly owner: string;
  readonly partition: number;
  /** `sinceVersion` of the ladder; 0 when none was in force. */
  readonly ladderVersion: number;
  readonly version: number;
  /** The tier that the member was last told to be near to. */
  readonly near: string | undefined;
  /** Up to when reviews are told of; absent before the first look under a ladder that has them. */
  readonly settledAt: Instant | undefined;
  /** The review that the member was last warned of. */
  readonly warned: Instant | undefined;
  /** Whether a tier was ever given by hand. */
  readonly assigned: boolean;
  /** When time alone will change something; absent when never. */
  readonly due: Instant | undefined;
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

/** What waits for its review, counted up to a limit. */
export interface ReviewBacklog {
  readonly members: number;
  /** When the oldest of them was due. */
  readonly since: Instant | undefined;
}

/** The service's tables. `Sql` is the handle of a transaction, or of a connection for reads. */
export interface TieringTables<Sql> {
  /** The newest version in force of each program that has one. One that awaits orders is in force when it has them. */
  laddersInForce(sql: Sql, programs: readonly string[], now: number): Promise<ReadonlyMap<string, LadderVersion>>;
  programs(sql: Sql): Promise<readonly string[]>;
  /** Versions of a program arrive in order, so that the one before is known. */
  saveLadder(sql: Sql, published: ProgramPublished, ladder: Ladder | undefined): Promise<void>;
  /** Each replaces what is known of its award. */
  saveGrants(sql: Sql, grants: readonly OwnedGrant[]): Promise<void>;
  /** Those that have a version, in force or not, which counts spend or orders. */
  countingOrders(sql: Sql, programs: readonly string[]): Promise<ReadonlySet<string>>;
  awaitingOrders(sql: Sql): Promise<readonly string[]>;
  /** The program's ladders await orders no longer. */
  haveOrders(sql: Sql, program: string): Promise<void>;
  saveBundle(sql: Sql, bundle: OrderBundle): Promise<void>;
  /** The oldest bundles of a program, which are gone with it. */
  takeBundles(sql: Sql, program: string, limit: number): Promise<readonly OrderBundle[]>;
  /** Each replaces what is known of its order, unless that stood behind it. */
  savePurchases(sql: Sql, purchases: readonly OwnedPurchase[]): Promise<void>;
  /** The first time that a member joined stays. */
  saveJoinings(sql: Sql, joinings: readonly OwnedJoining[]): Promise<void>;
  saveAssignment(sql: Sql, assignment: OwnedAssignment): Promise<void>;
  /** Oldest first. */
  assignmentsOf(sql: Sql, owners: readonly string[]): Promise<readonly OwnedAssignment[]>;
  /** What is known of each owner, of what is needed; one of whom nothing is known is missing. */
  factsOf(sql: Sql, owners: readonly string[], needs: Needs): Promise<ReadonlyMap<string, Facts>>;
  /** The same of these awards and orders alone; nothing of when members joined, and nothing by hand. */
  factsAbout(sql: Sql, keys: readonly FactKey[]): Promise<ReadonlyMap<string, Facts>>;
  digestsOf(sql: Sql, owners: readonly string[]): Promise<ReadonlyMap<string, DigestRow>>;
  saveDigests(sql: Sql, rows: readonly DigestRow[]): Promise<void>;
  /** Of those whose milestone is the one that they have. */
  saveRecent(sql: Sql, rows: readonly DigestRow[]): Promise<void>;
  dropDigests(sql: Sql, owners: readonly string[]): Promise<void>;
  standingsOf(sql: Sql, owners: readonly string[]): Promise<ReadonlyMap<string, StandingRow>>;
  /** Members of a program in one partition behind `after`, in order of their keys. */
  standingsAfter(sql: Sql, page: StandingPage): Promise<readonly StandingRow[]>;
  /** Members of a program in every partition behind an owner, in order of their keys. */
  standingsOfProgram(sql: Sql, program: string, after: string, limit: number): Promise<readonly StandingRow[]>;
  countStandings(sql: Sql, program: string): Promise<number>;
  /** Members of a partition that time has changed something for, longest due first. */
  standingsDue(sql: Sql, partition: number, now: number, limit: number): Promise<readonly StandingRow[]>;
  partitionsDue(sql: Sql, partitions: number, now: number): Promise<readonly number[]>;
  reviewBacklog(sql: Sql, now: number): Promise<ReviewBacklog>;
  saveStandings(sql: Sql, rows: readonly StandingRow[]): Promise<void>;
  /** Makes a row for those who have none, so that recomputations come by. */
  awaitStandings(sql: Sql, members: readonly Unsettled[]): Promise<void>;
  recomputations(sql: Sql, program: string): Promise<readonly Recomputation[]>;
  saveRecomputation(sql: Sql, recomputation: Recomputation): Promise<void>;
}
