import { formatToken, type Problem } from '@jifen/contracts';
import { decideAgain, type EventStore, type Transaction } from '@jifen/event-store';
import { accept, instantFromMillis, InvariantError, memberKey, partitionOf, refuse, type Outcome } from '@jifen/kernel';
import { accountKey, type ImportLot, type LedgerEvent } from '@jifen/ledger';
import { Book } from '../book.ts';
import { parkBreach, type Breach } from '../breach.ts';
import type { AccountQuery, Accounts, Standings } from '../ports.ts';
import { takesNoPart } from '../takes-no-part.ts';
import type { PolicyReads } from '../worth.ts';
import { parseRow, rowName, type ImportRow, type RowContext } from './import-row.ts';

export interface ImportParts<Sql> {
  readonly store: EventStore<Sql>;
  readonly accounts: Accounts<Sql>;
  readonly policies: PolicyReads;
  readonly standings: Pick<Standings<Sql>, 'standingsOf'>;
  /** Told what was posted, once it is durable. */
  readonly posted: (events: readonly LedgerEvent[]) => void;
  /** Told of members that were parked, because a row would have broken their books. */
  readonly breached: (breaches: readonly Breach[]) => void;
}

export interface ImportRequest {
  readonly program: string;
  /** Name of the import: with it and the row's own name, a row that is sent again is the same row. */
  readonly importId: string;
  readonly rows: readonly unknown[];
  readonly dryRun: boolean;
  readonly actor: string;
}

export interface RowResult {
  readonly row: string;
  /** `already`: the same row was imported before; nothing was done. */
  readonly outcome: 'imported' | 'already' | 'refused';
  readonly currency?: string;
  readonly points?: number;
  readonly problem?: Problem;
}

export interface Imported {
  readonly import: string;
  readonly dryRun: boolean;
  /** In the order of the rows. */
  readonly results: readonly RowResult[];
  /** Token of the ledger log: whoever waits for it sees all rows. */
  readonly position: string;
}

export const MAX_ROWS = 1_000;
/** Rows of one transaction, which holds one partition's row. */
const MAX_FLUSH = 250;

interface Placed extends ImportRow {
  readonly index: number;
  readonly key: string;
  readonly partition: number;
  readonly id: string;
}

/**
 * Q33, U49: opens a lot for each row. A row is named by import and row: sent again it writes nothing, sent with other points
 * it is refused, so a whole file can be run again after a crash or with its errors corrected. Who takes no part gets nothing
 * new. A dry run decides everything and writes nothing.
 */
export async function importBalances<Sql>(
  parts: ImportParts<Sql>,
  request: ImportRequest,
): Promise<Outcome<Imported, Problem>> {
  const { program, importId, rows, dryRun } = request;
  const now = instantFromMillis(await parts.store.now());
  const policies = await parts.policies.policiesOf(program, now);
  if (policies === undefined)
    return refuse({
      code: 'not_found',
      detail: `the program ${program} is not published: dates and currencies are its`,
    });
  const context: RowContext = { calendar: policies.calendar, currencies: policies.currencies, now };
  const results = new Array<RowResult>(rows.length);
  const byPartition = new Map<number, Placed[]>();
  for (const [index, value] of rows.entries()) {
    const parsed = parseRow(value, context);
    if (!parsed.ok) {
      results[index] = { row: rowName(value) ?? String(index), outcome: 'refused', problem: parsed.refusal };
      continue;
    }
    const { member, currency, row } = parsed.value;
    const partition = partitionOf(memberKey(program, member), parts.store.partitions);
    const placed = byPartition.get(partition) ?? [];
    byPartition.set(partition, placed);
    const key = accountKey(program, member, currency);
    placed.push({ ...parsed.value, index, key, partition, id: `imp:${importId}:${row}` });
  }
  const positions = new Map<number, number>();
  for (const [partition, placed] of byPartition) {
    for (let from = 0; from < placed.length; from += MAX_FLUSH) {
      const flushed = await flush(parts, request, partition, placed.slice(from, from + MAX_FLUSH));
      for (const [index, result] of flushed.results) results[index] = result;
      positions.set(partition, flushed.position);
      if (flushed.events.length > 0) parts.posted(flushed.events);
      parts.breached(flushed.breaches);
    }
  }
  return accept({ import: importId, dryRun, results, position: formatToken({ log: 'ledger', positions }) });
}

