import type { Transaction } from '@jifen/event-store';
import { assert, InvariantError, memberKey, negatePoints, partitionOf, points, type Points } from '@jifen/kernel';
import { accountKey, needsOf, type LedgerCommand } from '@jifen/ledger';
import type { MemberFailure } from '@jifen/messaging';
import { Book } from './book.ts';
import type { MemberReads } from './commands/currencies.ts';
import { queryFor } from './commands/queries.ts';
import type { AccountQuery, Accounts, InactiveMember } from './ports.ts';
import type { Posted } from './post-ratings.ts';

export interface TakeAllParts<Sql> {
  readonly accounts: Accounts<Sql>;
  readonly members: MemberReads<Sql>;
  readonly partitions: number;
}

/**
 * Brings the accounts of those of the inactive who were removed to nothing: open holds are released, points taken, debt forgiven,
 * each by a posting that says why. They are of partitions whose rows are held. Who has nothing gets no
 * posting, so it may be asked after everything that gives or takes points, in whatever order that comes. With failures nothing
 * was saved.
 */
export async function takeAll<Sql>(
  tx: Transaction<Sql>,
  { accounts, members, partitions }: TakeAllParts<Sql>,
  inactive: ReadonlyMap<string, InactiveMember>,
): Promise<Posted> {
  const removed = [...inactive.values()].filter(({ standing }) => standing === 'removed');
  if (removed.length === 0) return NOTHING;
  const currencies = await members.currenciesOf(
    tx.sql,
    removed.map(({ program, member }) => memberKey(program, member)),
  );
  const queries = new Map<string, AccountQuery>();
  const actors = new Map<string, string>();
  for (const { program, member, actor } of removed) {
    const owner = memberKey(program, member);
    for (const currency of currencies.get(owner) ?? []) {
      const key = accountKey(program, member, currency);
      queries.set(key, queryFor(key, partitionOf(owner, partitions), needsOf(adjustment('all', ONE, actor))));
      actors.set(key, actor);
    }
  }
  const book = await Book.open(tx, accounts, queries);
  const failures = new Map<string, MemberFailure>();
  for (const [key, actor] of actors) {
    try {
      empty(book, key, actor);
    } catch (error) {
      if (!(error instanceof InvariantError)) throw error;
      const { program, member } = book.account(key);
      const owner = memberKey(program, member);
      failures.set(owner, { key: owner, reason: 'invariant', detail: error.message });
    }
  }
  if (failures.size > 0) return { failures: [...failures.values()], events: [] };
  book.save(accounts);
  return { failures: [], events: book.events };
}

const NOTHING: Posted = { failures: [], events: [] };
const ONE = points(-1);

const adjustment = (id: string, change: Points, actor: string): LedgerCommand => ({
  kind: 'adjust',
  id,
  points: change,
  reason: 'member-removed',
  actor,
});

/** Ids count the account's postings, which only grow: the next removal of points that came later is another one. */
function empty<Sql>(book: Book<Sql>, key: string, actor: string): void {
  const carryOut = (command: LedgerCommand): void => {
    const answer = book.stage(key, command);
    assert(answer.ok, `${command.kind} of a removed member was refused`);
    book.commit(answer.value, {});
  };
  book.post(key, { kind: 'book-due' });
  const nameOf = (what: string): string => `removed~${what}~${book.account(key).version}`;
  for (const { id, state } of [...book.account(key).holds.values()])
    if (state === 'open') carryOut({ kind: 'release', id: nameOf(`hold~${id}`), hold: id });
  const { available, pending } = book.account(key);
  if (available + pending > 0) carryOut(adjustment(nameOf('points'), negatePoints(points(available + pending)), actor));
  const { debt } = book.account(key);
  if (debt > 0) carryOut(adjustment(nameOf('debt'), debt, actor));
}
