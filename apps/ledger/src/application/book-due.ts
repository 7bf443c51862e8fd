import { inHalves, mayBeOnes, type EventStore, type Transaction } from '@jifen/event-store';
import { errorText, instantFromMillis, InvariantError, memberKey, type Instant } from '@jifen/kernel';
import type { Account, LedgerEvent } from '@jifen/ledger';
import { Book } from './book.ts';
import { parkBreach, type Breach } from './breach.ts';
import { ownerOf } from './owner.ts';
import type { AccountChange, AccountQuery, Accounts } from './ports.ts';

/** A limit or a trigger of the server, damaged rows, or a statement that takes too long. */
const SERVER_SQLSTATES = /^(54|P0|XX)|^57014$/;

/** Besides faults in the data also those of the server: nothing is held against the account but that it is tried again later. */
const mayBeOnesForNow = (error: unknown): boolean =>
  mayBeOnes(error) || (error instanceof Error && 'code' in error && SERVER_SQLSTATES.test(String(error.code)));

const NO_AWARDS: ReadonlySet<string> = new Set();
/** An account whose books do not add up is looked at again after this long, and holds up nobody meanwhile. */
const RETRY_AFTER_MS = 3_600_000;

export interface Booked {
  readonly events: readonly LedgerEvent[];
  readonly breaches: readonly Breach[];
  /** Accounts that could not be read or written; nothing was booked in them. */
  readonly failed: readonly Unbooked[];
}

export interface Unbooked {
  /** `program/member/currency`. */
  readonly account: string;
  readonly detail: string;
}

/**
 * Books what time has done to accounts of one partition: activations, holds that ended, expiries, so that those who listen hear of
 * it; no balance waits for it. Whatever another process books first is not booked again, because the accounts are read again
 * under the partition's row; a clock that is behind finds nothing due, one that is ahead books what its own time says, once.
 * An account that fails is found by halving, and its neighbours are booked.
 */
export async function bookDueAccounts<Sql>(
  store: EventStore<Sql>,
  accounts: Accounts<Sql>,
  partition: number,
  keys: readonly string[],
): Promise<Booked> {
  const booked = await inHalves(keys, {
    attempt: (some): Promise<Booked> =>
      store.transact({ partitions: [partition] }, (tx) => bookAll(tx, accounts, partition, some)),
    mayBeOnes: mayBeOnesForNow,
    alone: (account, error) =>
      Promise.resolve({ events: [], breaches: [], failed: [{ account, detail: errorText(error) }] }),
  });
  return {
    events: booked.flatMap(({ events }) => events),
    breaches: booked.flatMap(({ breaches }) => breaches),
    failed: booked.flatMap(({ failed }) => failed),
  };
}

async function bookAll<Sql>(
  tx: Transaction<Sql>,
  accounts: Accounts<Sql>,
  partition: number,
  keys: readonly string[],
): Promise<Booked> {
  const queries = new Map(
    keys.map((key): [string, AccountQuery] => [key, { key, partition, ...ownerOf(key), awards: NO_AWARDS }]),
  );
  const book = await Book.open(tx, accounts, queries);
  const breaches: Breach[] = [];
  const postponed: AccountChange[] = [];
  for (const key of keys) {
    const account = book.account(key);
    // Whole accounts are those still due; the others were booked by somebody else in the meantime.
    if (!account.complete) continue;
    try {
      book.post(key, { kind: 'book-due' });
    } catch (error) {
      if (!(error instanceof InvariantError)) throw error;
      const owner = memberKey(account.program, account.member);
      const breach = { owner, partition, detail: error.message, evidence: { account: key, command: 'book-due' } };
      parkBreach(tx, breach);
      breaches.push(breach);
      const after = putOff(account, instantFromMillis(tx.now), instantFromMillis(tx.now + RETRY_AFTER_MS));
      postponed.push({ key, partition, before: account, after });
    }
  }
  book.save(accounts, postponed);
  return { events: book.events, breaches, failed: [] };
}

function putOff(account: Account, now: Instant, until: Instant): Account {
  const later = (at: Instant | undefined): Instant | undefined => (at !== undefined && at <= now ? until : at);
  const { activationDue, expiryDue, holdDue } = account;
  return { ...account, activationDue: later(activationDue), expiryDue: later(expiryDue), holdDue: later(holdDue) };
}
