import { points, sumPoints, ZERO, type Instant } from '@jifen/kernel';
import { AccountFold } from './account-fold.ts';
import type { Account } from './account.ts';
import type { LedgerEvent } from './events.ts';
import { fold } from './evolve.ts';
import { transferKeys } from './records.ts';

/** The question "what was true at `asOf`, as far as was known at `knownAt`". */
export interface Moment {
  readonly asOf: Instant;
  readonly knownAt: Instant;
}

/**
 * Folds an account's postings, taken in the order of its stream, as they stood at a moment.
 *
 * - A posting is known at `knownAt` once it and all before it were recorded, whatever the clocks of the processes said.
 * - It counts at `asOf` from its `effectiveAt` on; points earned count, as pending, from when they were earned. Nothing
 *   counts later than it was recorded, and nothing earlier than what it builds on: the lots, the award, the hold, the
 *   redemption, the transfer or the debt that it changes.
 *
 * So a late order counts from its own day, a redemption from when it was made, an expiry from the instant at which it fell
 * due; and with `asOf` = `knownAt` the answer is what was shown then.
 */
export class AsOf {
  readonly #fold: AccountFold;
  readonly #moment: Moment;
  #recorded: string = '';
  readonly #lastOn = new Map<string, string>();

  constructor(opened: Account, moment: Moment) {
    // What counts at a moment need not be all of the stream, so its versions are not those of the fold.
    this.#fold = new AccountFold(opened, fold);
    this.#moment = moment;
  }

  /** `false`: this posting was not known yet, and so none after it. */
  take(event: LedgerEvent): boolean {
    if (event.at > this.#recorded) this.#recorded = event.at;
    if (this.#recorded > this.#moment.knownAt) return false;
    if (this.#countsFrom(event) <= this.#moment.asOf) this.#fold.add(event);
    return true;
  }

  /** `version` is the number of postings that count. */
  account(): Account {
    return this.#fold.account();
  }

  #countsFrom(event: LedgerEvent): string {
    const { type, occurredAt, effectiveAt } = event;
    const own = type === 'points.earned' && occurredAt < effectiveAt ? occurredAt : effectiveAt;
    let from: string = own < this.#recorded ? own : this.#recorded;
    const on = builtOn(event);
    for (const thread of on) {
      const last = this.#lastOn.get(thread);
      if (last !== undefined && last > from) from = last;
    }
    for (const thread of on) this.#lastOn.set(thread, from);
    return from;
  }
}

/** Names of all that the posting changes, and that must have counted before it does. */
function builtOn({ type, entry }: LedgerEvent): readonly string[] {
  const on = entry.lots.map(({ lot }) => `lot ${lot}`);
  if (entry.award !== undefined) on.push(`award ${entry.award}`);
  const moved = entry.lots.length === 0 ? ZERO : sumPoints(entry.lots.map((movement) => points(movement.points)));
  if (moved !== entry.points) on.push('debt');
  const { hold, redemption, transfer } = entry;
  if (hold !== undefined) on.push(`hold ${hold.id}`);
  if (redemption !== undefined) on.push(`redemption ${redemption}`);
  if (transfer !== undefined) {
    on.push(...transferKeys(transfer).map((key) => `transfer ${key}`));
    for (const { id } of transfer.holds ?? []) on.push(`hold ${id}`);
  }
  if (type.startsWith('account.') || (transfer !== undefined && transfer.kind !== 'transfer')) on.push('account');
  return on;
}
