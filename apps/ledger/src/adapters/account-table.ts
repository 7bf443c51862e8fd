import { textArray } from '@jifen/event-store-postgres';
import { assert, instantFromMillis, present } from '@jifen/kernel';
import {
  openAccount,
  transferKey,
  type Account,
  type Done,
  type Hold,
  type Redemption,
  type Transfer,
} from '@jifen/ledger';
import type { ClientBase } from 'pg';
import type { AccountQuery, Accounts, LoadOptions } from '../application/ports.ts';
import {
  holdOf,
  HOLD_COLUMNS,
  redemptionOf,
  REDEMPTION_COLUMNS,
  transferOf,
  TRANSFER_COLUMNS,
  type HoldRow,
  type RedemptionRow,
  type TransferRow,
} from './movement-rows.ts';
import {
  accountOf,
  ACCOUNT_COLUMNS,
  doneOf,
  DONE_COLUMNS,
  LOT_COLUMNS,
  withLots,
  type AccountRow,
  type DoneRow,
  type LotRow,
} from './rows.ts';
import { saveLegs } from './leg-table.ts';
import { saveChanges } from './save.ts';

/** Names of the tables. */
export type ProjectionTables = Readonly<
  Record<'account' | 'lot' | 'hold' | 'redemption' | 'transfer' | 'done', string>
>;

export const LIVE: ProjectionTables = {
  account: 'account',
  lot: 'lot',
  hold: 'hold',
  redemption: 'redemption',
  transfer: 'transfer',
  done: 'done',
};

