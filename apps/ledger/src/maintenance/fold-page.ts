import type { StoredEvent } from '@jifen/event-store';
import { InvariantError, present } from '@jifen/kernel';
import { evolve } from '@jifen/ledger';
import type { ClientBase } from 'pg';
import { ownerOf } from '../application/owner.ts';
import type { AccountQuery, Accounts } from '../application/ports.ts';
import { ledgerEventOf } from '../application/stored-event.ts';
import { BrokenLogError, doesNotFollow } from './fold-accounts.ts';

/** Folds a page of one partition into the tables behind `accounts`, with nothing but the events that they do not have yet. */
export async function foldPage(
  sql: ClientBase,
  accounts: Accounts<ClientBase>,
  partition: number,
  page: readonly StoredEvent[],
): Promise<void> {
  if (page.length === 0) return;
  const events = page.map((stored) => ({ stored, event: ledgerEventOf(stored) }));
  const queries = new Map<string, AccountQuery & { readonly awards: Set<string> }>();
  const whole = new Set<string>();
  for (const { stored, event } of events) {
    const key = stored.stream;
    const query = queries.get(key) ?? { key, partition, ...ownerOf(key), awards: new Set<string>() };
    queries.set(key, query);
    if (event.entry.award !== undefined) query.awards.add(event.entry.award);
    for (const { lot } of event.entry.lots) query.awards.add(lot.slice(0, lot.lastIndexOf('#')));
    // What is still pending afterwards can only be told with all lots in hand.
    if (event.type === 'points.activated') whole.add(key);
  }
  const before = await accounts.load(sql, [...queries.values()], { now: 0, whole });
  const after = new Map(before);
  for (const { stored, event } of events) {
    const account = present(after.get(stored.stream), stored.stream);
    if (event.version <= account.version) continue;
    try {
      after.set(stored.stream, evolve(account, event));
    } catch (cause) {
      if (!(cause instanceof InvariantError)) throw cause;
      throw new BrokenLogError(doesNotFollow(stored, cause), { cause });
    }
  }
  const changes = [...queries.keys()].map((key) => ({
    key,
    partition,
    before: present(before.get(key), key),
    after: present(after.get(key), key),
  }));
  await accounts.save(sql, changes);
}
