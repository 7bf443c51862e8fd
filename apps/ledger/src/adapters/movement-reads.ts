import { memberKey } from '@jifen/kernel';
import type { Hold, Redemption, Transfer } from '@jifen/ledger';
import type { ClientBase, Pool } from 'pg';
import type { MemberReads } from '../application/commands/currencies.ts';
import { ownerOf } from '../application/owner.ts';
import type { Found, MovementReads } from '../application/read-movements.ts';
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

/** Accounts that one id may be found in: a hold moves with merges. */
const MAX_FOUND = 100;

const byId = (table: string, columns: string): string => `
SELECT ${columns} FROM ${table} WHERE id = $1 AND starts_with(account, $2) LIMIT ${MAX_FOUND}`;
const HOLDS = byId('hold', HOLD_COLUMNS);
const REDEMPTIONS = byId('redemption', REDEMPTION_COLUMNS);
const TRANSFERS = byId('transfer', TRANSFER_COLUMNS);

/** Holds, redemptions and transfers by their ids, which are unique in the deployment. */
export function movementReads(pool: Pool): MovementReads {
  const find = async <Row extends { readonly account: string }, Value>(
    name: string,
    text: string,
    of: (row: Row) => Value,
    program: string,
    id: string,
  ): Promise<readonly Found<Value>[]> => {
    const { rows } = await pool.query<Row>({ name, text, values: [id, `${program}/`] });
    return rows.map((row) => ({ account: row.account, value: of(row) }));
  };
  return {
    hold: async (program, id) => {
      const found = await find<HoldRow, Hold>('hold-by-id', HOLDS, holdOf, program, id);
      // A hold that went to another member with a merge is where it went.
      return found.find(({ value }) => value.state !== 'moved') ?? found[0];
    },
    redemption: async (program, id) =>
      (await find<RedemptionRow, Redemption>('redemption-by-id', REDEMPTIONS, redemptionOf, program, id))[0],
    transfer: async (program, id) => {
      const found = await find<TransferRow, Transfer>('transfer-by-id', TRANSFERS, transferOf, program, id);
      return found.find(({ value }) => value.direction === 'out');
    },
  };
}

/** `0` follows `/` in the byte order: everything between the two begins with `program/member/`. */
const CURRENCIES = `
SELECT a.key FROM unnest($1::text[]) AS wanted (owner) CROSS JOIN LATERAL (
  SELECT key FROM account WHERE key > wanted.owner || '/' COLLATE "C" AND key < wanted.owner || '0' COLLATE "C" LIMIT 100) a`;

export const memberReads: MemberReads<ClientBase> = {
  currenciesOf: async (sql, owners) => {
    const { rows } = await sql.query<{ key: string }>(CURRENCIES, [[...owners]]);
    const found = new Map<string, string[]>();
    for (const { key } of rows) {
      const { program, member, currency } = ownerOf(key);
      const owner = memberKey(program, member);
      found.set(owner, [...(found.get(owner) ?? []), currency]);
    }
    return found;
  },
};
