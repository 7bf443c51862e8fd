import type { TierSince } from '@jifen/contracts';
import type { Instant } from '@jifen/kernel';
import type { FactsSince, OnceAward } from '@jifen/rules';

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
  readonly award: OnceAward;
}

/** The service's own tables. Every function takes the connection that it runs on: a transaction's, or the pool. */
export interface RulesTables<Sql> {
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
