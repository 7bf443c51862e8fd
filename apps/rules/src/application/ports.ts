import type { TierSince } from '@jifen/contracts';
import type { Instant } from '@jifen/kernel';
import type { Entry, FactsSince, OnceAward, Place, Total } from '@jifen/rules';

/** A version of a program without its document, which is large. */
export interface VersionPlace {
  readonly program: string;
  readonly version: number;
  readonly effectiveFrom: Instant;
}

export interface PublishedVersion extends VersionPlace {
  readonly publishedAt: Instant;
  /** Id of the key. */
  readonly publishedBy: string;
  /** What the key was called. */
  readonly publishedByName?: string | undefined;
  /** The older version that this one says again. */
  readonly copyOf?: number | undefined;
  readonly document: unknown;
}

export interface Draft {
  readonly document: unknown;
  /** Grows with every change. */
  readonly revision: number;
  readonly updatedAt: Instant;
  /** Id of the key. */
  readonly updatedBy: string;
  readonly updatedByName?: string | undefined;
}

/** `program/member` and the rule. */
export interface OncePlace {
  readonly owner: string;
  readonly rule: string;
}

export interface OnceRow extends OncePlace {
  /** `gone`: taken back, and nothing else qualifies. */
  readonly award: OnceAward & { readonly gone?: true };
}

/** `program/member`, and the instant from which on its causes are needed. */
export interface EntriesWanted {
  readonly owner: string;
  readonly from: Instant;
}

export interface OwnedEntry {
  readonly owner: string;
  readonly entry: Entry;
}

export interface BucketPlace {
  readonly owner: string;
  readonly bucket: string;
}

export interface BucketBefore extends BucketPlace {
  readonly before: Instant;
}

export interface TotalRow extends BucketPlace {
  readonly total: Total;
}

export interface WindowChanges {
  readonly removed: readonly { readonly owner: string; readonly place: Place }[];
  readonly entries: readonly OwnedEntry[];
  readonly totals: readonly TotalRow[];
}

/** What members did, as far as windows need it. */
export interface WindowTables<Sql> {
  /** From the instant on, and the last one before it; at most `limit` of an owner. */
  entriesOf(sql: Sql, wanted: readonly EntriesWanted[], limit: number): Promise<readonly OwnedEntry[]>;
  totalsOf(sql: Sql, places: readonly BucketPlace[]): Promise<readonly TotalRow[]>;
  /** When the last cause before an instant happened that counts in a bucket; nothing where there is none. */
  lastCounted(sql: Sql, places: readonly BucketBefore[]): Promise<readonly (BucketPlace & { readonly at: Instant })[]>;
  saveWindows(sql: Sql, changes: WindowChanges): Promise<void>;
}

/** The service's own tables. Every function takes the connection that it runs on: a transaction's, or the pool. */
export interface RulesTables<Sql> extends WindowTables<Sql> {
  countVersions(sql: Sql): Promise<number>;
  /** Of all programs, in order of program and version. */
  allVersions(sql: Sql): Promise<readonly VersionPlace[]>;
  versionsOf(sql: Sql, program: string, before: number, limit: number): Promise<readonly PublishedVersion[]>;
  version(sql: Sql, program: string, version: number): Promise<PublishedVersion | undefined>;
  newestVersion(sql: Sql, program: string): Promise<PublishedVersion | undefined>;
  insertVersion(sql: Sql, version: PublishedVersion): Promise<void>;
  draft(sql: Sql, program: string): Promise<Draft | undefined>;
  /** Answers the new revision, or nothing when the draft is no longer at `expected`. */
  saveDraft(sql: Sql, program: string, draft: Omit<Draft, 'revision'>, expected?: number): Promise<number | undefined>;
  timelinesOf(sql: Sql, owners: readonly string[]): Promise<ReadonlyMap<string, readonly TierSince[]>>;
  saveTimelines(sql: Sql, rows: ReadonlyMap<string, readonly TierSince[]>): Promise<void>;
  factsOf(sql: Sql, owners: readonly string[]): Promise<ReadonlyMap<string, readonly FactsSince[]>>;
  saveFacts(sql: Sql, rows: ReadonlyMap<string, readonly FactsSince[]>): Promise<void>;
  onceOf(sql: Sql, owners: readonly string[]): Promise<readonly OnceRow[]>;
  saveOnce(sql: Sql, rows: readonly OnceRow[]): Promise<void>;
}
