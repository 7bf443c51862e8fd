import type { LedgerEntry, MemberStanding } from '@jifen/contracts';
import type {
  Abilities,
  AttemptResult,
  DueReminder,
  Facts,
  Language,
  OpenLot,
  Preferences,
  ProgramWords,
  Settings,
  Trigger,
  Waiting,
} from '@jifen/notifications';
import type { Lane } from './ports.ts';

/** Settings of a program as they are kept. */
export interface KeptSettings {
  readonly program: string;
  /** Grows with every change. */
  readonly revision: number;
  readonly settings: Settings;
  /** Nothing that was recorded before is told: turning messages on tells nobody of old news. */
  readonly notifyFrom: string;
  readonly changedBy: string;
  readonly changedAt: string;
}

export interface SettingTable<Sql> {
  of(sql: Sql, programs: readonly string[]): Promise<readonly KeptSettings[]>;
  /** Of every program. */
  all(sql: Sql): Promise<readonly KeptSettings[]>;
  /** `false` when the program has another revision than `revision - 1`. */
  save(sql: Sql, kept: KeptSettings): Promise<boolean>;
}

export interface WordsTable<Sql> {
  save(sql: Sql, version: ProgramVersion): Promise<void>;
  inForce(sql: Sql, program: string, now: number): Promise<ProgramWords | undefined>;
}

export interface ProgramVersion {
  readonly program: string;
  readonly version: number;
  readonly effectiveFrom: string;
  readonly words: ProgramWords;
}

/** The tier that each member was last heard of with. */
export interface StandingTable<Sql> {
  of(sql: Sql, keys: readonly MemberKey[]): Promise<ReadonlyMap<string, string>>;
  save(sql: Sql, tiers: readonly (MemberKey & { readonly tier: string })[]): Promise<void>;
}

export interface MemberKey {
  readonly program: string;
  readonly member: string;
}

export interface AccountKey extends MemberKey {
  readonly currency: string;
}

/** The price of the dearest reward that each account was told of since it last spent. */
export interface NudgeTable<Sql> {
  /** By `accountName`. */
  of(sql: Sql, accounts: readonly AccountKey[]): Promise<ReadonlyMap<string, number>>;
  save(sql: Sql, told: readonly (AccountKey & { readonly price: number })[]): Promise<void>;
  forget(sql: Sql, accounts: readonly AccountKey[]): Promise<void>;
}

export interface LotKey extends AccountKey {
  readonly lot: string;
}

export interface Account {
  readonly member: string;
  readonly currency: string;
}

export interface ExpiringPoints extends Account {
  readonly points: number;
}

export interface LotTable<Sql> {
  /** Under which `of` answers a lot. */
  nameOf(key: LotKey): string;
  of(sql: Sql, keys: readonly LotKey[]): Promise<ReadonlyMap<string, OpenLot>>;
  save(sql: Sql, lots: readonly { readonly key: LotKey; readonly lot: OpenLot }[]): Promise<void>;
  /** Accounts with points that end in the span, those after `after`. */
  expiring(
    sql: Sql,
    program: string,
    span: Pick<DueReminder, 'from' | 'to'>,
    after: Account,
    limit: number,
  ): Promise<readonly ExpiringPoints[]>;
  /** Answers those that had not had this reminder of this day. */
  remember(
    sql: Sql,
    program: string,
    reminder: Pick<DueReminder, 'lastDay' | 'daysBefore'>,
    accounts: readonly Account[],
  ): Promise<readonly Account[]>;
  /** Last day whose reminders are all queued. */
  finishedDay(sql: Sql, program: string): Promise<string | undefined>;
  finishDay(sql: Sql, program: string, day: string): Promise<void>;
  /** Forgets what ended before the instant, at most `limit`; answers how many. */
  forget(sql: Sql, before: number, limit: number): Promise<number>;
}

export interface BalanceTable<Sql> {
  /** Of each account the newest posting given; an older one than is known changes nothing. */
  save(sql: Sql, postings: readonly { readonly entry: LedgerEntry; readonly position: number }[]): Promise<void>;
  /** The members were told of a reward just now. */
  told(sql: Sql, accounts: readonly AccountKey[], now: number): Promise<void>;
  /** Members after `after` with at least so many points who were told of no reward since `toldBefore`. */
  enough(sql: Sql, wanted: EnoughPoints): Promise<readonly { readonly member: string }[]>;
  /** Remembers that they are told now; answers those who were not since `toldBefore`. */
  tell(
    sql: Sql,
    told: Pick<EnoughPoints, 'program' | 'currency' | 'toldBefore'> & {
      readonly members: readonly string[];
      readonly now: number;
    },
  ): Promise<readonly { readonly member: string; readonly available: number }[]>;
}

export interface EnoughPoints {
  readonly program: string;
  readonly currency: string;
  readonly least: number;
  readonly toldBefore: string;
  readonly after: string;
  readonly limit: number;
}

/** How far a program's postings are read in a partition of the ledger's log. */
export interface LedgerReading {
  readonly program: string;
  readonly position: number;
}

/** Of programs that remind: where the log is read still, and where the consumer goes on (`live`). */
export interface LedgerReadingTable<Sql> {
  /** Begins for each program that has none, in all partitions, unless its settings have another revision by now. */
  open(sql: Sql, programs: readonly Pick<KeptSettings, 'program' | 'revision'>[], partitions: number): Promise<void>;
  /** Reminders are turned off: turned on again, all is read anew. */
  close(sql: Sql, program: string): Promise<void>;
  /** Partitions in which some program is not live yet. */
  partitionsBehind(sql: Sql): Promise<readonly number[]>;
  behind(sql: Sql, partition: number, lock?: 'locked'): Promise<readonly LedgerReading[]>;
  advance(
    sql: Sql,
    partition: number,
    programs: readonly string[],
    to: { readonly position: number; readonly live: boolean },
  ): Promise<void>;
  /** `program partition` of those of the programs that are live. */
  live(sql: Sql, programs: readonly string[]): Promise<ReadonlySet<string>>;
  /** Whether the program is live in every partition. */
  isComplete(sql: Sql, program: string): Promise<boolean>;
}

