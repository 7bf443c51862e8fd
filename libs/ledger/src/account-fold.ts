import { openAccount, type Account } from './account.ts';
import { withExactDues } from './due.ts';
import { evolve } from './evolve.ts';
import type { LedgerEvent } from './events.ts';
import { transferKeys } from './records.ts';

type Owner = Pick<Account, 'program' | 'member' | 'currency'>;

/** Everything of an account that grows with its history. */
type Grown = {
  -readonly [
    Field in keyof Account as Account[Field] extends ReadonlyMap<string, unknown> ? Field : never
  ]: Account[Field] extends ReadonlyMap<string, infer Value> ? Map<string, Value> : never;
};

/** Folds the postings of an account, each with only what it touches in hand: the last of many costs no more than the first. */
export class AccountFold {
  #account: Account;
  readonly #grown: Grown = {
    lots: new Map(),
    standings: new Map(),
    holds: new Map(),
    redemptions: new Map(),
    transfers: new Map(),
    done: new Map(),
  };

  constructor(
    { program, member, currency }: Owner,
    private readonly step: (account: Account, event: LedgerEvent) => Account = evolve,
  ) {
    this.#account = { ...openAccount(program, member, currency), complete: false };
  }

  /** Throws as the step does; then nothing of the event is in the account. */
  add(event: LedgerEvent): void {
    const { lots, award, hold, redemption, transfer } = event.entry;
    const grown = this.#grown;
    const after = this.step(
      {
        ...this.#account,
        lots: pick(
          grown.lots,
          lots.map(({ lot }) => lot),
        ),
        standings: pick(grown.standings, [award]),
        holds: pick(grown.holds, [hold?.id, ...(transfer?.holds ?? []).map(({ id }) => id)]),
        redemptions: pick(grown.redemptions, [redemption]),
        transfers: pick(grown.transfers, transfer === undefined ? [] : transferKeys(transfer)),
        done: new Map(),
      },
      event,
    );
    keep(grown.lots, after.lots);
    keep(grown.standings, after.standings);
    keep(grown.holds, after.holds);
    keep(grown.redemptions, after.redemptions);
    keep(grown.transfers, after.transfers);
    keep(grown.done, after.done);
    this.#account = after;
  }

  /** With all that it has, by the postings so far. */
  account(): Account {
    return withExactDues({ ...this.#account, complete: true, ...this.#grown });
  }
}

function pick<T>(from: ReadonlyMap<string, T>, keys: readonly (string | undefined)[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const key of keys) {
    const one = key === undefined ? undefined : from.get(key);
    if (key !== undefined && one !== undefined) found.set(key, one);
  }
  return found;
}

function keep<T>(into: Map<string, T>, from: ReadonlyMap<string, T>): void {
  for (const [key, one] of from) into.set(key, one);
}
