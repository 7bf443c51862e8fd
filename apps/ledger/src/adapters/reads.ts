import { assert, memberKey } from '@jifen/kernel';
import { accountKey, type Account } from '@jifen/ledger';
import type { Pool } from 'pg';
import type { AccountPlace, AccountReads } from '../application/read-balances.ts';
import type { BalanceReads, MemberAccounts } from '../application/read-balance.ts';
import type { HistoryReads } from '../application/history.ts';
import type { LotReads, LotsPage } from '../application/read-lots.ts';
import { holdOf, HOLD_COLUMNS, type HoldRow } from './movement-rows.ts';
import {
  accountOf,
  ACCOUNT_COLUMNS,
  lotOf,
  LOT_COLUMNS,
  timestamp,
  withOpenLots,
  type AccountRow,
  type LotRow,
} from './rows.ts';

/** Currencies that a member can have; a program document has far fewer. */
const MAX_ACCOUNTS = 100;
const MAX_OPEN_LOTS = 100_000;

/** `0` follows `/` in the byte order: everything between the two begins with `program/member/`. */
const rangeOf = (program: string, member: string): [string, string] => {
  const key = memberKey(program, member);
  return [`${key}/`, `${key}0`];
};

const prefixed = (alias: string, columns: string): string => columns.replaceAll(/\w+/g, (name) => `${alias}.${name}`);

/**
 * One statement, hence one snapshot: the log's position, the accounts, their open lots. Open holds only where one of them may have
 * ended that nobody has booked: then they say what is free again. OFFSET 0 keeps that to once an account, and has
 * the lots looked up in the key, whatever the planner thinks how many accounts there are.
 */
const MEMBER = `
SELECT s.position AS log_position, ${prefixed('a', ACCOUNT_COLUMNS)}, a.holds, ${LOT_COLUMNS.split(', ')
  .map((name) => `l.${name} AS lot_${name}`)
  .join(', ')}
FROM shard s
  LEFT JOIN LATERAL (SELECT ${ACCOUNT_COLUMNS}, CASE WHEN hold_due <= $4::timestamptz THEN (
      SELECT json_agg(h) FROM (SELECT ${HOLD_COLUMNS} FROM hold WHERE account = key AND state = 'open') h) END AS holds
    FROM account WHERE key > $1 AND key < $2 OFFSET 0) a ON true
  LEFT JOIN LATERAL (SELECT ${LOT_COLUMNS} FROM lot WHERE account = a.key AND remaining > 0 OFFSET 0) l ON true
WHERE s.log = 'ledger' AND s.partition = $3
LIMIT ${MAX_OPEN_LOTS + 1}`;

const VERSIONS = `SELECT key, version FROM account WHERE key > $1 AND key < $2 ORDER BY key LIMIT ${MAX_ACCOUNTS}`;

const ACCOUNTS_AFTER = 'SELECT key, version FROM account WHERE key > $1 AND key < $2 ORDER BY key LIMIT $3';
const COUNT_ACCOUNTS = 'SELECT count(*) AS n FROM account WHERE key > $1 AND key < $2';

/** The key finds the member's lots; the rest is told from them. Bounds are `after < x ≤ until`. */
const LOTS = `
SELECT ${LOT_COLUMNS} FROM lot
WHERE account > $1 AND account < $2 AND remaining >= $3 AND remaining <= $4
  AND ($5::text IS NULL OR account = $5) AND ($6::text IS NULL OR award = $6)
  AND available_at > $7::timestamptz AND available_at <= $8::timestamptz
  AND expires_at > $9::timestamptz AND expires_at <= $10::timestamptz AND (NOT $11 OR expires_at < 'infinity')
  AND (expires_at, earned_at, account, award, n) > ($12::timestamptz, $13::timestamptz, $14, $15, $16)
ORDER BY expires_at, earned_at, account, award, n LIMIT $17`;

/** With the lot's columns as `lot_…`; all of them NULL in the outer join's empty side. */
type MemberRow = AccountRow & { readonly log_position: number; readonly holds: readonly HoldJson[] | null } & (
    LotOfMember | { readonly lot_award: null }
  );
/** Instants are text in JSON. */
type HoldJson = Omit<HoldRow, 'at' | 'expires_at'> & { readonly at: string; readonly expires_at: string };
type LotOfMember = { readonly [Name in keyof LotRow as `lot_${Name}`]: LotRow[Name] };