export type Standing = MemberStanding['standing'];

/** Nobody knows any more who it was. */
export const isErased = (standing: Standing | undefined): boolean =>
  standing === 'anonymised' || standing === 'removed';

export interface Recipient {
  readonly email?: string;
  readonly preferences: Preferences;
  /** Of who takes no part. */
  readonly standing?: Standing;
}

export interface RecipientTable<Sql> {
  find(sql: Sql, key: MemberKey): Promise<Recipient | undefined>;
  setEmail(sql: Sql, key: MemberKey, email: string | undefined, now: number): Promise<void>;
  /** What is left says nothing of the person. */
  eraseContact(sql: Sql, key: MemberKey): Promise<void>;
  setPreferences(sql: Sql, key: MemberKey, preferences: Preferences, now: number): Promise<void>;
  setStanding(sql: Sql, key: MemberKey, standing: Standing, now: number): Promise<void>;
  /** Drops how the member is reached, what it wants, and every message to it. */
  forget(sql: Sql, key: MemberKey): Promise<void>;
}

export interface NewMessage extends MemberKey {
  readonly trigger: Trigger;
  /** What it tells of, e.g. the id of an event: the same is told once on a channel. */
  readonly source: string;
  readonly channel: string;
  readonly facts: Facts;
  readonly dueAt: number;
  readonly occurredAt: string;
}

export const MESSAGE_STATES = ['pending', 'sent', 'merged', 'skipped', 'dead'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export interface Content {
  readonly language: Language;
  readonly title: string;
  readonly body: string;
  readonly link: string;
}

/** What is sent next on a lane: one message, made of one row or of many. */
export interface HeadMessage extends MemberKey {
  /** The oldest row's, the same at every attempt. */
  readonly id: number;
  readonly ids: readonly number[];
  readonly trigger: Trigger;
  readonly attempts: number;
  readonly occurredAt: string;
  readonly address: string | undefined;
  readonly content: Content | { readonly fault: string };
}

/** A way to members. `send` answers what came of it and never throws for what the other side does. */
export interface Channel {
  readonly id: string;
  readonly abilities: Abilities;
  send(message: HeadMessage & { readonly content: Content }): Promise<AttemptResult>;
}

export interface Message extends MemberKey {
  readonly id: number;
  readonly trigger: Trigger;
  readonly source: string;
  readonly channel: string;
  readonly state: MessageState;
  readonly attempts: number;
  readonly dueAt: string | undefined;
  readonly reason: string | undefined;
  readonly mergedInto: number | undefined;
  readonly content: Content | undefined;
  readonly occurredAt: string;
  readonly createdAt: string;
  readonly endedAt: string | undefined;
  readonly readAt: string | undefined;
}

export interface MessageFilter {
  readonly member: string | undefined;
  readonly channel: string | undefined;
  readonly state: MessageState | undefined;
  readonly trigger: Trigger | undefined;
}

export interface PageRequest {
  readonly before: number | undefined;
  readonly limit: number;
}

export type WaitingRow = Waiting & { readonly occurredAt: string };

export interface MessageTable<Sql> {
  /** Queues what is not known yet and opens its lanes; answers how many are new. */
  queue(sql: Sql, messages: readonly NewMessage[], now: number): Promise<number>;
  /** Channels of the given ones with a lane that is due. */
  dueChannels(sql: Sql, channels: readonly string[], now: number): Promise<readonly string[]>;
  waiting(sql: Sql, lane: Lane, limit: number): Promise<readonly WaitingRow[]>;
  sentSince(sql: Sql, key: MemberKey, channel: string, since: string): Promise<number>;
  skip(sql: Sql, skipped: readonly { readonly id: number; readonly reason: string }[], now: number): Promise<void>;
  postpone(sql: Sql, postponed: readonly { readonly id: number; readonly until: number }[]): Promise<void>;
  sent(sql: Sql, message: HeadMessage & { readonly content: Content }, now: number): Promise<void>;
  failed(sql: Sql, ids: readonly number[], reason: string, retryAt: number | undefined, now: number): Promise<void>;
  /** When the lane is due again; `undefined` when nothing waits. */
  nextDue(sql: Sql, lane: Lane): Promise<number | undefined>;
  list(sql: Sql, program: string, filter: MessageFilter, page: PageRequest): Promise<readonly Message[]>;
  newestFacts(sql: Sql, key: MemberKey, trigger: Trigger): Promise<Facts | undefined>;
  inbox(sql: Sql, key: MemberKey, page: PageRequest): Promise<readonly Message[]>;
  unread(sql: Sql, key: MemberKey): Promise<number>;
  /** Marks what the inbox has up to and with the id; answers how many were unread. */
  read(sql: Sql, key: MemberKey, upTo: number, now: number): Promise<number>;
  /** Makes dead and skipped ones pending again; without ids the oldest dead ones. Answers how many. */
  resend(sql: Sql, program: string, ids: readonly number[] | undefined, limit: number, now: number): Promise<number>;
  /** Forgets what ended before the instant, at most `limit`; answers how many. */
  forget(sql: Sql, before: number, limit: number): Promise<number>;
}
