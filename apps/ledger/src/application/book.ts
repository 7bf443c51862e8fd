import type { Transaction } from '@jifen/event-store';
import { assert, instantFromMillis, present } from '@jifen/kernel';
import { earliestPending, posted, type Account, type Booking, type LedgerEvent } from '@jifen/ledger';
import type { Envelope } from '@jifen/messaging';
import { newEvent } from './new-event.ts';
import type { AccountChange, AccountQuery } from './ports.ts';

/** The accounts in hand, and what has been posted to them. */
export class Book<Sql> {
  readonly events: LedgerEvent[] = [];
  readonly #accounts: Map<string, Account>;
  readonly #touched = new Set<string>();

  constructor(
    private readonly tx: Transaction<Sql>,
    private readonly queries: ReadonlyMap<string, AccountQuery>,
    private readonly before: ReadonlyMap<string, Account>,
  ) {
    this.#accounts = new Map(before);
  }

  /** What fell due is booked before anything else is decided, so that each posting states the balance of its time. */
  post(key: string, command: Booking, cause?: Envelope): void {
    const account = present(this.#accounts.get(key), key);
    const query = present(this.queries.get(key), key);
    const now = instantFromMillis(this.tx.now);
    if (command.kind === 'post-award') {
      assert(query.awards.has(command.award.awardId), `${command.award.awardId} was not loaded`);
    }
    if (command.kind !== 'book-activations' && account.activationDue !== undefined && account.activationDue <= now) {
      this.post(key, { kind: 'book-activations' }, cause);
    }
    const { events, account: after } = posted(present(this.#accounts.get(key), key), command, now);
    for (const event of events) {
      this.tx.append(query.partition, newEvent(event, cause));
      this.events.push(event);
    }
    const booked = command.kind === 'book-activations';
    this.#accounts.set(key, booked ? { ...after, activationDue: earliestPending(after.lots) } : after);
    this.#touched.add(key);
  }

  changes(): readonly AccountChange[] {
    const changes: AccountChange[] = [];
    for (const key of this.#touched) {
      const before = present(this.before.get(key), key);
      const after = present(this.#accounts.get(key), key);
      if (after.version === before.version && after.activationDue === before.activationDue) continue;
      changes.push({ key, partition: present(this.queries.get(key), key).partition, before, after });
    }
    return changes;
  }
}