/** Open lots that one flush may need of accounts which have to be seen whole. */
const MAX_OPEN_LOTS = 100_000;
/** Holds, redemptions or transfers that one flush may need. */
const MAX_MOVEMENTS = 100_000;

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
  const pairs = (table: string, columns: string, where: string): string => `
SELECT x.* FROM unnest($1::text[], $2::text[]) AS wanted (of_account, of_id) CROSS JOIN LATERAL (
  SELECT ${columns} FROM ${table} WHERE ${where} OFFSET 0) x LIMIT ${MAX_MOVEMENTS + 1}`;
  const byId = 'id = wanted.of_id AND account = wanted.of_account';
  const ofAwards = pairs(tables.lot, LOT_COLUMNS, 'account = wanted.of_account AND award = wanted.of_id');
  const ofHolds = pairs(tables.hold, HOLD_COLUMNS, byId);
  const ofRedemptions = pairs(tables.redemption, REDEMPTION_COLUMNS, byId);
  const ofTransfers = pairs(tables.transfer, TRANSFER_COLUMNS, byId);
  const belongs = "(merge = wanted.of_id OR id = wanted.of_id OR id = peer || '/' || wanted.of_id)";
  const ofMerges = pairs(tables.transfer, TRANSFER_COLUMNS, `account = wanted.of_account AND ${belongs}`);
  const since = 'account = wanted.of_account AND at >= wanted.of_id::timestamptz';
  const sinceThen = pairs(tables.transfer, TRANSFER_COLUMNS, since);
  const ofDone = pairs(tables.done, DONE_COLUMNS, 'account = wanted.of_account AND id = wanted.of_id');
  const openLots = `
SELECT ${LOT_COLUMNS} FROM ${tables.lot} WHERE account = ANY ($1::text[]) AND remaining > 0 LIMIT ${MAX_OPEN_LOTS + 1}`;
  const expiredLots = `
SELECT ${LOT_COLUMNS} FROM ${tables.lot} WHERE account = ANY ($1::text[]) AND expired > 0 LIMIT ${MAX_OPEN_LOTS + 1}`;
  const openHolds = `
SELECT ${HOLD_COLUMNS} FROM ${tables.hold} WHERE account = ANY ($1::text[]) AND state = 'open' LIMIT ${MAX_MOVEMENTS + 1}`;

  async function load(
    sql: ClientBase,
    queries: readonly AccountQuery[],
    options: LoadOptions,
  ): Promise<Map<string, Account>> {
    const query = async <Row extends { account: string }>(name: string, text: string, values: readonly unknown[]) => {
      const { rows } = await sql.query<Row>({ name: `${name}-${tables.account}`, text, values: [...values] });
      assert(rows.length <= MAX_MOVEMENTS, `a flush needs more than ${MAX_MOVEMENTS} rows of ${name}`);
      return rows;
    };
    const found = await sql.query<AccountRow>({
      name: `of-keys-${tables.account}`,
      text: ofKeys,
      values: [textArray(queries.map(({ key }) => key))],
    });
    const rows = new Map(found.rows.map((row) => [row.key, row]));
    const accounts = new Map<string, Account>();
    for (const { key, program, member, currency } of queries) {
      const row = rows.get(key);
      accounts.set(key, row === undefined ? openAccount(program, member, currency) : accountOf(row));
    }
    const known = queries.filter(({ key }) => rows.has(key));
    /** One query for all pairs of account and id that the queries name, none when they name nothing. */
    const lookUp = async <Row extends { account: string }>(
      name: string,
      text: string,
      idsOf: (query: AccountQuery) => Iterable<string>,
    ): Promise<readonly Row[]> => {
      const wanted = known.flatMap((one) => [...idsOf(one)].map((id) => [one.key, id] as const));
      if (wanted.length === 0) return [];
      return query<Row>(name, text, [textArray(wanted.map(([key]) => key)), textArray(wanted.map(([, id]) => id))]);
    };
    const put = <Field extends 'holds' | 'redemptions' | 'transfers' | 'done'>(
      field: Field,
      ofRows: readonly (readonly [account: string, id: string, value: Value<Field>])[],
    ): void => {
      for (const [key, id, value] of ofRows) {
        const account = present(accounts.get(key), key);
        const values = new Map<string, Value<Field>>(account[field] as ReadonlyMap<string, Value<Field>>);
        accounts.set(key, { ...account, [field]: values.set(id, value) });
      }
    };

    addLots(accounts, await lookUp<LotRow>('of-awards', ofAwards, ({ awards }) => awards), false);
    const redemptions = await lookUp<RedemptionRow>('of-redemptions', ofRedemptions, (one) => one.redemptions ?? []);
    put(
      'redemptions',
      redemptions.map((row) => [row.account, row.id, redemptionOf(row)] as const),
    );
    const transfers = [
      ...(await lookUp<TransferRow>('of-transfers', ofTransfers, (one) => one.transfers ?? [])),
      ...(await lookUp<TransferRow>('of-merges', ofMerges, (one) => one.merges ?? [])),
      ...(await lookUp<TransferRow>('of-since', sinceThen, (one) =>
        one.transfersSince === undefined ? [] : [one.transfersSince],
      )),
    ];
    put(
      'transfers',
      transfers.map((row) => [row.account, transferKey(row.direction, row.peer, row.id), transferOf(row)] as const),
    );
    const done = await lookUp<DoneRow>('of-done', ofDone, (one) => one.commands ?? []);
    put(
      'done',
      done.map((row) => [row.account, row.id, doneOf(row)] as const),
    );
    // Awards whose lots the movements in hand took from, open or not.
    const touched = (one: AccountQuery): ReadonlySet<string> => {
      const account = present(accounts.get(one.key), one.key);
      const movements = [...account.redemptions.values(), ...account.transfers.values()];
      const lots = [...(one.lots ?? []), ...movements.flatMap((movement) => movement.lots.map(({ lot }) => lot))];
      const awards = lots.map((lot) => lot.slice(0, Math.max(0, lot.lastIndexOf('#'))));
      return new Set(awards.filter((award) => award !== '' && !one.awards.has(award)));
    };
    addLots(accounts, await lookUp<LotRow>('of-awards', ofAwards, touched), false);

    const expired = known.filter((one) => one.expired === true).map(({ key }) => key);
    if (expired.length > 0) addLots(accounts, await query<LotRow>('expired', expiredLots, [textArray(expired)]), true);
    const whole = known.filter((one) => needsAll(one, present(accounts.get(one.key), one.key), options));
    if (whole.length > 0) {
      const keys = whole.map(({ key }) => key);
      addLots(accounts, await query<LotRow>('open-lots', openLots, [textArray(keys)]), true);
      const holding = keys.filter((key) => present(accounts.get(key), key).held > 0);
      const open = holding.length === 0 ? [] : await query<HoldRow>('open-holds', openHolds, [textArray(holding)]);
      put(
        'holds',
        open.map((row) => [row.account, row.id, holdOf(row)] as const),
      );
      for (const key of keys) accounts.set(key, { ...present(accounts.get(key), key), complete: true });
    }
    const holds = await lookUp<HoldRow>('of-holds', ofHolds, (one) =>
      wantedHolds(one, present(accounts.get(one.key), one.key)),
    );
    put(
      'holds',
      holds.map((row) => [row.account, row.id, holdOf(row)] as const),
    );
    return accounts;
  }

  return { load, save: (sql, changes) => saveChanges(sql, tables, changes, owed), saveLegs };
}

type Value<Field extends 'holds' | 'redemptions' | 'transfers' | 'done'> = {
  readonly holds: Hold;
  readonly redemptions: Redemption;
  readonly transfers: Transfer;
  readonly done: Done;
}[Field];

/** Those asked for and those of the transfers in hand, as far as they are not there yet. */
function wantedHolds({ holds = new Set() }: AccountQuery, account: Account): readonly string[] {
  const moving = [...account.transfers.values()].flatMap((transfer) => transfer.holds);
  return [...new Set([...holds, ...moving])].filter((id) => !account.holds.has(id));
}

/** Asked for, in debt, merged, something due, or an award with less in its lots than it granted: then other lots may be touched. */
function needsAll({ key, whole }: AccountQuery, account: Account, options: LoadOptions): boolean {
  if (whole === true || options.whole?.has(key) === true || account.debt > 0 || account.merged !== undefined)
    return true;
  const now = instantFromMillis(options.now);
  const due = [account.activationDue, account.expiryDue, account.holdDue];
  if (due.some((at) => at !== undefined && at <= now)) return true;
  let granted = 0;
  let remaining = 0;
  for (const standing of account.standings.values()) granted += standing.granted;
  for (const lot of account.lots.values()) remaining += lot.remaining - lot.held;
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
    const fresh = open ? list.filter((row) => !account.lots.has(`${row.award}#${row.n}`)) : list;
    accounts.set(key, withLots(account, fresh, account.complete));
  }
}
