import type { TransferMade } from '@jifen/contracts';
import { points, sumPoints, ZERO, type Instant } from '@jifen/kernel';
import type { Account, Lot, Standing } from './account.ts';
import type { LedgerEvent } from './events.ts';
import { fold } from './evolve.ts';
import { transferKey, type Redemption, type Transfer } from './records.ts';

/** The question "what was true at `asOf`, as far as was known at `knownAt`". */
export interface Moment {
  readonly asOf: Instant;
  readonly knownAt: Instant;
}

/** What an account is between two postings: everything that grows with its history is kept apart. */
const NOTHING = {
  lots: new Map(),
  standings: new Map(),
  redemptions: new Map(),
  transfers: new Map(),
  done: new Map(),
} satisfies Partial<Account>;

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
  #account: Account;
  #recorded: string = '';
  readonly #moment: Moment;
  /** By award, so that a fold copies only the lots that a posting could touch. */
  readonly #lots = new Map<string, Map<string, Lot>>();
  readonly #standings = new Map<string, Standing>();
  readonly #redemptions = new Map<string, Redemption>();
  readonly #transfers = new Map<string, Transfer>();
  readonly #lastOn = new Map<string, string>();

  constructor(opened: Account, moment: Moment) {
    this.#account = { ...opened, complete: false };
    this.#moment = moment;
  }

  /** `false`: this posting was not known yet, and so none after it. */
  take(event: LedgerEvent): boolean {
    if (event.at > this.#recorded) this.#recorded = event.at;
    if (this.#recorded > this.#moment.knownAt) return false;
    if (this.#countsFrom(event) <= this.#moment.asOf) this.#fold(event);
    return true;
  }

  /** With all lots and open holds; `version` is the number of postings that count. */
  account(): Account {
    const lots = new Map([...this.#lots.values()].flatMap((ofAward) => [...ofAward]));
    return { ...this.#account, complete: true, lots, standings: this.#standings };
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

  #fold(event: LedgerEvent): void {
    const awards = new Set(event.entry.lots.map(({ lot }) => awardOf(lot)));
    if (event.entry.award !== undefined) awards.add(event.entry.award);
    const lots = new Map<string, Lot>();
    const standings = new Map<string, Standing>();
    for (const award of awards) {
      for (const [id, lot] of this.#lots.get(award) ?? []) lots.set(id, lot);
      const standing = this.#standings.get(award);
      if (standing !== undefined) standings.set(award, standing);
    }
    const { redemption, transfer } = event.entry;
    const redemptions = pick(this.#redemptions, redemption === undefined ? [] : [redemption]);
    const transfers = pick(this.#transfers, transfer === undefined ? [] : transferKeys(transfer));
    const after = fold({ ...this.#account, lots, standings, redemptions, transfers }, event);
    for (const lot of after.lots.values()) {
      const ofAward = this.#lots.get(lot.award) ?? new Map<string, Lot>();
      this.#lots.set(lot.award, ofAward.set(lot.id, lot));
    }
    for (const [award, standing] of after.standings) this.#standings.set(award, standing);
    for (const [id, one] of after.redemptions) this.#redemptions.set(id, one);
    for (const [key, one] of after.transfers) this.#transfers.set(key, one);
    const holds = after.holds === this.#account.holds ? after.holds : openOnes(after.holds);
    this.#account = { ...after, ...NOTHING, holds };
  }
}

const openOnes = (holds: Account['holds']): Account['holds'] =>
  new Map([...holds].filter(([, { state }]) => state === 'open'));

function pick<T>(from: ReadonlyMap<string, T>, keys: readonly string[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const key of keys) {
    const one = from.get(key);
    if (one !== undefined) found.set(key, one);
  }
  return found;
}

const transferKeys = ({ peer, id }: TransferMade): readonly string[] => [
  transferKey('out', peer, id),
  transferKey('in', peer, id),
];

const awardOf = (lot: string): string => lot.slice(0, lot.lastIndexOf('#'));

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
