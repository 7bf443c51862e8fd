import { accept, assert, refuse, unreachable, type Instant, type Outcome } from '@jifen/kernel';
import type { Account } from './account.ts';
import { adjust, extendExpiry, freeze, importLot, reinstate, unfreeze } from './by-hand.ts';
import type { Booking, LedgerCommand, NamedCommand } from './commands.ts';
import { withExactDues } from './due.ts';
import { postAward } from './earn.ts';
import type { LedgerEvent } from './events.ts';
import { Journal } from './journal.ts';
import { forward, mergeOut, unmergeOut } from './merge.ts';
import { transferKey, type Done } from './records.ts';
import type { Refusal } from './refusals.ts';
import { refusal, targetOf, type Refused } from './refuse.ts';
import { bookActivations, bookDue, DEFAULT_DUE } from './settle.ts';
import { capture, hold, redeem, release, reverseRedemption } from './spend.ts';
import { receive, settleTransfer, transferOut } from './transfer.ts';

/** A decision: the postings, and the account after them. */
export interface Decided {
  readonly events: readonly LedgerEvent[];
  readonly account: Account;
  /** The same command was carried out before: nothing is written, and its result is in the account's records. */
  readonly repeated: boolean;
}

/** The postings that a rating or the time calls for, none when there is nothing to change. */
export const decide = (account: Account, command: Booking, now: Instant): readonly LedgerEvent[] =>
  posted(account, command, now).events;

/**
 * As `decide`, with the state that folding the events gives: the decision has it already. Never refused; throws
 * InvariantError when the books would not add up.
 */
export function posted(account: Account, command: Booking, now: Instant): Decided {
  const journal = new Journal(account, now);
  switch (command.kind) {
    case 'post-award':
      // What holds keep counts as spent, so those whose time is over must be seen to have ended.
      if (account.complete && account.holdDue !== undefined && account.holdDue <= now) bookDue(journal);
      postAward(journal, command);
      if (account.merged !== undefined && account.complete) {
        bookDue(journal);
        forward(journal);
      }
      return journal;
    case 'book-activations':
      bookActivations(journal);
      return journal;
    case 'book-due':
      assert(account.complete, 'what is due is booked with all open lots and holds in hand');
      bookDue(journal, command.limit ?? DEFAULT_DUE);
      forward(journal);
      return { events: journal.events, account: withExactDues(journal.account), repeated: false };
    default:
      return unreachable(command);
  }
}

/**
 * The postings that the command calls for, or the refusal. What time has done by now is booked first, so that each posting states
 * the balance of its time; a refused command and a repeated one post nothing at all. `needsOf(command)` must be in hand.
 */
export function decided(account: Account, command: LedgerCommand, now: Instant): Outcome<Decided, Refusal> {
  if (isBooking(command)) return accept(posted(account, command, now));
  if ('id' in command) {
    const before = account.done.get(command.id);
    if (before !== undefined) return again(account, command, before);
  } else if (isAnswered(account, command)) return accept(unchanged(account));
  assert(account.complete, `${command.kind} is decided with all open lots and holds in hand`);
  const journal = new Journal(account, now);
  bookDue(journal);
  const refused = carryOut(journal, command);
  if (refused !== undefined) return refuse(refused);
  bookDue(journal);
  forward(journal);
  return accept({ events: journal.events, account: withExactDues(journal.account), repeated: false });
}

const isBooking = (command: LedgerCommand): command is Booking =>
  command.kind === 'post-award' || command.kind === 'book-activations' || command.kind === 'book-due';

const unchanged = (account: Account): Decided => ({ events: [], account, repeated: true });

/** A leg that was answered is not answered again. */
function isAnswered({ transfers }: Account, command: Exclude<LedgerCommand, Booking | NamedCommand>): boolean {
  if (command.kind === 'receive-transfer') return transfers.has(transferKey('in', command.from, command.leg.id));
  const transfer = transfers.get(command.transfer);
  return transfer?.direction === 'out' && transfer.state !== 'in-flight';
}

/** The same command again, or another one under the same id. */
function again(account: Account, command: NamedCommand, before: Done): Outcome<Decided, Refusal> {
  const asked = 'points' in command ? command.points : undefined;
  if (before.kind === command.kind && before.points === asked && before.target === targetOf(command))
    return accept(unchanged(account));
  const { id, kind } = before;
  return refuse(refusal('content_conflict', `the id ${id} was used for another ${kind}`, { id, kind }));
}

function carryOut(journal: Journal, command: Exclude<LedgerCommand, Booking>): Refused {
  switch (command.kind) {
    case 'hold':
      return hold(journal, command);
    case 'capture':
      return capture(journal, command);
    case 'release':
      return release(journal, command);
    case 'redeem':
      return redeem(journal, command);
    case 'reverse-redemption':
      return reverseRedemption(journal, command);
    case 'adjust':
      return adjust(journal, command);
    case 'import':
      return importLot(journal, command);
    case 'extend-expiry':
      return extendExpiry(journal, command);
    case 'reinstate':
      return reinstate(journal, command);
    case 'freeze':
      return freeze(journal, command);
    case 'unfreeze':
      return unfreeze(journal, command);
    case 'transfer-out':
      return transferOut(journal, command);
    case 'receive-transfer':
      return receive(journal, command);
    case 'settle-transfer':
      return settleTransfer(journal, command);
    case 'merge-out':
      return mergeOut(journal, command);
    case 'unmerge-out':
      return unmergeOut(journal, command);
    default:
      return unreachable(command);
  }
}
