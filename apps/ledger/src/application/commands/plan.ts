import type { Problem } from '@jifen/contracts';
import { accept, refuse, type Instant, type Outcome } from '@jifen/kernel';
import { accountKey, type Account, type LedgerCommand, type Needs, type Policies } from '@jifen/ledger';

/** What a command is decided with, besides the accounts. */
export interface Context {
  readonly program: string;
  readonly now: Instant;
  /** Absent while the program has published nothing. */
  readonly policies: Policies | undefined;
  readonly tierOf: (member: string) => string | undefined;
  /** Currencies that the member has an account in. */
  readonly currenciesOf: (member: string) => readonly string[];
  /** The name of the command for ever, derived from the caller's key: of what it makes, too. */
  readonly id: string;
  /** Who asks, where nobody else is named. */
  readonly actor: string;
}

/** One account's part of a command. */
export interface Step {
  readonly key: string;
  readonly needs: Needs;
  /** The command, once the account is in hand; what its policies forbid is refused here. */
  readonly command: (account: Account) => Outcome<LedgerCommand, Problem>;
}

export interface Outturn {
  /** The accounts of the steps after them, in their order. */
  readonly accounts: readonly Account[];
  /** For read-your-writes. */
  readonly position: string;
}

/** All of the steps are carried out, or the first refusal is the answer and nothing happens. */
export interface Plan<Answer extends object = object> {
  readonly steps: readonly Step[];
  readonly status: 200 | 201 | 202;
  readonly answer: (outturn: Outturn) => Answer;
}

export const keyOf = ({ program }: Context, member: string, currency: string): string =>
  accountKey(program, member, currency);

/** The currency asked for, or the program's first choice for the purpose. */
export function currencyFor(
  { policies }: Pick<Context, 'policies'>,
  asked: string | undefined,
  preferred: string | undefined,
): Outcome<string, Problem> {
  const currency = asked ?? preferred ?? policies?.currencies[0];
  if (currency === undefined) return invalid('/currency', 'must be there: the program has published no currency');
  if (policies !== undefined && !policies.currencies.includes(currency))
    return invalid('/currency', `must be a currency of the program: ${policies.currencies.join(', ')}`);
  return accept(currency);
}

export const invalid = (pointer: string, message: string): { readonly ok: false; readonly refusal: Problem } =>
  refuse({ code: 'invalid_request', detail: 'some fields are not valid', errors: [{ pointer, message }] });