export function ledgerReads(pool: Pool): BalanceReads & LotReads & AccountReads & Pick<HistoryReads, 'versionsOf'> {
  const versions = async (program: string, member: string): Promise<ReadonlyMap<string, number>> => {
    const found = await pool.query<{ key: string; version: number }>(VERSIONS, rangeOf(program, member));
    return new Map(found.rows.map(({ key, version }) => [key.slice(key.lastIndexOf('/') + 1), version]));
  };
  return {
    versionsOf: versions,
    accountsAfter: async (program, after, limit) =>
      (await pool.query<AccountPlace>(ACCOUNTS_AFTER, [after, `${program}0`, limit])).rows,
    countAccounts: async (program) => {
      const found = await pool.query<{ n: number }>(COUNT_ACCOUNTS, [`${program}/`, `${program}0`]);
      return Number(found.rows[0]?.n ?? 0);
    },
    accountsOf: async (program, member, partition, now) => {
      const found = await pool.query<MemberRow>({
        name: 'member-accounts',
        text: MEMBER,
        values: [...rangeOf(program, member), partition, now],
      });
      assert(found.rows.length <= MAX_OPEN_LOTS, `${member} has more than ${MAX_OPEN_LOTS} open lots`);
      return memberAccounts(found.rows);
    },
    lotsOf: async (program, member, page) => {
      const found = await pool.query<LotRow>(LOTS, lotsValues(program, member, page));
      return found.rows.map((row) => ({ ...lotOf(row), account: row.account }));
    },
  };
}

const PAST = '-infinity';
const FUTURE = 'infinity';

function lotsValues(program: string, member: string, { ranges, limit, after }: LotsPage): unknown[] {
  const { remaining, currency, award, availableAfter, availableUntil, expiresAfter, expiresUntil } = ranges;
  return [
    ...rangeOf(program, member),
    remaining === 'some' ? 1 : 0,
    remaining === 'none' ? 0 : Number.MAX_SAFE_INTEGER,
    currency === undefined ? null : accountKey(program, member, currency),
    award ?? null,
    availableAfter ?? PAST,
    availableUntil ?? FUTURE,
    expiresAfter ?? PAST,
    expiresUntil ?? FUTURE,
    expiresUntil !== undefined,
    after === undefined ? PAST : timestamp(after.expiresAt),
    after?.earnedAt ?? PAST,
    after?.account ?? '',
    after?.award ?? '',
    after?.n ?? -1,
    limit,
  ];
}

function memberAccounts(rows: readonly MemberRow[]): MemberAccounts {
  const accounts = new Map<string, { readonly account: Account; readonly lots: LotRow[] }>();
  for (const row of rows) {
    // The outer join's empty side: no account at all, or one without an open lot.
    if ((row.key as string | null) === null) continue;
    const entry = accounts.get(row.key) ?? { account: { ...accountOf(row), holds: holdsOf(row) }, lots: [] };
    accounts.set(row.key, entry);
    if (row.lot_award !== null) entry.lots.push(lotRowOf(row));
  }
  return {
    position: rows[0]?.log_position ?? 0,
    accounts: [...accounts.values()].map(({ account, lots }) => withOpenLots(account, lots)),
  };
}

const holdsOf = ({ holds }: MemberRow): Account['holds'] =>
  new Map(
    (holds ?? [])
      .map((row) => holdOf({ ...row, at: new Date(row.at), expires_at: new Date(row.expires_at) }))
      .map((hold) => [hold.id, hold]),
  );

const lotRowOf = (row: LotOfMember): LotRow => ({
  account: row.lot_account,
  award: row.lot_award,
  n: row.lot_n,
  granted: row.lot_granted,
  remaining: row.lot_remaining,
  held: row.lot_held,
  expired: row.lot_expired,
  pending: row.lot_pending,
  available_at: row.lot_available_at,
  expires_at: row.lot_expires_at,
  earned_at: row.lot_earned_at,
  extended: row.lot_extended,
  from_lot: row.lot_from_lot,
  award_revision: row.lot_award_revision,
  award_granted: row.lot_award_granted,
  award_forgiven: row.lot_award_forgiven,
});
