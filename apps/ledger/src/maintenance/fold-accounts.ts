import type { FoldedEvent } from '@jifen/event-store-postgres';
import { InvariantError } from '@jifen/kernel';
import { evolve, lotId, openAccount, type Account, type LedgerEvent, type Lot, type Standing } from '@jifen/ledger';
import type { FoldedAccount, FoldedLeg } from '../adapters/projections.ts';
import { ownerOf } from '../application/owner.ts';
import { ledgerEventOf } from '../application/stored-event.ts';

/** The log cannot be folded: an event does not follow from those before it. The chain says whether it was changed. */
export class BrokenLogError extends Error {
  override readonly name = 'BrokenLogError';
}

/** Above it an event is folded with only the lots that it touches in hand, as the service itself does it. */
const FEW_LOTS = 32;

/** An account whose events do not follow from each other. */
export interface BrokenAccount {
  /** `program/member/currency`. */
  readonly account: string;
  readonly detail: string;
}

/** Folds events that come account by account, each account's in order. One that does not fold does not stop the others. */
export class AccountFolder {
  readonly folded: FoldedAccount[] = [];
  readonly broken: BrokenAccount[] = [];
  events = 0;
  #key: string | undefined;
  #account: Account | undefined;
  #partition = 0;
  #legs = new Map<string, FoldedLeg>();

  add(stored: FoldedEvent): void {
    this.events++;
    if (stored.stream !== this.#key) {
      this.finish();
      this.#key = stored.stream;
      this.#partition = stored.partition;
      this.#account = opened(stored.stream);
      this.#legs = new Map();
    }
    if (this.#account === undefined) return;
    try {
      const event = ledgerEventOf(stored);
      this.#account = next(this.#account, event);
      this.#follow(event);
    } catch (cause) {
      if (!(cause instanceof InvariantError)) throw cause;
      this.broken.push({ account: stored.stream, detail: doesNotFollow(stored, cause) });
      this.#account = undefined;
    }
  }

  /** After the last event. */
  finish(): void {
    if (this.#account !== undefined) {
      this.folded.push({ account: this.#account, partition: this.#partition, legs: [...this.#legs.values()] });
    }
    this.#account = undefined;
  }

  /** A leg waits from when it left until its answer is posted. */
  #follow({ type, at, entry: { transfer } }: LedgerEvent): void {
    if (transfer === undefined) return;
    if (type === 'points.transferred-out') this.#legs.set(transfer.id, { leg: transfer, sentAt: at });
    if (type === 'points.transfer-settled' || type === 'points.transfer-returned') this.#legs.delete(transfer.id);
  }
}

export const doesNotFollow = (stored: FoldedEvent, cause: InvariantError): string =>
  `${stored.log}-${stored.partition}-${stored.position} of ${stored.stream} does not follow: ${cause.message}`;

/** An account whose maps are this folder's own: what is changed in them is seen by nobody else. */
function opened(key: string): Account {
  const { program, member, currency } = ownerOf(key);
  return { ...openAccount(program, member, currency), lots: new Map(), standings: new Map() };
}

/** `evolve` copies all lots for each event, which an account with very many of them cannot pay. */
function next(account: Account, event: LedgerEvent): Account {
  if (account.lots.size <= FEW_LOTS) return evolve(account, event);
  const lots = account.lots as Map<string, Lot>;
  const standings = account.standings as Map<string, Standing>;
  const touched = new Map<string, Lot>();
  const { award } = event.entry;
  const ids = [...event.entry.lots.map(({ lot }) => lot), ...(award === undefined ? [] : [lotId(award, 0)])];
  for (const id of ids) {
    const lot = lots.get(id);
    if (lot !== undefined) touched.set(id, lot);
  }
  const standing = award === undefined ? undefined : standings.get(award);
  const part = new Map(award === undefined || standing === undefined ? [] : [[award, standing] as const]);
  const after = evolve({ ...account, complete: false, lots: touched, standings: part }, event);
  for (const [id, lot] of after.lots) lots.set(id, lot);
  for (const [id, known] of after.standings) standings.set(id, known);
  return { ...after, complete: true, lots, standings };
}
