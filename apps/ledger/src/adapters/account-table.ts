import { textArray } from '@jifen/event-store-postgres';
import { assert, instantFromMillis, present } from '@jifen/kernel';
import { openAccount, type Account } from '@jifen/ledger';
import type { ClientBase } from 'pg';
import type { AccountQuery, Accounts, LoadOptions } from '../application/ports.ts';
import { accountOf, ACCOUNT_COLUMNS, LOT_COLUMNS, withLots, type AccountRow, type LotRow } from './rows.ts';
import { saveChanges } from './save.ts';

/** Names of the two tables: a rebuild writes a second pair beside the live one. */
export interface ProjectionTables {
  readonly account: string;
  readonly lot: string;
}

export const LIVE: ProjectionTables = { account: 'account', lot: 'lot' };

/** Open lots that one flush may need of accounts which have to be seen whole. */
const MAX_OPEN_LOTS = 100_000;

export interface AccountTableOptions {
  /** Keep the sums of what is owed with what is saved: whoever writes the live tables does, whoever rebuilds them does not. */
  readonly owed?: boolean;
}

export function accountTable(
  tables: ProjectionTables = LIVE,
  { owed = false }: AccountTableOptions = {},
): Accounts<ClientBase> {
  const ofKeys = `SELECT ${ACCOUNT_COLUMNS} FROM ${tables.account} WHERE key = ANY ($1::text[])`;
  // LATERAL with OFFSET 0 looks each pair up in the key; a join would now and then be hashed over the whole table.
  const ofAwards = `
SELECT l.* FROM unnest($1::text[], $2::text[]) AS wanted (of_account, of_award) CROSS JOIN LATERAL (
  SELECT ${LOT_COLUMNS} FROM ${tables.lot} WHERE account = wanted.of_account AND award = wanted.of_award OFFSET 0) l`;
  const openLots = `
SELECT ${LOT_COLUMNS} FROM ${tables.lot} WHERE account = ANY ($1::text[]) AND remaining > 0 LIMIT ${MAX_OPEN_LOTS + 1}`;
  async function load(
    sql: ClientBase,
    queries: readonly AccountQuery[],
    options: LoadOptions,
  ): Promise<Map<string, Account>> {
    const found = await sql.query<AccountRow>({
      name: `of-keys-${tables.account}`,
      text: ofKeys,
      values: [textArray(queries.map(({ key }) => key))],
    });
    const rows = new Map(found.rows.map((row) => [row.key, row]));
    const accounts = new Map<string, Account>();
    const pairs: { key: string; award: string }[] = [];
    for (const { key, program, member, currency, awards } of queries) {
      const row = rows.get(key);
      accounts.set(key, row === undefined ? openAccount(program, member, currency) : accountOf(row));
      if (row !== undefined) for (const award of awards) pairs.push({ key, award });
    }
    if (pairs.length > 0) {
      const values = [textArray(pairs.map(({ key }) => key)), textArray(pairs.map(({ award }) => award))];
      addLots(
        accounts,
        (await sql.query<LotRow>({ name: `of-awards-${tables.lot}`, text: ofAwards, values })).rows,
        false,
      );
    }
    const whole = [...rows.keys()].filter((key) => needsAll(key, present(accounts.get(key), key), options));
    if (whole.length > 0) {
      const open = (await sql.query<LotRow>(openLots, [whole])).rows;
      assert(open.length <= MAX_OPEN_LOTS, `more than ${MAX_OPEN_LOTS} open lots in ${whole.length} accounts`);
      addLots(accounts, open, true);
      for (const key of whole) accounts.set(key, { ...present(accounts.get(key), key), complete: true });
    }
    return accounts;
  }

  return { load, save: (sql, changes) => saveChanges(sql, tables, changes, owed) };
}

/** Debt, a due activation, or an award with less in its lots than it granted: then other lots may be touched. */
function needsAll(key: string, account: Account, { now, whole }: LoadOptions): boolean {
  if (whole?.has(key) === true || account.debt > 0) return true;
  if (account.activationDue !== undefined && account.activationDue <= instantFromMillis(now)) return true;
  let granted = 0;
  let remaining = 0;
  for (const standing of account.standings.values()) granted += standing.granted;
  for (const lot of account.lots.values()) remaining += lot.remaining;
  return remaining < granted;
}

function addLots(accounts: Map<string, Account>, rows: readonly LotRow[], open: boolean): void {
  const byAccount = new Map<string, LotRow[]>();
  for (const row of rows) {
    const list = byAccount.get(row.account);
    if (list === undefined) byAccount.set(row.account, [row]);
    else list.push(row);
  }
  for (const [key, list] of byAccount) {
    const account = present(accounts.get(key), key);
    // Awards that are decided about are in hand whole. Of others only open lots come, which is all that may be taken of them.
    const fresh = open ? list.filter((row) => !account.standings.has(row.award)) : list;
    accounts.set(key, withLots(account, fresh, account.complete));
  }
}
