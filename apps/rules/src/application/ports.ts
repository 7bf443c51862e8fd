import type { ActivityRecorded, Approval, Origin, TierSince } from '@jifen/contracts';
import type { EventMeta } from '@jifen/event-store';
import type { Instant } from '@jifen/kernel';
import type { Entry, FactsSince, OnceAward, Place, Referral, ReferralData, Total } from '@jifen/rules';

/** A version of a program without its document, which is large. */
export interface VersionPlace {
  readonly program: string;
  readonly version: number;
  readonly effectiveFrom: Instant;
}

/** A version in the index of all of them. */
export interface IndexedVersion extends VersionPlace {
  /** Whether it says when referrals qualify. */
  readonly refers: boolean;
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

/** `program/member` and the award. */
export interface ApprovalPlace {
  readonly owner: string;
  readonly award: string;
}

/** An award that somebody approves, as it stands. */
export interface ApprovalRow extends ApprovalPlace {
  readonly rule: string;
  readonly currency: string;
  /** What it is for, and when that happened. */
  readonly cause: { readonly source: string; readonly id: string };
  readonly occurredAt: string;
  /** Stream of the last rating that names it. */
  readonly stream: string;
  readonly approval: Approval;
  /** When it came into its state. */
  readonly since: Instant;
}

export interface ApprovalFilter {
  readonly program: string;
  readonly state: Approval['state'];
  readonly rule?: string | undefined;
  readonly member?: string | undefined;
  /** Rows behind this place. */
  readonly after?: { readonly since: Instant; readonly award: string } | undefined;
}

export interface ApprovalTables<Sql> {
  approvalsOf(sql: Sql, places: readonly ApprovalPlace[]): Promise<readonly ApprovalRow[]>;
  saveApprovals(sql: Sql, rows: readonly ApprovalRow[]): Promise<void>;
  /** In order of when they came into their state, then of the award. */
  listApprovals(sql: Sql, filter: ApprovalFilter, limit: number): Promise<readonly ApprovalRow[]>;
}

/** That a referee qualified, as both sides were told it last. */
export interface ReferralTold extends ReferralData {
  readonly at: Instant;
}

/** The referral of a member, and what was told of it. */
export interface ReferralState extends Referral {
  readonly told?: ReferralTold | undefined;
  /** Counts what was told: who is told hears of a higher one what replaces a lower one. */
  readonly revision: number;
}

/** What a referral makes happen to a member of any partition: an activity that is rated like one of its own. */
export interface ReferralMessage {
  /** `program/member` of who is told. */
  readonly owner: string;
  readonly event: ActivityRecorded;
  readonly revision: number;
  /** Place in the activity log of what the referee did. */
  readonly origin: Origin;
  readonly meta: EventMeta;
}

/** Referrals by referee, and what is still to be told of them. */
export interface ReferralTables<Sql> {
  referralsOf(sql: Sql, owners: readonly string[]): Promise<ReadonlyMap<string, ReferralState>>;
  saveReferrals(sql: Sql, rows: ReadonlyMap<string, ReferralState>): Promise<void>;
  /** A message replaces an earlier one about the same referee to the same member. */
  sendReferrals(sql: Sql, messages: readonly ReferralMessage[], now: number): Promise<void>;
  /** The oldest that are due; they are due again after the lease, unless they are settled before. */
  takeReferrals(sql: Sql, now: number, leaseMs: number, limit: number): Promise<readonly ReferralMessage[]>;
  /** They were told; what replaced one of them meanwhile stays. */
  settleReferrals(sql: Sql, messages: readonly ReferralMessage[]): Promise<void>;
}

/** The service's own tables. Every function takes the connection that it runs on: a transaction's, or the pool. */
export interface RulesTables<Sql> extends WindowTables<Sql>, ApprovalTables<Sql>, ReferralTables<Sql> {
  countVersions(sql: Sql): Promise<number>;
  /** Of all programs, in order of program and version. */
  allVersions(sql: Sql): Promise<readonly IndexedVersion[]>;
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
