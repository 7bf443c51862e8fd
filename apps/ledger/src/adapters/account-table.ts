import { textArray } from '@jifen/event-store-postgres';
import { assert, instantToMillis, present } from '@jifen/kernel';
import { draftAccount, lotId, put, type Account, type AccountDraft } from '@jifen/ledger';
import type { ClientBase, QueryResultRow } from 'pg';
import { grouped } from '../application/grouped.ts';
import type { AccountQuery, Accounts } from '../application/ports.ts';
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
  putLots,
  type AccountRow,
  type DoneRow,
  type LotRow,
} from './rows.ts';
import { saveLegs } from './leg-table.ts';
import { saveChanges } from './save.ts';

/** Lots, holds, redemptions, transfers or commands that one flush may need. */
const MAX_ROWS = 100_000;

// LATERAL with OFFSET 0 looks each pair up in the key; a join would now and then be hashed over the whole table.
const pairs = (table: string, columns: string, where: string): string => `
SELECT x.* FROM unnest($1::text[], $2::text[]) AS wanted (of_account, of_id) CROSS JOIN LATERAL (
  SELECT ${columns} FROM ${table} WHERE ${where} OFFSET 0) x LIMIT ${MAX_ROWS + 1}`;
const ofAccounts = (table: string, columns: string, where: string): string =>
  `SELECT ${columns} FROM ${table} WHERE account = ANY ($1::text[]) AND ${where} LIMIT ${MAX_ROWS + 1}`;
const BY_ID = 'id = wanted.of_id AND account = wanted.of_account';
const OF_MERGE = "(merge = wanted.of_id OR id = wanted.of_id OR id = peer || '/' || wanted.of_id)";

const ACCOUNTS = `SELECT ${ACCOUNT_COLUMNS} FROM account WHERE key = ANY ($1::text[])`;
/** By the name under which they are prepared, but those below. */
const SQL = {
  'of-awards': pairs('lot', LOT_COLUMNS, 'account = wanted.of_account AND award = wanted.of_id'),
  'of-holds': pairs('hold', HOLD_COLUMNS, BY_ID),
  'of-redemptions': pairs('redemption', REDEMPTION_COLUMNS, BY_ID),
  'of-transfers': pairs('transfer', TRANSFER_COLUMNS, BY_ID),
  'of-merges': pairs('transfer', TRANSFER_COLUMNS, `account = wanted.of_account AND ${OF_MERGE}`),
  'of-since': pairs('transfer', TRANSFER_COLUMNS, 'account = wanted.of_account AND at >= wanted.of_id::timestamptz'),
  'of-done': pairs('done', DONE_COLUMNS, 'account = wanted.of_account AND id = wanted.of_id'),
  'open-lots': ofAccounts('lot', LOT_COLUMNS, 'remaining > 0'),
  'expired-lots': ofAccounts('lot', LOT_COLUMNS, 'expired > 0'),
  'open-holds': ofAccounts('hold', HOLD_COLUMNS, "state = 'open'"),
} as const;

/** Of these more than one index finds the rows, and which one is right shows when there are rows. */
const NOT_PREPARED: ReadonlySet<keyof typeof SQL> = new Set(['of-transfers', 'of-merges', 'of-since', 'open-holds']);

