import type { EventMeta, Transaction } from '@jifen/event-store';
import { accept, instantFromMillis, InvariantError, present, type Instant, type Outcome } from '@jifen/kernel';
import {
  decided,
  posted,
  type Account,
  type Booking,
  type Decided,
  type LedgerCommand,
  type LedgerEvent,
  type Refusal,
} from '@jifen/ledger';
import { newEvent } from './new-event.ts';
import type { AccountChange, AccountQuery, Accounts, Leg } from './ports.ts';

/** A decision that is not yet in the book. */
export interface Staged extends Decided {
  readonly key: string;
}

const NONE: ReadonlyMap<string, Account> = new Map();

/** The accounts in hand, and what has been posted to them. */
export class Book<Sql> {
  readonly events: LedgerEvent[] = [];
  readonly #accounts: Map<string, Account>;
  readonly #touched = new Set<string>();
  readonly #legs: Leg[] = [];
  readonly #now: Instant;

  private constructor(
    private readonly tx: Transaction<Sql>,
    private readonly queries: ReadonlyMap<string, AccountQuery>,
    private readonly before: ReadonlyMap<string, Account>,
  ) {
    this.#accounts = new Map(before);
    this.#now = instantFromMillis(tx.now);
  }

  /** With the accounts that the queries ask for. */
  static async open<Sql>(
    tx: Transaction<Sql>,
    accounts: Accounts<Sql>,
    queries: ReadonlyMap<string, AccountQuery>,
  ): Promise<Book<Sql>> {
    const before = queries.size === 0 ? NONE : await accounts.load(tx.sql, [...queries.values()], tx.now);
    return new Book(tx, queries, before);
  }

  account(key: string): Account {
    return present(this.#accounts.get(key), key);
  }

  /** What fell due is booked before an award is posted, so that each posting states the balance of its time. */
  post(key: string, command: Booking, meta: EventMeta = {}): void {
    if (command.kind === 'post-award') {
      const { awards } = present(this.queries.get(key), key);
      if (!awards.has(command.award.awardId)) throw new InvariantError(`${command.award.awardId} was not loaded`);
      // What an award of this flush made due itself, in an account that was not loaded whole, is booked a moment later.
      const account = this.account(key);
      if (account.complete && this.#isDue(account)) this.post(key, { kind: 'book-due' }, meta);
    }
    this.commit({ key, ...posted(this.account(key), command, this.#now) }, meta);
  }

  /** What the command comes to; nothing of it is in the book until `commit`. */
  stage(key: string, command: LedgerCommand): Outcome<Staged, Refusal> {
    const outcome = decided(this.account(key), command, this.#now);
    return outcome.ok ? accept({ key, ...outcome.value }) : outcome;
  }

  commit({ key, events, account }: Pick<Staged, 'key' | 'events' | 'account'>, meta: EventMeta): void {
    const { partition } = present(this.queries.get(key), key);
    for (const event of events) {
      this.tx.append(partition, newEvent(event, meta));
      this.events.push(event);
      const { transfer } = event.entry;
      if (event.type === 'points.transferred-out' && transfer !== undefined)
        this.#legs.push({ account: key, partition, leg: transfer });
    }
    this.#accounts.set(key, account);
    this.#touched.add(key);
  }

  /** Sends what was posted, and what else is to be kept of accounts; it lands with the transaction. */
  save(accounts: Accounts<Sql>, also: readonly AccountChange[] = []): void {
    this.tx.sending(accounts.save(this.tx.sql, [...this.#changes(), ...also]));
    if (this.#legs.length > 0) this.tx.sending(accounts.saveLegs(this.tx.sql, this.#legs));
  }

  #changes(): readonly AccountChange[] {
    const changes: AccountChange[] = [];
    for (const key of this.#touched) {
      const before = present(this.before.get(key), key);
      const after = this.account(key);
      if (after.version === before.version && sameDues(before, after)) continue;
      changes.push({ key, partition: present(this.queries.get(key), key).partition, before, after });
    }
    return changes;
  }

  #isDue({ activationDue, expiryDue, holdDue }: Account): boolean {
    return [activationDue, expiryDue, holdDue].some((at) => at !== undefined && at <= this.#now);
  }
}

const sameDues = (a: Account, b: Account): boolean =>
  a.activationDue === b.activationDue && a.expiryDue === b.expiryDue && a.holdDue === b.holdDue;
