import { inHalves, mayBeOnes, type EventStore, type Transaction } from '@jifen/event-store';
import { assert, errorText, InvariantError, memberKey, partitionOf, present } from '@jifen/kernel';
import { accountKey, needsOf, transferKey, type LedgerCommand, type LedgerEvent } from '@jifen/ledger';
import { Book } from './book.ts';
import { parkBreach, type Breach } from './breach.ts';
import type { MemberReads } from './commands/currencies.ts';
import { queryFor } from './commands/queries.ts';
import { grouped } from './grouped.ts';
import { ownerOf } from './owner.ts';
import type { AccountQuery, Accounts, Leg, Legs, Standings } from './ports.ts';
import { takeAll } from './take-all.ts';

/** A leg whose other end, or its own, is parked or broke is tried again after this long. */
const RETRY_AFTER_MS = 60_000;

export interface LegParts<Sql> {
  readonly store: EventStore<Sql>;
  readonly accounts: Accounts<Sql>;
  readonly legs: Legs<Sql>;
  readonly standings: Pick<Standings<Sql>, 'standingsOf'>;
  readonly members: MemberReads<Sql>;
}

export interface Delivered {
  readonly events: readonly LedgerEvent[];
  readonly breaches: readonly Breach[];
}

/** One posting of a leg: at which account, and with what command. */
interface Task {
  readonly leg: Leg;
  readonly key: string;
  readonly command: LedgerCommand;
}

/**
 * Takes legs that left accounts of one partition to the other end, and the answer back: a transaction at the receivers, then
 * one at the senders. A crash in between repeats the first, which posts nothing again and finds its own answer. A leg that
 * cannot be written parks its sender and waits, and its neighbours go on.
 */
export async function deliverLegs<Sql>(parts: LegParts<Sql>, legs: readonly Leg[]): Promise<Delivered> {
  const delivered = await inHalves(legs, {
    attempt: (some) => deliverAll(parts, some),
    mayBeOnes,
    alone: (leg, error) => setAside(parts, leg, errorText(error)),
  });
  return {
    events: delivered.flatMap(({ events }) => events),
    breaches: delivered.flatMap(({ breaches }) => breaches),
  };
}

async function setAside<Sql>({ store, legs }: LegParts<Sql>, leg: Leg, detail: string): Promise<Delivered> {
  const { account, partition } = leg;
  const breach = { owner: ownerKeyOf(account), partition, detail, evidence: { account, leg: leg.leg } };
  await store.transact({ partitions: [partition] }, async (tx) => {
    parkBreach(tx, breach);
    await legs.postpone(tx.sql, [leg], tx.now + RETRY_AFTER_MS);
  });
  return { events: [], breaches: [breach] };
}

async function deliverAll<Sql>(parts: LegParts<Sql>, legs: readonly Leg[]): Promise<Delivered> {
  const { store } = parts;
  const events: LedgerEvent[] = [];
  const breaches: Breach[] = [];
  const answers = new Map<Leg, Task>();
  for (const [partition, tasks] of byPartition(legs, store.partitions)) {
    const received = await store.transact({ partitions: [partition] }, (tx) => post(tx, parts, partition, tasks));
    events.push(...received.events);
    breaches.push(...received.breaches);
    for (const answer of received.answers) answers.set(answer.leg, answer);
  }
  for (const [partition, own] of grouped(legs, (leg) => leg.partition)) {
    const tasks = own.flatMap((leg) => answers.get(leg) ?? []);
    const settled = await store.transact({ partitions: [partition] }, (tx) => settle(tx, parts, partition, own, tasks));
    events.push(...settled.events);
    breaches.push(...settled.breaches);
  }
  return { events, breaches };
}

/** Posts the answers at the senders; legs that have none, or failed here, wait. */
async function settle<Sql>(
  tx: Transaction<Sql>,
  parts: LegParts<Sql>,
  partition: number,
  own: readonly Leg[],
  tasks: readonly Task[],
): Promise<Posted> {
  const posted = await post(tx, parts, partition, tasks);
  const failed = new Set(posted.failed);
  const answered = new Set(tasks.map(({ leg }) => leg).filter((leg) => !failed.has(leg)));
  const waiting = own.filter((leg) => !answered.has(leg));
  if (answered.size > 0) await parts.legs.drop(tx.sql, [...answered]);
  if (waiting.length > 0) await parts.legs.postpone(tx.sql, waiting, tx.now + RETRY_AFTER_MS);
  return posted;
}

function byPartition(legs: readonly Leg[], partitions: number): ReadonlyMap<number, readonly Task[]> {
  const tasks = legs.map((leg): Task => {
    const { program, member, currency } = ownerOf(leg.account);
    const key = accountKey(program, leg.leg.peer, currency);
    return { leg, key, command: { kind: 'receive-transfer', from: member, leg: leg.leg } };
  });
  return grouped(tasks, ({ key }) => partitionOf(key.slice(0, key.lastIndexOf('/')), partitions));
}

interface Posted {
  readonly events: readonly LedgerEvent[];
  readonly breaches: readonly Breach[];
  readonly failed: readonly Leg[];
  /** Of receipts: what the sender is to be told. */
  readonly answers: readonly Task[];
}

async function post<Sql>(
  tx: Transaction<Sql>,
  { accounts, standings, members, store }: LegParts<Sql>,
  partition: number,
  tasks: readonly Task[],
): Promise<Posted> {
  const queries = new Map<string, AccountQuery>();
  for (const { key, command } of tasks) queries.set(key, queryFor(key, partition, needsOf(command), queries.get(key)));
  const owners = [...new Set(tasks.map(({ key }) => ownerKeyOf(key)))];
  const [parked, inactive, book] = await Promise.all([
    tx.parkedAmong(owners),
    standings.standingsOf(tx.sql, owners),
    Book.open(tx, accounts, queries),
  ]);
  const breaches: Breach[] = [];
  const failed: Leg[] = [];
  const answers: Task[] = [];
  for (const { leg, key, command: asked } of tasks) {
    const owner = ownerKeyOf(key);
    const command = asked.kind === 'receive-transfer' ? { ...asked, inactive: inactive.has(owner) } : asked;
    if (parked.has(owner)) {
      failed.push(leg);
      continue;
    }
    try {
      const staged = book.stage(key, command);
      assert(staged.ok, `${command.kind} of ${leg.leg.id} was refused`);
      book.commit(staged.value, {});
    } catch (error) {
      if (!(error instanceof InvariantError)) throw error;
      const breach = { owner, partition, detail: error.message, evidence: { account: key, command } };
      parkBreach(tx, breach);
      breaches.push(breach);
      failed.push(leg);
      continue;
    }
    if (command.kind !== 'receive-transfer') continue;
    const { state } = present(
      book.account(key).transfers.get(transferKey('in', command.from, leg.leg.id)),
      `transfer ${leg.leg.id}`,
    );
    const settle = { kind: 'settle-transfer', transfer: leg.leg.id, received: state === 'received' } as const;
    answers.push({ leg, key: leg.account, command: settle });
  }
  book.save(accounts);
  // What comes back to who was removed meanwhile is taken as well.
  const taken = await takeAll(tx, { accounts, members, partitions: store.partitions }, inactive);
  const [broken] = taken.failures;
  assert(broken === undefined, `${broken?.key}: ${broken?.detail}`);
  return { events: [...book.events, ...taken.events], breaches, failed, answers };
}

const ownerKeyOf = (key: string): string => {
  const { program, member } = ownerOf(key);
  return memberKey(program, member);
};