interface Flushed {
  readonly results: ReadonlyMap<number, RowResult>;
  readonly events: readonly LedgerEvent[];
  readonly breaches: readonly Breach[];
  readonly position: number;
}

/** Whatever landed unseen is found as `already` by the next attempt, as any row that is sent again. */
async function flush<Sql>(
  parts: ImportParts<Sql>,
  request: ImportRequest,
  partition: number,
  rows: readonly Placed[],
): Promise<Flushed> {
  return decideAgain(() =>
    parts.store.transact({ partitions: [partition] }, (tx) => attemptAll(tx, parts, request, rows)),
  );
}

async function attemptAll<Sql>(
  tx: Transaction<Sql>,
  { accounts, standings }: ImportParts<Sql>,
  { program, importId, dryRun, actor }: ImportRequest,
  rows: readonly Placed[],
): Promise<Flushed> {
  const queries = new Map<string, AccountQuery & { readonly commands: Set<string> }>();
  for (const { key, member, currency, partition, id } of rows) {
    const query = queries.get(key) ?? {
      key,
      program,
      member,
      currency,
      partition,
      awards: new Set<string>(),
      whole: true,
      commands: new Set<string>(),
    };
    query.commands.add(id);
    queries.set(key, query);
  }
  const owners = [...new Set(rows.map(({ member }) => memberKey(program, member)))];
  const [among, inactive, book] = await Promise.all([
    tx.parkedAmong(owners),
    standings.standingsOf(tx.sql, owners),
    Book.open(tx, accounts, queries),
  ]);
  const parked = new Set(among);
  const breaches: Breach[] = [];
  const results = new Map<number, RowResult>();
  for (const placed of rows) {
    const { index, row, currency, points, partition } = placed;
    const owner = memberKey(program, placed.member);
    const refused = (problem: Problem): void => void results.set(index, { row, outcome: 'refused', problem });
    if (parked.has(owner)) {
      refused({ code: 'member_parked', detail: 'the member is parked after an error in its books' });
      continue;
    }
    try {
      const staged = book.stage(placed.key, commandOf(placed, actor));
      const isNew = staged.ok && !staged.value.repeated;
      const standing = inactive.get(owner);
      if (!staged.ok) refused(staged.refusal);
      else if (isNew && standing !== undefined) refused(takesNoPart(standing));
      else {
        if (!dryRun && isNew) book.commit(staged.value, {});
        results.set(index, { row, outcome: isNew ? 'imported' : 'already', currency, points });
      }
    } catch (error) {
      if (!(error instanceof InvariantError)) throw error;
      refused({ code: 'member_parked', detail: `the books of the member would not add up: ${error.message}` });
      if (dryRun) continue;
      const breach = { owner, partition, detail: error.message, evidence: { import: importId, row, currency, points } };
      parkBreach(tx, breach);
      breaches.push(breach);
      parked.add(owner);
    }
  }
  // What comes to a member that was merged into another is sent on at once.
  if (!dryRun) book.save(accounts);
  const [first] = rows;
  const position = first === undefined ? 0 : tx.nextPosition(first.partition) - 1;
  return { results, events: book.events, breaches, position };
}

const commandOf = ({ id, points, earnedOn, expiresAt, note }: Placed, actor: string): ImportLot => ({
  kind: 'import',
  id,
  points,
  earnedOn,
  ...(expiresAt === undefined ? {} : { expiresAt }),
  ...(note === undefined ? {} : { note }),
  actor,
});
