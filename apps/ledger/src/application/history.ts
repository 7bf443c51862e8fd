import type { Problem } from '@jifen/contracts';
import type { EventStore } from '@jifen/event-store';
import { accept, instantFromMillis, parseInstant, refuse, type Outcome } from '@jifen/kernel';
import { accountKey, AsOf, openAccount, type Account, type Moment } from '@jifen/ledger';
import { ledgerEventOf } from './stored-event.ts';

/** Currency → version of its stream. */
export type Versions = ReadonlyMap<string, number>;

export interface HistoryReads {
  readonly store: Pick<EventStore<unknown>, 'readStream'>;
  /** Last version of each of the member's streams. */
  versionsOf(program: string, member: string): Promise<Versions>;
}

export interface MomentQuery {
  readonly asOf?: string | undefined;
  readonly knownAt?: string | undefined;
}

/** Postings of a page, and of all streams of a member that one question may fold. */
const PAGE = 1_000;
const MAX_HISTORY = 250_000;

/** `undefined` when neither is asked for: the projections answer. `knownAt` defaults to now, `asOf` to `knownAt`. */
export function momentOf({ asOf, knownAt }: MomentQuery, now: number): Outcome<Moment | undefined, Problem> {
  if (asOf === undefined && knownAt === undefined) return accept(undefined);
  const known = knownAt === undefined ? instantFromMillis(now) : parseInstant(knownAt);
  if (known === undefined) return refuse(noInstant('/knownAt'));
  const at = asOf === undefined ? known : parseInstant(asOf);
  return at === undefined ? refuse(noInstant('/asOf')) : accept({ asOf: at, knownAt: known });
}

export const noInstant = (pointer: string): Problem => ({
  code: 'invalid_request',
  detail: 'an instant is written like 2026-11-30T16:00:00Z, or with an offset like +08:00 (in a URL: %2B08:00)',
  errors: [{ pointer, message: 'must be an RFC 3339 instant' }],
});

export interface MemberHistory {
  /** Those with a posting that counts at the moment. */
  readonly accounts: readonly Account[];
  /** Position of the last posting known at the moment; 0 when there is none. */
  readonly position: number;
}

/** The member's accounts at the moment, from the log; a member without postings has none. */
export async function accountsAsOf(
  { store }: Pick<HistoryReads, 'store'>,
  owner: { readonly program: string; readonly member: string },
  versions: Versions,
  moment: Moment,
): Promise<Outcome<MemberHistory, Problem>> {
  const accounts: Account[] = [];
  let position = 0;
  let left = MAX_HISTORY;
  for (const [currency, version] of versions) {
    const fold = new AsOf(openAccount(owner.program, owner.member, currency), moment);
    const stream = accountKey(owner.program, owner.member, currency);
    for (let at = 0, known = true; known && at < version;) {
      if (left <= 0) return refuse(tooLong(owner.member));
      const page = await store.readStream(stream, at, Math.min(PAGE, version - at, left));
      if (page.length === 0) break;
      for (const stored of page) {
        known = fold.take(ledgerEventOf(stored));
        if (!known) break;
        position = Math.max(position, stored.position);
      }
      at += page.length;
      left -= page.length;
    }
    const account = fold.account();
    if (account.version > 0) accounts.push(account);
  }
  return accept({ accounts, position });
}

const tooLong = (member: string): Problem => ({
  code: 'history_too_long',
  detail: `${member} has more than ${MAX_HISTORY} postings up to then: ask for an earlier knownAt`,
});
