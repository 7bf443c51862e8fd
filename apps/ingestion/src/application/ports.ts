import type { RefundNotice, Standing } from '@jifen/activity';
import type { Problem } from '@jifen/contracts';
import type { Identity, RecordKind, Via } from './submission.ts';

export interface IdentityKey extends Identity {
  readonly program: string;
}

export const identityText = ({ program, namespace, value }: IdentityKey): string => `${program}/${namespace}/${value}`;

/** A refund notice whose order has not come. */
export interface WaitingRefund {
  readonly program: string;
  readonly stream: string;
  readonly source: string;
  readonly notice: RefundNotice;
}

export interface Rejection {
  /** The same for the same bytes, so that a record refused twice is kept once. */
  readonly id: string;
  readonly program: string;
  readonly kind: RecordKind;
  readonly source: string;
  readonly bytes: Uint8Array;
  readonly problem: Problem;
  readonly via: Via;
}

export interface Settlement {
  readonly id: string;
  readonly outcome: string;
}

/** Reads that come before the transaction, to know which rows to lock. */
export interface Directory {
  /** `identityText` → member, of those that are known. */
  membersOf(identities: readonly IdentityKey[]): Promise<ReadonlyMap<string, string>>;
  /** Order stream → partition, of those that exist. */
  partitionsOf(streams: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** The service's own tables, inside the transaction of a flush. */
export interface Tables<Sql> {
  waitingFor(sql: Sql, streams: readonly string[]): Promise<readonly WaitingRefund[]>;
  addWaiting(sql: Sql, waiting: readonly WaitingRefund[]): Promise<void>;
  removeWaiting(sql: Sql, waiting: readonly WaitingRefund[]): Promise<void>;
  /** Keeps each once; one that was redriven before and is refused again is open again. */
  keepRejected(sql: Sql, rejections: readonly Rejection[]): Promise<void>;
  /** Marks kept records as done. */
  settle(sql: Sql, settlements: readonly Settlement[]): Promise<void>;
  /** Links the identities to the member; answers those that belong to somebody else, and then links none. */
  linkIdentities(
    sql: Sql,
    program: string,
    member: string,
    identities: readonly Identity[],
  ): Promise<readonly Identity[]>;
  /** Of members by `program/member`, of those who are not active. */
  standingsOf(sql: Sql, owners: readonly string[]): Promise<ReadonlyMap<string, Standing>>;
  saveStanding(sql: Sql, owner: string, standing: Standing): Promise<void>;
  /**
   * Unlinks the identities of the member, and drops the bytes of kept records and dead letters that name it or one of them.
   * Answers how many of each.
   */
  forget(sql: Sql, program: string, member: string): Promise<Forgotten>;
}

export interface Forgotten {
  readonly identities: number;
  readonly records: number;
  /** Of records that a source published itself: of each only the hash of its bytes is left. */
  readonly deadLetters: number;
}
