import type { LedgerEntry, LotMovement } from '@jifen/contracts';
import { NOTHING, openAccount, put, type Account } from './account.ts';
import { withExactDues } from './due.ts';
import { evolve } from './evolve.ts';
import type { LedgerEvent } from './events.ts';
import { transferKeys } from './records.ts';

type Owner = Pick<Account, 'program' | 'member' | 'currency'>;

/** Everything of an account that grows with its history. */
type Grown = {
  -readonly [
    Field in keyof Account as Account[Field] extends ReadonlyMap<string, unknown> ? Field : never
  ]: Account[Field];
};

/** Folds the postings of an account, each with only what it touches in hand: the last of many costs no more than the first. */
export class AccountFold {
  #account: Account;
  readonly #grown: Grown = {
    lots: NOTHING,
    standings: NOTHING,
    holds: NOTHING,
    redemptions: NOTHING,
    transfers: NOTHING,
    done: NOTHING,
  };

  constructor(
    { program, member, currency }: Owner,
    private readonly step: (account: Account, event: LedgerEvent) => Account = evolve,
  ) {
    this.#account = { ...openAccount(program, member, currency), complete: false };
  }

  /** Throws as the step does; then nothing of the event is in the account. */
  add(event: LedgerEvent): void {
    const before = this.#before(event);
    const after = this.step(before, event);
    const grown = this.#grown;
    grown.lots = kept(grown.lots, before.lots, after.lots);
    grown.standings = kept(grown.standings, before.standings, after.standings);
    grown.holds = kept(grown.holds, before.holds, after.holds);
    grown.redemptions = kept(grown.redemptions, before.redemptions, after.redemptions);
    grown.transfers = kept(grown.transfers, before.transfers, after.transfers);
    grown.done = kept(grown.done, before.done, after.done);
    this.#account = after;
  }

  /** The account with what the event touches of all that has grown; field by field as in `fold`, because each event pays for it. */
  #before({ entry: { lots, award, hold, redemption, transfer } }: LedgerEvent): Account {
    const account = this.#account;
    const grown = this.#grown;
    return {
      program: account.program,
      member: account.member,
      currency: account.currency,
      version: account.version,
      available: account.available,
      pending: account.pending,
      held: account.held,
      debt: account.debt,
      net: account.net,
      lifetime: account.lifetime,
      spent: account.spent,
      expired: account.expired,
      inFlight: account.inFlight,
      activationDue: account.activationDue,
      expiryDue: account.expiryDue,
      holdDue: account.holdDue,
      frozen: account.frozen,
      merged: account.merged,
      complete: account.complete,
      standings: award === undefined ? NOTHING : pick(grown.standings, [award]),
      lots: lots.length === 0 ? NOTHING : pick(grown.lots, lots.map(lotOf)),
      holds: hold === undefined && transfer?.holds === undefined ? NOTHING : pick(grown.holds, holdsOf(hold, transfer)),
      redemptions: redemption === undefined ? NOTHING : pick(grown.redemptions, [redemption]),
      transfers: transfer === undefined ? NOTHING : pick(grown.transfers, transferKeys(transfer)),
      done: NOTHING,
    };
  }

  /** With all that it has, by the postings so far. */
  account(): Account {
    return withExactDues({ ...this.#account, complete: true, ...this.#grown });
  }
}

const lotOf = ({ lot }: LotMovement): string => lot;

function holdsOf(hold: LedgerEntry['hold'], transfer: LedgerEntry['transfer']): readonly string[] {
  const carried = (transfer?.holds ?? []).map(({ id }) => id);
  return hold === undefined ? carried : [hold.id, ...carried];
}

function pick<T>(from: ReadonlyMap<string, T>, keys: readonly string[]): ReadonlyMap<string, T> {
  let found: ReadonlyMap<string, T> = NOTHING;
  for (const key of keys) {
    const one = from.get(key);
    if (one !== undefined) found = put(found, key, one);
  }
  return found;
}

function kept<T>(
  all: ReadonlyMap<string, T>,
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): ReadonlyMap<string, T> {
  let grown = all;
  if (after !== before) for (const [key, one] of after) grown = put(grown, key, one);
  return grown;
}
