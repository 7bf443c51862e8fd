import type { LedgerEntry } from '@jifen/contracts';
import type { Instant } from '@jifen/kernel';
import { bookedBalance, type Account } from './account.ts';
import type { LedgerEvent, LedgerEventType } from './events.ts';
import { fold } from './evolve.ts';
import type { Reason } from './reasons.ts';

/** A posting before the account's own fields, its balance and its instants are filled in. */
export type Draft = Omit<LedgerEntry, 'program' | 'member' | 'currency' | 'balance' | 'reason'> & {
  readonly reason: Reason;
  /** Default: now. */
  readonly occurredAt?: Instant;
  /** Default: now. */
  readonly effectiveAt?: Instant;
};

/** The fields that say what a posting answers. */
export type Answered = Required<Pick<LedgerEntry, 'award' | 'rule' | 'cause' | 'origin' | 'earnedAt'>> & {
  readonly occurredAt: Instant;
};

const NO_BALANCE = { available: 0, pending: 0, held: 0, debt: 0 };

/** The postings of one decision, each with the balance after it. */
export class Journal {
  readonly events: LedgerEvent[] = [];
  readonly repeated = false;
  account: Account;
  readonly now: Instant;

  constructor(account: Account, now: Instant) {
    this.account = account;
    this.now = now;
  }

  post(type: LedgerEventType, draft: Draft): void {
    const { occurredAt = this.now, effectiveAt = this.now, ...fields } = draft;
    const { program, member, currency } = this.account;
    const entry: LedgerEntry = { program, member, currency, ...fields, balance: NO_BALANCE };
    this.account = fold(this.account, { type, at: this.now, occurredAt, effectiveAt, entry });
    entry.balance = bookedBalance(this.account);
    this.events.push({ type, version: this.account.version, at: this.now, occurredAt, effectiveAt, entry });
  }
}