async function load(
  sql: ClientBase,
  queries: readonly AccountQuery[],
  now: number,
): Promise<ReadonlyMap<string, Account>> {
  const keys = queries.map(({ key }) => key);
  const drafts = new Map<string, AccountDraft>();
  const draft = (key: string): AccountDraft => present(drafts.get(key), key);
  const ask = async <Row>(name: keyof typeof SQL, values: unknown[]): Promise<readonly Row[]> => {
    const { rows: answer } = await sql.query<Row & QueryResultRow>({
      ...(NOT_PREPARED.has(name) ? {} : { name }),
      text: SQL[name],
      values,
    });
    assert(answer.length <= MAX_ROWS, `a flush needs more than ${MAX_ROWS} rows of ${name}`);
    return answer;
  };
  /** One query for all pairs of account and id that the queries name, none when they name nothing. */
  const lookUp = async <Row>(
    name: keyof typeof SQL,
    idsOf: (query: AccountQuery) => Iterable<string> | undefined,
  ): Promise<readonly Row[]> => {
    const accounts: string[] = [];
    const ids: string[] = [];
    for (const one of queries) {
      const own = idsOf(one);
      if (own === undefined) continue;
      for (const id of own) {
        accounts.push(one.key);
        ids.push(id);
      }
    }
    return ids.length === 0 ? [] : ask(name, [textArray(accounts), textArray(ids)]);
  };
  const ofKeys = async <Row>(name: keyof typeof SQL, of: readonly string[]): Promise<readonly Row[]> =>
    of.length === 0 ? [] : ask(name, [textArray(of)]);
  const putTransfers = (of: readonly TransferRow[]): void => {
    // A row's id is the `transferKey` already.
    for (const row of of) {
      const account = draft(row.account);
      account.transfers = put(account.transfers, row.id, transferOf(row));
    }
  };
  const putHolds = (of: readonly HoldRow[]): void => {
    for (const row of of) {
      const account = draft(row.account);
      account.holds = put(account.holds, row.id, holdOf(row));
    }
  };
  const keysOf = (which: (query: AccountQuery) => boolean): readonly string[] =>
    queries.filter(which).map(({ key }) => key);
  const asked = new Set(keysOf(({ whole }) => whole === true));

  // All that the queries name, together, so that it shares a round trip: mostly nothing else is needed.
  const [accounts, lots, redemptions, done, expired, open, holds, ...transfers] = await Promise.all([
    sql.query<AccountRow>({ name: 'of-keys', text: ACCOUNTS, values: [textArray(keys)] }),
    lookUp<LotRow>('of-awards', ({ awards }) => awards),
    lookUp<RedemptionRow>('of-redemptions', (one) => one.redemptions),
    lookUp<DoneRow>('of-done', (one) => one.commands),
    ofKeys<LotRow>(
      'expired-lots',
      keysOf((one) => one.expired === true),
    ),
    ofKeys<LotRow>('open-lots', [...asked]),
    lookUp<HoldRow>('of-holds', (one) => one.holds),
    lookUp<TransferRow>('of-transfers', (one) => one.transfers),
    lookUp<TransferRow>('of-merges', (one) => one.merges),
    lookUp<TransferRow>('of-since', ({ transfersSince: since }) => (since === undefined ? undefined : [since])),
  ]);
  const rows = new Map(accounts.rows.map((row) => [row.key, row]));
  for (const { key, program, member, currency } of queries) {
    const row = rows.get(key);
    drafts.set(key, row === undefined ? draftAccount(program, member, currency) : accountOf(row));
  }
  addLots(draft, lots);
  for (const row of redemptions) {
    const account = draft(row.account);
    account.redemptions = put(account.redemptions, row.id, redemptionOf(row));
  }
  for (const row of done) {
    const account = draft(row.account);
    account.done = put(account.done, row.id, doneOf(row));
  }
  transfers.forEach(putTransfers);
  addLots(draft, await lookUp('of-awards', (one) => awardsTouched(one, draft(one.key))));
  addOpenLots(draft, expired);
  addOpenLots(draft, open);

  // What only the rows tell to be needed, too.
  const whole = keysOf((one) => rows.has(one.key) && needsAll(one, draft(one.key), now));
  const [more, held, moving] = await Promise.all([
    ofKeys<LotRow>(
      'open-lots',
      whole.filter((key) => !asked.has(key)),
    ),
    ofKeys<HoldRow>(
      'open-holds',
      whole.filter((key) => draft(key).held > 0),
    ),
    lookUp<HoldRow>('of-holds', (one) => holdsMoving(one, draft(one.key))),
  ]);
  addOpenLots(draft, more);
  putHolds(held);
  putHolds(holds);
  putHolds(moving);
  for (const key of whole) draft(key).complete = true;
  return drafts;
}

export const accountTable: Accounts<ClientBase> = { load, save: saveChanges, saveLegs };

/** Awards whose lots the movements in hand took from, open or not. */
function awardsTouched(query: AccountQuery, account: Account): Iterable<string> | undefined {
  if (query.lots === undefined && account.redemptions.size === 0 && account.transfers.size === 0) return undefined;
  const movements = [...account.redemptions.values(), ...account.transfers.values()];
  const lots = [...(query.lots ?? []), ...movements.flatMap((movement) => movement.lots.map(({ lot }) => lot))];
  const awards = lots.map((lot) => lot.slice(0, Math.max(0, lot.lastIndexOf('#'))));
  return new Set(awards.filter((award) => award !== '' && !query.awards.has(award)));
}

/** Holds of the transfers in hand that the query does not name. */
function holdsMoving({ holds }: AccountQuery, account: Account): readonly string[] | undefined {
  if (account.transfers.size === 0) return undefined;
  const moving = [...account.transfers.values()].flatMap((transfer) => transfer.holds);
  return [...new Set(moving)].filter((id) => holds?.has(id) !== true);
}

/** Asked for, in debt, merged, something due, or an award with less in its lots than it granted: then other lots may be touched. */
function needsAll({ whole }: AccountQuery, account: Account, millis: number): boolean {
  if (whole === true || account.debt > 0 || account.merged !== undefined) return true;
  const due = [account.activationDue, account.expiryDue, account.holdDue];
  if (due.some((at) => at !== undefined && instantToMillis(at) <= millis)) return true;
  let granted = 0;
  let remaining = 0;
  for (const standing of account.standings.values()) granted += standing.granted;
  for (const lot of account.lots.values()) remaining += lot.remaining - lot.held;
  return remaining < granted;
}

/** Awards that are decided about come whole: the standing of each counts its lots. */
function addLots(draft: (key: string) => AccountDraft, rows: readonly LotRow[]): void {
  for (const [key, own] of grouped(rows, ({ account }) => account)) putLots(draft(key), own);
}

/** Of other awards only some lots come, which is all that may be taken of them. */
const addOpenLots = (draft: (key: string) => AccountDraft, rows: readonly LotRow[]): void =>
  addLots(
    draft,
    rows.filter((row) => !draft(row.account).lots.has(lotId(row.award, row.n))),
  );
