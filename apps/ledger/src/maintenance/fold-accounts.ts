import type { Broken, FoldedEvent } from '@jifen/event-store-postgres';
import { InvariantError } from '@jifen/kernel';
import { AccountFold, accountKey, assertBooks, type LedgerEvent } from '@jifen/ledger';
import type { FoldedAccount, FoldedLeg } from '../adapters/projections.ts';
import { ownerOf } from '../application/owner.ts';
import { ledgerEventOf } from '../application/stored-event.ts';

/** The log cannot be folded: an event does not follow from those before it. The chain says whether it was changed. */
export class BrokenLogError extends Error {
  override readonly name = 'BrokenLogError';
}

/** Folds events that come account by account, each account's in order. One that does not fold does not stop the others. */
export class AccountFolder {
  readonly folded: FoldedAccount[] = [];
  readonly broken: Broken[] = [];
  events = 0;
  #key: string | undefined;
  #fold: AccountFold | undefined;
  #partition = 0;
  #legs = new Map<string, FoldedLeg>();

  add(stored: FoldedEvent): void {
    this.events++;
    if (stored.stream !== this.#key) {
      this.finish();
      this.#key = stored.stream;
      this.#partition = stored.partition;
      this.#fold = new AccountFold(ownerOf(stored.stream));
      this.#legs = new Map();
    }
    if (this.#fold === undefined) return;
    try {
      const event = ledgerEventOf(stored);
      this.#fold.add(event);
      this.#follow(event);
    } catch (cause) {
      if (!(cause instanceof InvariantError)) throw cause;
      this.broken.push({ account: stored.stream, detail: doesNotFollow(stored, cause) });
      this.#fold = undefined;
    }
  }

  /** After the last event. */
  finish(): void {
    const account = this.#fold?.account();
    this.#fold = undefined;
    if (account === undefined) return;
    try {
      assertBooks(account);
      this.folded.push({ account, partition: this.#partition, legs: [...this.#legs.values()] });
    } catch (cause) {
      if (!(cause instanceof InvariantError)) throw cause;
      const stream = accountKey(account.program, account.member, account.currency);
      this.broken.push({ account: stream, detail: `the books of ${stream} do not add up: ${cause.message}` });
    }
  }

  /** A leg waits from when it left until its answer is posted. */
  #follow({ type, at, entry: { transfer } }: LedgerEvent): void {
    if (transfer === undefined) return;
    if (type === 'points.transferred-out') this.#legs.set(transfer.id, { leg: transfer, sentAt: at });
    if (type === 'points.transfer-settled' || type === 'points.transfer-returned') this.#legs.delete(transfer.id);
  }
}

const doesNotFollow = (stored: FoldedEvent, cause: InvariantError): string =>
  `${stored.log}-${stored.partition}-${stored.position} of ${stored.stream} does not follow: ${cause.message}`;
