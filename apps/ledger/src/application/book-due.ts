import type { EventStore, Transaction } from '@jifen/event-store';
import { instantFromMillis, InvariantError, memberKey, type Instant } from '@jifen/kernel';
import type { Account, LedgerEvent } from '@jifen/ledger';
import { Book } from './book.ts';
import { parkBreach, type Breach } from './breach.ts';
import { mayBeOnesForNow } from './may-be-ones.ts';
import { ownerOf } from './owner.ts';
import type { AccountChange, AccountQuery, Accounts } from './ports.ts';

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
  try {
    return await store.transact({ partitions: [partition] }, (tx) => bookAll(tx, accounts, partition, keys));
  } catch (error) {
    const [only] = keys;
    if (only === undefined || !mayBeOnesForNow(error)) throw error;
    if (keys.length === 1) {
      const detail = error instanceof Error ? error.message : String(error);
      return { events: [], breaches: [], failed: [{ account: only, detail }] };
    }
    const middle = keys.length >> 1;
    const first = await bookDueAccounts(store, accounts, partition, keys.slice(0, middle));
    const second = await bookDueAccounts(store, accounts, partition, keys.slice(middle));
    return {
      events: [...first.events, ...second.events],
      breaches: [...first.breaches, ...second.breaches],
      failed: [...first.failed, ...second.failed],
    };
  }
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
